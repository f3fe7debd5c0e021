"""The words of a profile: every quirk that has more than two faces, enumerated. Numbers are those of quirks.md.

Rules: what is not known is left out of a profile (None), never guessed; so no enumeration has a word for it.
"""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """How well something is known, best first."""

    OBSERVED = "observed-here"  # on this very treadmill, by `runback commission`
    CAPTURE = "capture"
    OWNER_REPORT = "owner-report"
    THIRD_PARTY_CODE = "third-party-code"
    INFERRED = "inferred"


class Pairing(StrEnum):
    """Whether the machine wants to be paired with."""

    NONE = "none"
    NEEDED = "needed"


class TooFast(StrEnum):
    """What comes of a write that follows another too soon (42)."""

    BEEPS = "beeps"
    IGNORED = "ignored"
    DROPS = "drops"


class OnDisconnect(StrEnum):
    """What the belt does when the link ends (44)."""

    RUNS_ON = "runs-on"
    STOPS = "stops"


class WriteType(StrEnum):
    """How the control point is written: with an ATT response, or without (1)."""

    REQUEST = "request"
    COMMAND = "command"


class ResponseBy(StrEnum):
    """How the control point responds (2)."""

    INDICATION = "indication"
    NOTIFICATION = "notification"


class ControlRequests(StrEnum):
    """When Request Control (00) is to be written (3, 7, 14)."""

    ONCE = "once"
    NEVER = "never"
    EACH = "each"
    TWICE = "twice"
    UNSAFE = "unsafe"


class RequestAnswer(StrEnum):
    """What becomes of Request Control (3)."""

    GRANTED = "granted"
    UNANSWERED = "unanswered"
    REFUSED = "refused"


class Acknowledged(StrEnum):
    """What says that a command has been taken (4, 5)."""

    RESPONSE = "response"
    STATUS = "status"
    EITHER = "either"
    TELEMETRY = "telemetry"


class SendTime(StrEnum):
    """How often a preamble is written (7)."""

    ONCE = "once"
    EACH = "each"


class Payload(StrEnum):
    """How the bytes of an unlocking write are made (6)."""

    LITERAL = "literal"
    NAME_PLUS_ONE = "name-plus-one"


class RepeatedStart(StrEnum):
    """What Start (07) does to a belt that runs (11, 12, 13)."""

    REFUSED = "refused"
    IDEMPOTENT = "idempotent"
    TOGGLE = "toggle"
    RESTARTS = "restarts"
    PAUSES = "pauses"
    SLOWS = "slows"
    KEEPALIVE = "keepalive"


class SpinUp(StrEnum):
    """What comes of a target speed written between Start and the first movement (16)."""

    ACCEPTED = "accepted"
    FAILED = "failed"
    NOT_PERMITTED = "not-permitted"
    DROPS = "drops"


class Ready(StrEnum):
    """What says that the belt takes a target speed after Start (16)."""

    SPEED = "speed"
    TRAINING_STATUS = "training-status"


class Resume(StrEnum):
    """The speed after a pause (19)."""

    MINIMUM = "minimum"
    PREVIOUS = "previous"


class StopPaused(StrEnum):
    """What Stop (08 01) does to a belt that is paused (19)."""

    ENDS = "ends"
    STARTS = "starts"


class Refusal(StrEnum):
    """What a machine answers to a target it will not take (20, 26, 28)."""

    NOT_SUPPORTED = "not-supported"
    INVALID = "invalid"
    FAILED = "failed"
    SILENT = "silent"


class WireUnit(StrEnum):
    """What a speed on the wire is counted in hundredths of (22, 23); `console`: whichever the console is set to."""

    KMH = "km/h"
    MPH = "mph"
    CONSOLE = "console"


class Trust(StrEnum):
    """Whose increment holds: the one the machine reports, or the profile's (24)."""

    MACHINE = "machine"
    PROFILE = "profile"


class Rounding(StrEnum):
    """Where a speed between two increments goes (24)."""

    NEAREST = "nearest"
    TRUNCATED = "truncated"


class InclineCode(StrEnum):
    """What an incline on the wire means (27)."""

    PERCENT = "percent"
    LEVEL = "level"
    OFFSET_16 = "offset-16"
    DEGREES = "degrees"


class DataSource(StrEnum):
    """Where the measured speed is found (38, 39)."""

    FTMS = "ftms"
    RSC = "rsc"
    BOTH = "both"
    NOTHING = "nothing"


class Reads(StrEnum):
    """What becomes of a read (10, 35)."""

    EMPTY = "empty"
    FAIL = "fail"
