"""A profile's twin: a simulated treadmill that misbehaves as a real one is known to.

Rules:
- Everything comes from the profile's data; nothing here asks which profile it is.
- What a profile does not say, the twin does as the specification has it, or as the default machine does.
- Where a profile says `console`, the twin's console stands on miles: the case that hurts.
- The bytes are the simulator's own; only the words are the profile's.
"""

from __future__ import annotations

from runback.devices.link import Preamble, UnlockWrite
from runback.devices.profile import Profile
from runback.devices.quirk_values import (
    Acknowledged,
    ControlRequests,
    DataSource,
    OnDisconnect,
    Payload,
    Reads,
    Ready,
    Refusal,
    RequestAnswer,
    ResponseBy,
    Resume,
    Rounding,
    SendTime,
    StopPaused,
    WireUnit,
    WriteType,
)
from runback.devices.speed_incline import Incline, Speed
from runback.simulator import encoding
from runback.simulator.gatt import Property
from runback.simulator.quirks import AccessRules, ReportFormat, SimulatedQuirks, StepOctets, UnlockStep, VendorAttribute
from runback.simulator.spec import MachineSpec, ReportField

PATIENCE = 5.0
"""Seconds until a machine that wants vendor writes drops whoever does not make them; only "a short while" is known."""
SETTLES = 4.0
"""Seconds for which a belt that waits with its Training Status moves before; nobody has measured it."""
_ALL_FIELDS = sum(ReportField)
_INFORMATION = frozenset({encoding.MODEL, encoding.SERIAL, encoding.FIRMWARE, encoding.MANUFACTURER})


def twin(profile: Profile, *, jitter: float = 0.0, seed: int = 0) -> MachineSpec:
    """The machine that `profile` describes."""
    usual = MachineSpec()
    match, start, link = profile.match, profile.start, profile.link
    speed_min, speed_max, speed_step = _speeds(profile.speed, usual)
    incline_min, incline_max, incline_step = _inclines(profile.incline, usual)
    flags = profile.data.flags
    firmware = [*match.firmware, *(each for one in profile.evidence for each in one.firmware)]
    return MachineSpec(
        name=None if match.anonymous else _name(profile),
        manufacturer=match.manufacturer[0] if match.manufacturer else usual.manufacturer,
        model=match.model[0] if match.model else profile.title,
        firmware=firmware[0] if firmware else usual.firmware,
        speed_min=speed_min,
        speed_max=speed_max,
        speed_increment=speed_step,
        incline_min=incline_min,
        incline_max=incline_max,
        incline_increment=incline_step,
        fields=usual.fields if flags is None else ReportField(flags & _ALL_FIELDS),
        stop_deceleration=profile.stop.deceleration or usual.stop_deceleration,
        countdown=usual.countdown if start.countdown is None else start.countdown,
        resumes_previous=start.resume is Resume.PREVIOUS,
        jitter=jitter,
        seed=seed,
        max_clients=link.clients or usual.max_clients,
        control_point=_control_point(profile),
        stops_on_disconnect=link.on_disconnect is OnDisconnect.STOPS,
        advertises_for=link.advertises_for,
        advertised=tuple(uuid for uuid in match.services if uuid != encoding.FITNESS_MACHINE),
        vendor=_vendor(profile),
        door=_door(profile),
        habits=_habits(profile),
        form=_form(profile),
    )


def _name(profile: Profile) -> str:
    """A name that the profile's own match takes, where it gives one."""
    match = profile.match
    return match.name_example or (match.name_prefix[0] if match.name_prefix else profile.title)


def _speeds(speed: Speed, usual: MachineSpec) -> tuple[int, int, int]:
    low = usual.speed_min if speed.minimum is None else speed.minimum
    high = usual.speed_max if speed.maximum is None else speed.maximum
    return low, high, usual.speed_increment if speed.increment is None else speed.increment


def _inclines(incline: Incline, usual: MachineSpec) -> tuple[int, int, int]:
    if incline.controllable is False:
        return 0, 0, 0
    low = usual.incline_min if incline.minimum is None else incline.minimum
    high = usual.incline_max if incline.maximum is None else incline.maximum
    return low, high, usual.incline_increment if incline.increment is None else incline.increment


def _control_point(profile: Profile) -> frozenset[Property]:
    if profile.protocol.control_point is False or not profile.protocol.ftms:
        return frozenset()
    command = profile.control.write_type is WriteType.COMMAND
    notified = profile.control.response_by is ResponseBy.NOTIFICATION
    write: Property = "write-without-response" if command else "write"
    return frozenset({write, "notify" if notified else "indicate"})


def _vendor(profile: Profile) -> tuple[VendorAttribute, ...]:
    """What lies beside FTMS: what unlocks the machine, and what must never be written yet can be."""
    found: dict[str, VendorAttribute] = {}
    both: frozenset[Property] = frozenset({"write", "write-without-response"})
    for step in profile.unlock:
        allowed: frozenset[Property] = both if step.with_response else frozenset({"write-without-response"})
        found[step.characteristic] = VendorAttribute(step.service, step.characteristic, allowed)
        if step.reply_on is not None:
            found[step.reply_on] = VendorAttribute(step.service, step.reply_on, frozenset({"notify"}))
    if profile.preamble is not None:
        uuid = profile.preamble.characteristic
        found[uuid] = VendorAttribute(profile.preamble.service, uuid, both)
    for uuid in profile.protocol.never_write:
        if uuid in profile.protocol.beside:
            inside = _following(uuid)
            found[inside] = VendorAttribute(uuid, inside, both)
        else:
            found[uuid] = VendorAttribute(encoding.FITNESS_MACHINE, uuid, both)
    return tuple(found.values())


