"""The treadmill's own computer: what its buttons, its safety key and its clients can make the belt do.

Rules:
- Every command says whether it had an effect; one that is refused changes nothing.
- Start works from rest only, and never without the safety key. Setting a speed never starts the belt.
- Stop and the key always work while the surface moves, also when the console believes it at rest.
- A pause may be resumed by Start or ended by Stop. Starting and stopping do not zero the counters; a reset does.
- What a machine does otherwise is in its spec's `habits`.
"""

from __future__ import annotations

from enum import IntEnum

from runback.devices.quirk_values import RepeatedStart, WireUnit
from runback.simulator.belt import BeltMotion, SimulatedBelt
from runback.simulator.spec import MachineSpec
from runback.simulator.step_counter import StepCounter
from runback.units import KM_PER_MILE

PATIENCE = 2.5
"""So many keepalive periods without one stop the belt (quirk 13)."""


class TrainingStatusCode(IntEnum):
    """Training Status codes this machine uses (2AD3)."""

    OTHER = 0x00
    IDLE = 0x01
    MANUAL = 0x0D
    PRE_WORKOUT = 0x0E
    POST_WORKOUT = 0x0F


def on_grid(value: int, low: int, high: int, step: int) -> int:
    """The nearest value the machine can do: low + n * step, within low to high (quirk 24)."""
    inside = min(max(value, low), high)
    if step <= 0:
        return inside
    steps = (2 * (inside - low) + step) // (2 * step)
    return low + min(steps, (high - low) // step) * step


class Console:
    """One treadmill's state as its console knows it, and its belt."""

    def __init__(self, spec: MachineSpec) -> None:
        self.spec = spec
        self.belt = SimulatedBelt(
            minimum=spec.speed_min,
            acceleration=spec.acceleration,
            deceleration=spec.deceleration,
            stop_deceleration=spec.stop_deceleration,
            incline_rate=spec.incline_rate,
            countdown=spec.countdown,
        )
        self.walker = StepCounter()
        """Who is on the belt."""
        self.key = True
        """Whether the safety key is in."""
        self.paused = False
        self._session = False
        """Started, and neither stopped nor reset since."""
        self._first_target: int | None = None
        """Where the next start goes instead of the minimum speed."""
        self._idle_at: float | None = None
        self._starves_at: float | None = None
        self._settles_at: float | None = None
        self.in_company = False
        """Somebody is connected."""
        self.called = False
        """Its start button has been pressed, and waits for 00 and 07 (quirk 15)."""
        self.ever_started = False

    def next_event(self) -> float | None:
        """When something changes by itself."""
        times = (self.belt.next_event(), self._idle_at, self._starves_at, self._settles_at)
        return min((at for at in times if at is not None), default=None)

    def advance(self, now: float) -> None:
        """Go to `now`, which must not lie beyond `next_event`."""
        self.belt.advance(now)
        if self._idle_at is not None and now >= self._idle_at:
            self._idle_at = None
        if self._settles_at is not None and now >= self._settles_at:
            self._settles_at = None
        if self._starves_at is not None and now >= self._starves_at:
            self._starves_at = None
            self.stop(now)
        self._settle(now)

    def training(self) -> int:
        """What Training Status says: a `TrainingStatusCode`, or a code of the vendor's own."""
        phase, form = self.belt.phase, self.spec.form
        vendor = form.pausing if phase is BeltMotion.STOPPING else form.paused
        if self.paused and vendor is not None:
            return vendor
        return self._training(phase)

    def _training(self, phase: BeltMotion) -> TrainingStatusCode:
        if self.counting_down:
            return TrainingStatusCode.PRE_WORKOUT
        if phase is BeltMotion.DRIVEN:
            return TrainingStatusCode.MANUAL
        if self.paused:
            return TrainingStatusCode.MANUAL if phase is BeltMotion.STOPPING else TrainingStatusCode.OTHER
        return (
            TrainingStatusCode.POST_WORKOUT if self._session or self._idle_at is not None else TrainingStatusCode.IDLE
        )

    @property
    def counting_down(self) -> bool:
        """Whether the belt is not taken to be driven yet."""
        settling = self._settles_at is not None and self.belt.phase is BeltMotion.DRIVEN
        return settling or self.belt.phase is BeltMotion.COUNTDOWN

    def start(self, now: float) -> bool:
        """Start, or resume from a pause."""
        if not self.key or self.belt.phase is not BeltMotion.AT_REST:
            return False
        stands = self.spec.habits.needs_target and self._first_target is None
        self.belt.start(now, 0 if stands else self._first_target)
        self.paused, self._session = False, True
        self._first_target = self._idle_at = None
        self.called, self.ever_started = False, True
        self._starves_at = None
        settles = self.spec.habits.settles
        self._settles_at = self.belt.starts_at + settles if settles > 0 else None
        return True

    def press_start(self, now: float) -> bool:
        """The same by its own button, which some machines do not obey, or not at once (quirks 15, 18)."""
        habits = self.spec.habits
        if habits.console_blocked and self.in_company:
            return False
        if not habits.console_first:
            return self.start(now)
        if not self.key or self.belt.phase is not BeltMotion.AT_REST:
            return False
        self.called = True
        return True

    def feed(self, now: float) -> None:
        """A keepalive has come, or a start that asks for them; the countdown does not count (quirk 13)."""
        period = self.spec.habits.keepalive
        begun = max(now, self.belt.starts_at)
        self._starves_at = None if period is None else begun + PATIENCE * period

    def start_again(self, now: float) -> RepeatedStart:
        """Start, while started: what this machine makes of it (quirks 11, 12, 13)."""
        repeat = self.spec.habits.repeat
        if self.belt.phase not in (BeltMotion.DRIVEN, BeltMotion.COUNTDOWN):
            return RepeatedStart.REFUSED
        match repeat:
            case RepeatedStart.TOGGLE:
                self.stop(now)
            case RepeatedStart.RESTARTS:
                self.belt.start(now)
            case RepeatedStart.PAUSES:
                self.pause(now)
            case RepeatedStart.SLOWS:
                self.aim(now, self.spec.habits.slow_to)
            case RepeatedStart.KEEPALIVE:
                self.feed(now)
        return repeat

    def stop(self, now: float) -> bool:
        """Stop, from whatever the belt does; also ends a pause."""
        if self._still(now) and not self.paused:
            return False
        self.paused = False
        self._first_target = None
        self._slow_down(now)
        return True

    def pause(self, now: float) -> bool:
        """Slow down to rest, to be resumed. A stop under way stays a stop."""
        if self._still(now):
            return False
        if self.belt.phase in (BeltMotion.DRIVEN, BeltMotion.COUNTDOWN):
            self.paused = True
            self._first_target = self.belt.target if self.spec.resumes_previous else None
        self._slow_down(now)
        return True

    def aim(self, now: float, speed: int) -> bool:
        """Set the target speed of a driven belt, on the machine's grid."""
        if self.belt.phase is not BeltMotion.DRIVEN:
            return False
        self.belt.aim(now, self.speed_on_grid(speed))
        return True

    def keep(self, now: float, speed: int) -> None:
        """Remember a target for when the belt is driven (`AtRest.KEPT`)."""
        if self.belt.phase is BeltMotion.COUNTDOWN:
            self.belt.aim(now, self.speed_on_grid(speed))
        else:
            self._first_target = self.speed_on_grid(speed)

    def tilt(self, now: float, incline: int) -> bool:
        """Set the target incline, on the machine's grid."""
        if not self.spec.has_incline:
            return False
        self.belt.tilt(now, self.incline_on_grid(incline))
        return True

    def speed_on_grid(self, speed: int) -> int:
        """The nearest speed the machine can do."""
        spec = self.spec
        low, high, step = spec.speed_min, spec.speed_max, spec.speed_increment
        if spec.form.native_unit is WireUnit.MPH:
            native = [round(each / KM_PER_MILE) for each in (speed, low, high, step)]
            return int(on_grid(*native) * KM_PER_MILE)
        if spec.form.truncates and step > 0:
            speed -= (max(speed, low) - low) % step
        return on_grid(speed, low, high, step)

    def incline_on_grid(self, incline: int) -> int:
        """The nearest incline the machine can do."""
        return on_grid(incline, self.spec.incline_min, self.spec.incline_max, self.spec.incline_increment)

    def pull_key(self, now: float) -> bool:
        """The drive is cut; nothing starts until the key is back."""
        if not self.key:
            return False
        self.key = self.paused = False
        self._first_target = None
        if not self._still(now):
            self.belt.stop(now, self.spec.key_deceleration)
        self._settle(now)
        return True

    def insert_key(self, _now: float) -> bool:
        """Put the key back. The belt stays at rest."""
        if self.key:
            return False
        self.key = True
        return True

    def reset(self, now: float) -> None:
        """Targets to their defaults, counters to 0, training status to idle."""
        if not self._still(now):
            self._slow_down(now)
        self.belt.reset(now)
        if self.spec.has_incline:
            self.tilt(now, 0)
        self.paused = self._session = False
        self._first_target = self._idle_at = None

    def _slow_down(self, now: float) -> None:
        self._starves_at = None
        if self.belt.phase is not BeltMotion.STOPPING:
            self.belt.stop(now)
        self._settle(now)

    def _still(self, now: float) -> bool:
        return self.belt.phase is BeltMotion.AT_REST and not self.belt.moving(now)

    def _settle(self, now: float) -> None:
        """A session that came to rest is over, after its post-workout time."""
        if self._session and not self.paused and self.belt.phase is BeltMotion.AT_REST:
            self._session = False
            self._idle_at = now + self.spec.post_workout
