"""From a treadmill's profile to what the machine core and the session need to know: the one place where both are met.

Rules:
- Words become words; nothing here asks for a profile's name.
- What must not be driven from here is not: then the person sets the speed at the app's word, by what the belt is seen
  to do, or, where it cannot be seen, by the clock (`by_hand`).
- What a profile does not know stays unknown, and is treated with care by the core.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from runback.devices.data import Data
from runback.devices.identity import Identity
from runback.devices.link import UnlockWrite, payload
from runback.devices.matching import choose
from runback.devices.profile import Profile, ProfileEntry
from runback.devices.quirk_values import (
    Acknowledged,
    ControlRequests,
    DataSource,
    InclineCode,
    Ready,
    RequestAnswer,
    SendTime,
    SpinUp,
    StopPaused,
    WireUnit,
    WriteType,
)
from runback.ftms import assigned_numbers
from runback.link.protocol import Properties, Services
from runback.machine import quirks
from runback.machine.incline_unit import InclineConverter, InclineUnit
from runback.machine.procedure import START_WITHIN
from runback.machine.quirks import ROUSE_AFTER, AckEvidence, ControlRequestPolicy, MachineQuirks, StartAuthority, Unlock
from runback.session.announcements import PERSON_LEAD
from runback.session.model import ManualMode

_CLAIMS = {
    ControlRequests.ONCE: ControlRequestPolicy.ONCE,
    ControlRequests.TWICE: ControlRequestPolicy.TWICE,
    ControlRequests.EACH: ControlRequestPolicy.EACH,
    ControlRequests.NEVER: ControlRequestPolicy.NEVER,
    ControlRequests.UNSAFE: ControlRequestPolicy.STARTS,
}
_PROOFS = {Acknowledged.STATUS: AckEvidence.STATUS, Acknowledged.TELEMETRY: AckEvidence.BELT}
_UNITS = {WireUnit.KMH: quirks.ReportedUnit.KMH, WireUnit.MPH: quirks.ReportedUnit.MPH}
_SCALES = {
    InclineCode.PERCENT: InclineUnit.PERCENT,
    InclineCode.LEVEL: InclineUnit.LEVEL,
    InclineCode.OFFSET_16: InclineUnit.OFFSET_16,
    InclineCode.DEGREES: InclineUnit.DEGREES,
}
AFTER_COUNTDOWN = 5.0
"""Seconds that a belt may stand after its start countdown before it is told its slowest speed."""
_UNCLAIMED = frozenset({RequestAnswer.UNANSWERED, RequestAnswer.REFUSED})


@dataclass(frozen=True, slots=True)
class ProfileCatalog:
    """The profiles to choose from, and the one the person named."""

    entries: Sequence[ProfileEntry]
    named: str | None = None
    strangers: bool = True
    """Whether a machine that no profile describes may be driven. It may always be read, and stopped."""

    def choose(self, identity: Identity) -> Profile:
        """The profile of the machine. Raises DeviceError: several fit, or the named one is broken or none."""
        return choose(identity, self.entries, self.named)


def habits_of(profile: Profile, name: str, services: Services) -> MachineQuirks:
    """How the machine that advertises `name` and offers `services` wants to be talked to."""
    control, start, speed, preamble = profile.control, profile.start, profile.speed, profile.preamble
    return MachineQuirks(
        gap=profile.link.gap or 0.0,
        key=control.key or b"",
        claim=_CLAIMS[control.request_control],
        obeys_unclaimed=control.request_answer in _UNCLAIMED,
        proof=_proof(profile),
        start_by=_start_by(profile),
        start_within=_start_within(profile),
        rouse_after=_rouse_after(profile),
        ready_by_status=start.ready is Ready.TRAINING_STATUS,
        keepalive=profile.link.keepalive,
        pause_by_stop=profile.stop.pause_supported is False,
        tells_incline=profile.incline.feedback is not False,
        stop_by_hand=profile.stop.supported is False,
        stop_starts=profile.stop.while_paused is StopPaused.STARTS,
        write_unit=_unit(speed.write_unit),
        read_unit=_unit(speed.read_unit),
        inclines=inclines_of(profile),
        unlock=tuple(_unlock(step, name) for step in profile.unlock),
        preamble=None
        if preamble is None
        else _vendor(preamble.characteristic, preamble.octets, services, wants_response=False),
        preamble_once=preamble is not None and preamble.when is SendTime.ONCE,
        speed_from_rsc=_tells_by_rsc(profile.data) and assigned_numbers.RSC_MEASUREMENT in services,
        step_octets=profile.data.step_octets or 0,
        blind=unseen(profile, services),
    )


def by_hand(profile: Profile | None, services: Services, *, controllable: bool) -> ManualMode:
    """What the person has to do at the treadmill."""
    if profile is not None and unseen(profile, services):
        return ManualMode.UNSEEN
    if not controllable or (profile is not None and profile.prompts):
        return ManualMode.EVERYTHING
    return ManualMode.NOTHING if profile is None or _start_by(profile) is StartAuthority.CLIENT else ManualMode.START


def unseen(profile: Profile, services: Services) -> bool:
    """Whether the machine says nothing of its belt, or will not be listened to (quirks 10, 38)."""
    return profile.blind or is_left_alone(profile) or not (profile.protocol.ftms or tells(services))


def tells(services: Services) -> bool:
    """Whether there is anything to hear of a belt."""
    heard = services.get(assigned_numbers.TREADMILL_DATA, frozenset()) | services.get(
        assigned_numbers.RSC_MEASUREMENT, frozenset()
    )
    return bool({"notify", "indicate"} & heard)


def is_left_alone(profile: Profile) -> bool:
    """Whether it is let go of at once: it drops whoever does not write what nobody has published (10), or the person
    has to press its START, and that does nothing while somebody is connected (18)."""
    pressed = profile.prompts or _start_by(profile) is StartAuthority.CONSOLE
    return profile.link.needs_unknown_writes or (profile.start.console_blocked and pressed)


def is_controllable(profile: Profile | None, control: Properties) -> bool:
    """Whether its control point may be written at all."""
    offered = bool({"write", "write-without-response"} & control)
    return offered and (profile is None or (profile.protocol.ftms and not is_left_alone(profile)))


def write_response(profile: Profile | None, control: Properties) -> bool:
    """Whether the control point is written with response (quirk 1)."""
    wanted = None if profile is None else profile.control.write_type
    return "write" in control or not control if wanted is None else wanted is WriteType.REQUEST


def listens_to(profile: Profile) -> tuple[str, ...]:
    """The characteristics to subscribe to beside the usual ones."""
    replies = tuple(step.reply_on for step in profile.unlock if step.reply_on is not None)
    return (*replies, assigned_numbers.RSC_MEASUREMENT) if _tells_by_rsc(profile.data) else replies


def inclines_of(profile: Profile | None) -> InclineConverter:
    """What it counts inclines in (quirk 27)."""
    if profile is None:
        return InclineConverter()
    return InclineConverter(_SCALES[profile.incline.code], profile.incline.per_level or 0)


def may_write(profile: Profile | None) -> frozenset[str]:
    """Every characteristic that may ever be written on this machine (quirk 43)."""
    if profile is None:
        return frozenset({assigned_numbers.FITNESS_MACHINE_CONTROL_POINT})
    named = {step.characteristic for step in profile.unlock}
    if profile.preamble is not None:
        named.add(profile.preamble.characteristic)
    named.add(assigned_numbers.FITNESS_MACHINE_CONTROL_POINT)
    return frozenset(named - set(profile.protocol.never_write))


def _rouse_after(profile: Profile) -> float | None:
    """When a belt that stands after its start is thought to wait for a speed (52): with the three seconds of the
    announcement 5 s after its countdown; at once where that is known of it; never where a speed that is written before
    the belt moves may drop the link (16)."""
    start = profile.start
    if start.spin_up is SpinUp.DROPS:
        return None
    if start.needs_target:
        return start.countdown or 0.0
    return ROUSE_AFTER if start.countdown is None else start.countdown + AFTER_COUNTDOWN - PERSON_LEAD


def _start_within(profile: Profile) -> float:
    """The longest a start may take; a belt that has to be told its speed first gets the time to move after that."""
    start = profile.start
    told_at = 0.0 if start.countdown is None else start.countdown + AFTER_COUNTDOWN
    return max(START_WITHIN, start.moves_within or 0.0, told_at + AFTER_COUNTDOWN)


def _proof(profile: Profile) -> AckEvidence:
    control = profile.control
    if control.success_trusted is False:
        return AckEvidence.BELT
    return AckEvidence.ANY if control.acknowledged_by is None else _PROOFS.get(control.acknowledged_by, AckEvidence.ANY)


def _start_by(profile: Profile) -> StartAuthority:
    if profile.start.console_first:
        return StartAuthority.CONSOLE_FIRST
    return StartAuthority.CONSOLE if profile.start.remote is False else StartAuthority.CLIENT


def _unit(unit: WireUnit | None) -> quirks.ReportedUnit:
    return quirks.ReportedUnit.UNKNOWN if unit is None else _UNITS.get(unit, quirks.ReportedUnit.UNKNOWN)


def _tells_by_rsc(data: Data) -> bool:
    return data.source in (DataSource.RSC, DataSource.BOTH)


def _unlock(step: UnlockWrite, name: str) -> Unlock:
    write = quirks.VendorWrite(step.characteristic, payload(step, name), step.with_response)
    return Unlock(write, step.reply_on, step.reply or b"", step.wait)


def _vendor(uuid: str, data: bytes, services: Services, *, wants_response: bool) -> quirks.VendorWrite:
    offered = services.get(uuid, frozenset())
    return quirks.VendorWrite(uuid, data, wants_response or "write-without-response" not in offered)