def _following(service: str) -> str:
    """A characteristic for a vendor's service of which only the service is known: FFF1 in FFF0."""
    return f"{int(service[:8], 16) + 1:08x}{service[8:]}"


def _unlocking(step: UnlockWrite, name: str) -> UnlockStep:
    data = step.octets
    if step.payload is Payload.NAME_PLUS_ONE:
        token = (int.from_bytes(name[-4:].encode(), "little") + 1) & 0xFFFFFFFF
        data += token.to_bytes(4, "little")
        data += bytes((sum(data) & 0xFF,))
    return UnlockStep(step.characteristic, data, step.reply_on, step.reply or b"")


def _door(profile: Profile) -> AccessRules:
    control, link = profile.control, profile.link
    preamble: Preamble | None = profile.preamble
    unlock = tuple(_unlocking(step, _name(profile)) for step in profile.unlock)
    return AccessRules(
        unlock=unlock,
        muted=any(step.reply_on is not None for step in unlock),
        preamble=None if preamble is None else preamble.characteristic,
        preamble_octets=b"" if preamble is None else preamble.octets,
        preamble_each=preamble is None or preamble.when is SendTime.EACH,
        key=control.key or b"",
        claims=2 if control.request_control is ControlRequests.TWICE else 1,
        needs_control=control.request_control is not ControlRequests.NEVER and _grants(profile),
        patience=PATIENCE if link.needs_unknown_writes else None,
        gap=link.gap or 0.0,
        too_fast=link.too_fast,
    )


def _grants(profile: Profile) -> bool:
    return profile.control.request_answer is not RequestAnswer.REFUSED


def _habits(profile: Profile) -> SimulatedQuirks:
    usual = SimulatedQuirks()
    control, start, stop, speed = profile.control, profile.start, profile.stop, profile.speed
    lies = control.success_trusted is False
    return SimulatedQuirks(
        request_answer=control.request_answer or usual.request_answer,
        acknowledged=Acknowledged.RESPONSE if lies else control.acknowledged_by or usual.acknowledged,
        always_succeeds=lies,
        starts_on_control=control.request_control is ControlRequests.UNSAFE,
        starts_on_connect=start.on_connect,
        console_blocked=start.console_blocked,
        remote_start=start.remote is not False,
        console_first=start.console_first,
        repeat=start.repeat or usual.repeat,
        slow_to=start.slow_to or usual.slow_to,
        needs_target=start.needs_target is True,
        keepalive=profile.link.keepalive,
        spin_up=start.spin_up,
        settles=SETTLES if start.ready is Ready.TRAINING_STATUS else 0.0,
        stop_supported=stop.supported is not False,
        pause_supported=stop.pause_supported is not False,
        stop_means_pause=stop.means_pause is True,
        stop_resets=stop.resets_counters is True,
        stop_paused=stop.while_paused or StopPaused.ENDS,
        speed_lock=(speed.refusal or Refusal.NOT_SUPPORTED) if speed.controllable is False else None,
        incline_lock=profile.incline.refusal,
        below_minimum=speed.below_minimum or usual.below_minimum,
    )


def _form(profile: Profile) -> ReportFormat:
    speed, incline, data = profile.speed, profile.incline, profile.data
    widths: dict[int | None, StepOctets] = {2: 2, 3: 3}
    return ReportFormat(
        write_unit=_unit(speed.write_unit),
        read_unit=_unit(speed.read_unit),
        range_unit=_unit(speed.range_unit),
        native_unit=_unit(speed.native_unit),
        truncates=speed.rounding is Rounding.TRUNCATED,
        zero_incline_range=incline.zero_range,
        incline_code=incline.code,
        per_level=incline.per_level or 10,
        incline_feedback=incline.feedback is not False,
        step_octets=widths.get(data.step_octets, 0),
        cut_at=data.cut_at,
        split_at=data.split_at,
        pace_octets=1 if data.pace_octets == 1 else 2,
        elevation_unavailable=data.elevation_unavailable,
        energy_rates_unavailable=data.energy_rates_unavailable,
        status_octets=data.status_octets or 1,
        pausing=data.training_pausing,
        paused=data.training_paused,
        string_missing=data.training_string_missing,
        reads_before_start=data.reads_before_start,
        unreadable=_INFORMATION if profile.link.device_information is Reads.FAIL else frozenset(),
        ramp_trace=data.ramp_trace,
        stale_status=data.stale_status,
        speed_while_paused=_paused_speed(profile),
        elapsed_frozen=data.elapsed_freezes,
        distance_step=data.distance_step or 0.0,
        features=data.features,
        source=data.source or DataSource.FTMS,
    )


def _paused_speed(profile: Profile) -> int:
    return (profile.speed.minimum or MachineSpec().speed_min) if profile.data.speed_while_paused else 0


def _unit(unit: WireUnit | None) -> WireUnit:
    return WireUnit.MPH if unit in (WireUnit.MPH, WireUnit.CONSOLE) else WireUnit.KMH
