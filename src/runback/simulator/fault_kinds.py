"""The kinds of fault: what each is called, takes and means. One table; nothing else knows. Those that begin with
`strap-` are the heart-rate strap's, on a clock of its own.

Three sorts:
    next    the first occasion at or after START; with DURATION every occasion within it
    moment  happens once, at START
    span    holds from START on; with DURATION only so long
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from types import MappingProxyType

from runback import number_parsing
from runback.config_files.error_text import CLIP, printable


class FaultKind(StrEnum):
    """Every kind of fault, as it is written."""

    LOST_INDICATION = "lost-indication"
    LATE_INDICATION = "late-indication"
    DUPLICATE_INDICATION = "duplicate-indication"
    SLOW_PROCEDURE = "slow-procedure"
    HUNG_WRITE = "hung-write"
    ATT_ERROR = "att-error"
    WANTS_PAIRING = "wants-pairing"
    SPLIT_DATA = "split-data"
    TRUNCATED_DATA = "truncated-data"
    DEAD_TELEMETRY = "dead-telemetry"
    CONTROL_TAKEN = "control-taken"
    SAFETY_KEY = "safety-key"
    CONSOLE_START = "console-start"
    CONSOLE_STOP = "console-stop"
    CONSOLE_PAUSE = "console-pause"
    CONSOLE_SPEED = "console-speed"
    CONSOLE_INCLINE = "console-incline"
    LINK_LOSS = "link-loss"
    WRONG_SPEED = "wrong-speed"
    IGNORES_START = "ignores-start"
    STARTS_LATE = "starts-late"
    SURGE = "surge"
    REFUSES_STOP = "refuses-stop"
    SLOW_STOP = "slow-stop"
    CREEPS_AFTER_STOP = "creeps-after-stop"
    STEPS_OFF = "steps-off"
    STRAP_NO_CONTACT = "strap-no-contact"
    STRAP_FROZEN = "strap-frozen"
    STRAP_SILENT = "strap-silent"
    STRAP_LOST = "strap-lost"
    STRAP_MISREADS = "strap-misreads"
    STRAP_NO_BEATS = "strap-no-beats"
    STRAP_TWO_OCTETS = "strap-two-octets"
    STRAP_NO_BITS = "strap-no-bits"

    @property
    def of_strap(self) -> bool:
        """Whether it is a heart-rate strap's; all others are the treadmill's."""
        return self.startswith("strap-")


class FaultTiming(Enum):
    """When a fault happens."""

    NEXT = "next"
    MOMENT = "moment"
    SPAN = "span"


class OutOfRange(ValueError):
    """A number, but not one that can be meant."""


def _between(low: float, high: float, unit: str) -> Callable[[str], float]:
    def read(text: str) -> float:
        number = number_parsing.decimal(text)
        if number is None:
            raise ValueError(text)
        value = float(number)
        if not low <= value <= high:
            raise OutOfRange(f"{printable(text, CLIP)} is not within {low:g} to {high:g}{unit}")
        return value

    return read


def _octets(low: int) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = number_parsing.whole(text)
        if value is None:
            raise ValueError(text)
        if not low <= value <= 512:
            raise OutOfRange(f"{printable(text, CLIP)} is not within {low} to 512 bytes")
        return value

    return read


def _att_code(text: str) -> float:
    digits = re.fullmatch(r"0x([0-9a-fA-F]{1,8})", text)
    value = number_parsing.whole(text) if digits is None else int(digits[1], 16)
    if value is None:
        raise ValueError(text)
    if not 0x01 <= value <= 0xFF:
        raise OutOfRange(f"{printable(text, CLIP)} is not within 0x01 to 0xFF")
    return value


@dataclass(frozen=True, slots=True)
class Shape:
    """What a kind of fault looks like and means. `default` None with an argument: it must be given."""

    sort: FaultTiming
    help: str
    argument: str = ""
    """What the argument is called; empty: there is none."""
    number: Callable[[str], float] | None = None
    words: tuple[str, ...] = ()
    default: float | str | None = None
    lasts: bool = True
    """Whether DURATION means anything."""


_SECONDS = _between(0.001, 3600, " s")
_KMH = _between(0.1, 30, " km/h")
SHAPES: Mapping[FaultKind, Shape] = MappingProxyType(
    {
        FaultKind.LOST_INDICATION: Shape(FaultTiming.NEXT, "the command is carried out, its response never arrives"),
        FaultKind.LATE_INDICATION: Shape(
            FaultTiming.NEXT,
            "the response arrives SECONDS late, overtaken by whatever comes meanwhile",
            "SECONDS",
            number=_SECONDS,
            default=2.0,
        ),
        FaultKind.DUPLICATE_INDICATION: Shape(FaultTiming.NEXT, "the response arrives twice"),
        FaultKind.SLOW_PROCEDURE: Shape(
            FaultTiming.NEXT,
            "the machine takes SECONDS to respond, and until then refuses writes with ATT error 0xFE",
            "SECONDS",
            number=_SECONDS,
            default=2.0,
        ),
        FaultKind.HUNG_WRITE: Shape(
            FaultTiming.NEXT,
            "the write is never answered, nor anything after it on that connection; the machine ignores it, or obeys",
            "ignored|obeyed",
            words=("ignored", "obeyed"),
            default="ignored",
        ),
        FaultKind.ATT_ERROR: Shape(
            FaultTiming.NEXT, "the write is refused with ATT error CODE", "CODE", number=_att_code, default=0x0E
        ),
        FaultKind.WANTS_PAIRING: Shape(
            FaultTiming.SPAN,
            "it is not paired, and refuses with ATT error 0x0F to be heard at its control point, or to be read",
            "subscribe|read",
            words=("subscribe", "read"),
            default="subscribe",
        ),
        FaultKind.SPLIT_DATA: Shape(
            FaultTiming.SPAN,
            "treadmill data comes in parts of at most BYTES, with More Data",
            "BYTES",
            number=_octets(7),
            default=16,
        ),
        FaultKind.TRUNCATED_DATA: Shape(
            FaultTiming.SPAN,
            "treadmill data is cut at BYTES without notice",
            "BYTES",
            number=_octets(0),
            default=20,
        ),
        FaultKind.DEAD_TELEMETRY: Shape(FaultTiming.SPAN, "no treadmill data"),
        FaultKind.CONTROL_TAKEN: Shape(FaultTiming.MOMENT, "another controller takes control (status FF)", lasts=False),
        FaultKind.SAFETY_KEY: Shape(
            FaultTiming.MOMENT, "the safety key is pulled; with DURATION it is put back after it"
        ),
        FaultKind.CONSOLE_START: Shape(FaultTiming.MOMENT, "somebody presses Start on the machine", lasts=False),
        FaultKind.CONSOLE_STOP: Shape(FaultTiming.MOMENT, "somebody presses Stop on the machine", lasts=False),
        FaultKind.CONSOLE_PAUSE: Shape(FaultTiming.MOMENT, "somebody presses Pause on the machine", lasts=False),
        FaultKind.CONSOLE_SPEED: Shape(
            FaultTiming.MOMENT, "somebody sets KMH on the machine", "KMH", number=_between(0, 30, " km/h"), lasts=False
        ),
        FaultKind.CONSOLE_INCLINE: Shape(
            FaultTiming.MOMENT,
            "somebody sets PERCENT of incline on the machine",
            "PERCENT",
            number=_between(-40, 40, " %"),
            lasts=False,
        ),
        FaultKind.LINK_LOSS: Shape(FaultTiming.SPAN, "radio silence; the belt does not notice"),
        FaultKind.WRONG_SPEED: Shape(
            FaultTiming.NEXT,
            "one record of treadmill data says KMH, whatever the belt does",
            "KMH",
            number=_between(0, 655.35, " km/h"),
            default=0.0,
        ),
        FaultKind.IGNORES_START: Shape(FaultTiming.SPAN, "Start is answered with success, and does nothing"),
        FaultKind.STARTS_LATE: Shape(
            FaultTiming.SPAN,
            "Start moves the belt SECONDS after it has been answered, even if Stop has come in between",
            "SECONDS",
            number=_SECONDS,
            default=22.0,
        ),
        FaultKind.SURGE: Shape(
            FaultTiming.SPAN, "the driven belt runs KMH above its target, unannounced", "KMH", number=_KMH, default=3.0
        ),
        FaultKind.REFUSES_STOP: Shape(
            FaultTiming.SPAN,
            "Stop and Pause are answered with this result, and the belt runs on",
            "failed|success|unsupported",
            words=("failed", "success", "unsupported"),
            default="failed",
        ),
        FaultKind.SLOW_STOP: Shape(
            FaultTiming.SPAN,
            "a stop slows the belt by KMH per second only",
            "KMH",
            number=_between(0.001, 30, " km/h per second"),
            default=0.1,
        ),
        FaultKind.CREEPS_AFTER_STOP: Shape(
            FaultTiming.SPAN,
            "2 s after it came to rest the belt moves again, at KMH",
            "KMH",
            number=_KMH,
            default=1.0,
        ),
        FaultKind.STRAP_NO_CONTACT: Shape(
            FaultTiming.SPAN, "the strap loses the skin: it says so, and repeats its last value"
        ),
        FaultKind.STRAP_FROZEN: Shape(FaultTiming.SPAN, "the strap repeats its last packet, and claims contact"),
        FaultKind.STRAP_SILENT: Shape(FaultTiming.SPAN, "the strap sends nothing; its link stays up"),
        FaultKind.STRAP_LOST: Shape(
            FaultTiming.SPAN, "the strap is out of reach: its link is lost, it does not advertise"
        ),
        FaultKind.STRAP_MISREADS: Shape(
            FaultTiming.SPAN, "the strap tells BPM", "BPM", number=_between(0, 0xFFFF, " beats per minute"), default=0
        ),
        FaultKind.STRAP_NO_BEATS: Shape(FaultTiming.SPAN, "the strap tells no RR intervals"),
        FaultKind.STRAP_TWO_OCTETS: Shape(FaultTiming.SPAN, "the strap's value comes in 16 bits"),
        FaultKind.STRAP_NO_BITS: Shape(FaultTiming.SPAN, "the strap cannot tell whether it touches the skin"),
        FaultKind.STEPS_OFF: Shape(
            FaultTiming.SPAN,
            "the person steps off (no steps are counted, where they are); after DURATION on again",
        ),
    }
)
