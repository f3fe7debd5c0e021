"""Every error runback raises on purpose, as one tree.

    RunbackError
    ├── BeltNotSeen           the program failed, and the belt was not seen at rest (exit code 4)
    ├── InputError            what a person gave is wrong: where, what, and the hint (exit code 2)
    │   ├── WorkoutError      a workout file or one-line workout
    │   ├── DeviceError       a treadmill profile
    │   ├── SettingsError     a setting in the file or the environment
    │   ├── PlanError         a plan file, or a record that a plan reads
    │   └── JournalError      the journal, or a session asked of it
    │       └── JournalNotFound it does not exist yet
    ├── CodecError            bytes that are not what their characteristic says
    ├── StartRefused          what has to be there before a belt may start is not (exit code 7)
    ├── LimitError            a target the safety gate or the machine refuses
    └── LinkError             the radio link, or what carries it (exit code 5, where not said otherwise)
        ├── TreadmillNotFound nothing by that name or address answers (exit code 2)
        ├── AdapterUnavailable no Bluetooth here, or it is off (exit code 2)
        ├── LinkLost          the connection ended, or never came up
        ├── LinkTimeout       no answer within the bound
        ├── PairingWanted     it obeys only a computer that is paired with it
        ├── LinkBusy          a connection attempt failed in a way that passes
        ├── NoServices        connected, but what the treadmill offers was not to be had
        └── AttError          the machine answered with an ATT error code

Errors carry their data as attributes; the text is made from them, in one line.
"""

from __future__ import annotations

PAIR_FIRST = (
    "this treadmill wants to be paired with this computer first: `bluetoothctl pair ADDRESS` "
    "(`runback scan` tells the address), or the desktop's Bluetooth settings; then try again"
)
_UNPAIRED = frozenset({0x05, 0x0C, 0x0F})
"""ATT errors Insufficient Authentication, Insufficient Encryption Key Size, Insufficient Encryption (Core vol 3 F
3.4.1.1): what a link that is not paired is refused with."""


class RunbackError(Exception):
    """The root: catch this at the edge of the program, and nowhere else."""


class InputError(RunbackError):
    """Something a person wrote is wrong.

    `where` names the place (a file and its key, an option, a column), `what` the fault, `hint` what to do.
    """

    def __init__(self, where: str, what: str, hint: str) -> None:
        super().__init__(where, what, hint)
        self.where = where
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.hint}"


class WorkoutError(InputError):
    """A workout that cannot be walked or run as written."""


class DeviceError(InputError):
    """A treadmill profile that cannot be used."""


class JournalError(InputError):
    """A journal that cannot be read or written as it is, or a session that is not in it."""


class JournalNotFound(JournalError):
    """There is no journal yet, or nothing in it."""


class SettingsError(InputError):
    """A setting that is none, or cannot be what was set."""


class PlanError(InputError):
    """A plan that cannot be followed as written, or a record (a check-in, a session) that cannot be."""


class BeltNotSeen(RunbackError):
    """The program failed with a belt that it had moved, and nobody has seen that belt at rest since. `why` is what
    failed."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return f"{self.why}; the belt was not seen at rest: STEP OFF, pull the safety key"


class CodecError(RunbackError):
    """Bytes that cannot be read as the characteristic they came from.

    `characteristic` is the specification's name, `data` the bytes, `reason` why.
    """

    def __init__(self, characteristic: str, data: bytes, reason: str) -> None:
        super().__init__(characteristic, data, reason)
        self.characteristic = characteristic
        self.data = data
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.characteristic}: {self.reason} (bytes: {self.data.hex() or 'none'})"


class StartRefused(RunbackError):
    """The belt was not started: what would stop it if this program cannot is not there. Nothing was moved."""


class LimitError(RunbackError):
    """A target outside what is allowed. `asked`, `low` and `high` are in the wire's unit of `quantity`
    (speed 0.01 km/h, incline 0.1 %); `layer` names the limit that refused."""

    def __init__(self, quantity: str, asked: int, low: int, high: int, layer: str) -> None:
        super().__init__(quantity, asked, low, high, layer)
        self.quantity = quantity
        self.asked = asked
        self.low = low
        self.high = high
        self.layer = layer

    def __str__(self) -> str:
        scale, unit = (100, "km/h") if self.quantity == "speed" else (10, "%")
        return (
            f"{self.quantity} {self.asked / scale:g} {unit} is outside "
            f"{self.low / scale:g} to {self.high / scale:g} {unit} ({self.layer})"
        )


class LinkError(RunbackError):
    """The link to the treadmill, or the Bluetooth system under it, failed. `reason` says how."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TreadmillNotFound(LinkError):
    """No treadmill by that name or address was found."""


class AdapterUnavailable(LinkError):
    """This computer has no usable Bluetooth adapter, or it is powered off."""


class LinkLost(LinkError):
    """The connection is gone."""


class LinkTimeout(LinkError):
    """The link did not answer within its bound."""


class PairingWanted(LinkError):
    """The treadmill lets itself be controlled only by a computer that is paired with it."""

    def __init__(self) -> None:
        super().__init__(PAIR_FIRST)


class LinkBusy(LinkError):
    """Connecting failed in a way that passes: the next attempt may work."""


class NoServices(LinkError):
    """The connection is there, and none of what the treadmill offers is (bluez.md 14)."""


class AttError(LinkError):
    """The treadmill refused an attribute operation. `code` is the ATT error code (Core vol 3 F 3.4.1.1;
    FTMS adds 0xFD, 0xFE, 0xFC, 0xFF; S0 table 4.24)."""

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(reason or f"ATT error 0x{code:02X}")
        self.code = code

    @property
    def wants_pairing(self) -> bool:
        """Whether the same would be granted to a computer that is paired."""
        return self.code in _UNPAIRED
