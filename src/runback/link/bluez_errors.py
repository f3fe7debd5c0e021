"""What D-Bus and BlueZ call their failures, in our words. Knows no bleak: it is given names and texts.

Source of the names: BlueZ doc/org.bluez.GattCharacteristic.rst and the D-Bus specification's error list; what 5.66
answers in practice: reference bluez.md.
"""

from __future__ import annotations

from runback.errors import AdapterUnavailable, AttError, LinkBusy, LinkError, LinkLost

IN_PROGRESS = "org.bluez.Error.InProgress"
"""BlueZ is busy with another operation of the same kind; the same request will pass a little later."""

NOT_PERMITTED = "org.bluez.Error.NotPermitted"
"""BlueZ's name for several refusals; its text tells them apart ("Not paired")."""
_NOT_READY = "org.bluez.Error.NotReady"
_FAILED = "org.bluez.Error.Failed"

UNLIKELY_ERROR = 0x0E
"""ATT Unlikely Error; also what BlueZ answers when the machine did not, or the link fell under it (bluez.md 4, 8)."""

TURN_ON = "turn Bluetooth on (bluetoothctl power on, or the desktop's switch)"
FORGET = "let the system forget it (bluetoothctl remove ADDRESS), then try again"
START = "start the Bluetooth service (systemctl start bluetooth)"
GIVE_LEAVE = "allow this program to use Bluetooth in the system's settings (Linux: the group bluetooth)"

_NO_DAEMON = frozenset(
    f"org.freedesktop.DBus.Error.{name}"
    for name in ("ServiceUnknown", "NameHasNoOwner", "NoReply", "Disconnected", "Spawn.ChildExited", "Spawn.Failed")
)
_NO_OBJECT = frozenset(
    f"org.freedesktop.DBus.Error.{name}" for name in ("UnknownObject", "UnknownMethod", "UnknownInterface")
)
_REFUSALS = {
    NOT_PERMITTED: 0x05,  # what bleak leaves of it: "Not paired", Insufficient Authentication
    "org.bluez.Error.NotAuthorized": 0x08,
    "org.bluez.Error.NotSupported": 0x06,
    "org.bluez.Error.InvalidOffset": 0x07,
    "org.bluez.Error.InvalidValueLength": 0x0D,
    "org.bluez.Error.InvalidArguments": 0x0D,
}
"""BlueZ error name to the ATT error it stands for, where bleak leaves the translation to its caller."""


def of_operation(name: str, text: str, device: str = "the treadmill") -> LinkError:
    """What a failed read, write, subscription or connection to `device` means. `name` is the D-Bus error, `text` its
    message."""
    if name in _NO_DAEMON:
        return LinkLost("the Bluetooth service does not answer")
    if name in _NO_OBJECT:
        return LinkLost(f"the Bluetooth service no longer knows {device}")
    # BlueZ says it by its name or, as a mere failure, by its text.
    if name == "org.bluez.Error.NotConnected" or text == "Not connected":
        return LinkLost(f"{device} is not connected")
    if name == NOT_PERMITTED and text and "paired" not in text.lower():
        return LinkError(f"Bluetooth: {text}")  # not the machine's refusal: another program has the notifications
    if name in _REFUSALS:
        return AttError(_REFUSALS[name], f"refused: {text or name.rpartition('.')[2]}")
    return LinkError(f"Bluetooth: {text or 'failed'} ({name.rpartition('.')[2]})")


def of_connection(name: str, text: str, device: str = "the treadmill") -> LinkError:
    """What a failed attempt to connect to `device` means. Most pass: another connection is being made, the radio was
    disturbed (bluez.md 15: InProgress; Failed with "Software caused connection abort", "Input/output error",
    "le-connection-abort-by-local")."""
    if name == _NOT_READY:
        return AdapterUnavailable(f"Bluetooth is off; {TURN_ON}")
    # Taken for a classic device: no number of attempts changes that, the user has to (15).
    if text.startswith("br-connection-profile"):
        return LinkError(f"this computer takes {device} for another kind of Bluetooth device; {FORGET} ({text})")
    if name in (IN_PROGRESS, _FAILED, "org.bluez.Error.AlreadyConnected"):
        return LinkBusy(f"connecting to {device} failed ({text or name.rpartition('.')[2]})")
    return of_operation(name, text, device)


def of_adapter(name: str, text: str) -> LinkError:
    """What a failure before any device was talked to means: the service, the adapter, the leave to use them."""
    if name in _NO_DAEMON:
        return AdapterUnavailable(f"the Bluetooth service is not running; {START}")
    if name == _NOT_READY:
        return AdapterUnavailable(f"Bluetooth is off; {TURN_ON}")
    if name == "org.freedesktop.DBus.Error.AccessDenied":
        return AdapterUnavailable(f"the system denies Bluetooth to this program; {GIVE_LEAVE}")
    if name in _NO_OBJECT:
        return AdapterUnavailable("the Bluetooth adapter is gone; plug it in again")
    return LinkLost(f"Bluetooth: {text or 'failed'} ({name.rpartition('.')[2]})")
