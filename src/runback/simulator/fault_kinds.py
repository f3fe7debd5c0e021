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


class Kind(StrEnum):
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


class Sort(Enum):
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
            raise OutOfRange(f"{printable(text, CLIP)} is not within {low} to 512 octets")
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

    sort: Sort
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
SHAPES: Mapping[Kind, Shape] = MappingProxyType(
    {
        Kind.LOST_INDICATION: Shape(Sort.NEXT, "the command is carried out, its response never arrives"),
        Kind.LATE_INDICATION: Shape(
            Sort.NEXT,
            "the response arrives SECONDS late, overtaken by whatever comes meanwhile",
            "SECONDS",
            number=_SECONDS,
            default=2.0,
        ),
        Kind.DUPLICATE_INDICATION: Shape(Sort.NEXT, "the response arrives twice"),
        Kind.SLOW_PROCEDURE: Shape(
            Sort.NEXT,
            "the machine takes SECONDS to respond, and until then refuses writes with ATT error 0xFE",
            "SECONDS",
            number=_SECONDS,
            default=2.0,
        ),
        Kind.HUNG_WRITE: Shape(
            Sort.NEXT,
            "the write is never answered, nor anything after it on that connection; the machine ignores it, or obeys",
            "ignored|obeyed",
            words=("ignored", "obeyed"),
            default="ignored",
        ),
        Kind.ATT_ERROR: Shape(
            Sort.NEXT, "the write is refused with ATT error CODE", "CODE", number=_att_code, default=0x0E
        ),
        Kind.WANTS_PAIRING: Shape(
            Sort.SPAN,
            "it is not paired, and refuses with ATT error 0x0F to be heard at its control point, or to be read",
            "subscribe|read",
            words=("subscribe", "read"),
            default="subscribe",
        ),
        Kind.SPLIT_DATA: Shape(
            Sort.SPAN,
            "treadmill data comes in parts of at most OCTETS, with More Data",
            "OCTETS",
            number=_octets(7),
            default=16,
        ),
        Kind.TRUNCATED_DATA: Shape(
            Sort.SPAN,
            "treadmill data is cut at OCTETS without a word",
            "OCTETS",
            number=_octets(0),
            default=20,
        ),
        Kind.DEAD_TELEMETRY: Shape(Sort.SPAN, "no treadmill data"),
        Kind.CONTROL_TAKEN: Shape(Sort.MOMENT, "another controller takes control (status FF)", lasts=False),
        Kind.SAFETY_KEY: Shape(Sort.MOMENT, "the safety key is pulled; with DURATION it is put back after it"),
        Kind.CONSOLE_START: Shape(Sort.MOMENT, "somebody presses Start on the machine", lasts=False),
        Kind.CONSOLE_STOP: Shape(Sort.MOMENT, "somebody presses Stop on the machine", lasts=False),
        Kind.CONSOLE_PAUSE: Shape(Sort.MOMENT, "somebody presses Pause on the machine", lasts=False),
        Kind.CONSOLE_SPEED: Shape(
            Sort.MOMENT, "somebody sets KMH on the machine", "KMH", number=_between(0, 30, " km/h"), lasts=False
        ),
        Kind.CONSOLE_INCLINE: Shape(
            Sort.MOMENT,
            "somebody sets PERCENT of incline on the machine",
            "PERCENT",
            number=_between(-40, 40, " %"),
            lasts=False,
        ),
        Kind.LINK_LOSS: Shape(Sort.SPAN, "radio silence; the belt does not notice"),
        Kind.WRONG_SPEED: Shape(
            Sort.NEXT,
            "one record of treadmill data says KMH, whatever the belt does",
            "KMH",
            number=_between(0, 655.35, " km/h"),
            default=0.0,
        ),
        Kind.IGNORES_START: Shape(Sort.SPAN, "Start is answered with success, and nothing comes of it"),
        Kind.STARTS_LATE: Shape(
            Sort.SPAN,
            "Start moves the belt SECONDS after it has been answered, even if Stop has come in between",
            "SECONDS",
            number=_SECONDS,
            default=22.0,
        ),
        Kind.SURGE: Shape(
            Sort.SPAN, "the driven belt runs KMH above its target, unannounced", "KMH", number=_KMH, default=3.0
        ),
        Kind.REFUSES_STOP: Shape(
            Sort.SPAN,
            "Stop and Pause are answered with this result, and the belt runs on",
            "failed|success|unsupported",
            words=("failed", "success", "unsupported"),
            default="failed",
        ),
        Kind.SLOW_STOP: Shape(
            Sort.SPAN,
            "a stop slows the belt by KMH per second only",
            "KMH",
            number=_between(0.001, 30, " km/h per second"),
            default=0.1,
        ),
        Kind.CREEPS_AFTER_STOP: Shape(
            Sort.SPAN,
            "2 s after it came to rest the belt moves again, at KMH",
            "KMH",
            number=_KMH,
            default=1.0,
        ),
        Kind.STRAP_NO_CONTACT: Shape(Sort.SPAN, "the strap loses the skin: it says so, and repeats its last value"),
        Kind.STRAP_FROZEN: Shape(Sort.SPAN, "the strap repeats its last packet, and claims contact"),
        Kind.STRAP_SILENT: Shape(Sort.SPAN, "the strap says nothing; its link stays up"),
        Kind.STRAP_LOST: Shape(Sort.SPAN, "the strap is out of reach: its link is lost, it does not advertise"),
        Kind.STRAP_MISREADS: Shape(
            Sort.SPAN, "the strap tells BPM", "BPM", number=_between(0, 0xFFFF, " beats per minute"), default=0
        ),
        Kind.STRAP_NO_BEATS: Shape(Sort.SPAN, "the strap tells no RR intervals"),
        Kind.STRAP_TWO_OCTETS: Shape(Sort.SPAN, "the strap's value comes in 16 bits"),
        Kind.STRAP_NO_BITS: Shape(Sort.SPAN, "the strap cannot tell whether it touches the skin"),
        Kind.STEPS_OFF: Shape(
            Sort.SPAN,
            "the person steps off (no steps are counted, where they are); after DURATION on again",
        ),
    }
)
