"""The words of a session: its phases, what a person can ask for, and what it says aloud.

Pure values, shared with the screen; they import nothing of ours but `workout.model`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum

from runback.workout.model import Kind


class MachineRequest(Enum):
    """What the session wants of the machine beside its targets."""

    ARM = "arm"  # a person has said so: permission, and control if it is not there
    LISTEN = "listen"  # a machine that says nothing before it is unlocked: unlock it, and nothing else
    START = "start"
    ROUSE = "rouse"  # a belt that stands after its start: its slowest speed, which has been announced
    PAUSE = "pause"
    FINISH = "finish"  # the workout is over: stop
    STOP = "stop"  # something is wrong: stop
    RESET = "reset"
    QUIT = "quit"


class Phase(StrEnum):
    """Where a session stands."""

    CONNECTING = "connecting"  # looking for, or reading, the treadmill; nothing is written
    READY = "ready"  # belt at rest, waiting for the person's start
    COUNTDOWN = "countdown"  # the start, or a resume, has been asked for and is being counted down
    STARTING = "starting"  # the start has been sent; the belt does not move yet
    RUNNING = "running"  # the belt moves and the timeline runs
    PAUSING = "pausing"  # a pause has been sent; the belt still moves
    PAUSED = "paused"  # belt at rest, totals kept, waiting for a resume
    LINK_LOST = "link lost"  # no link; nothing can be written
    REARM = "re-arm"  # the link is back, read only; the person must say go on
    CONTROL_LOST = "control lost"  # another controller has the machine; the person must say go on
    SAFETY_KEY = "safety key"  # the key was pulled; put it back and resume
    ENDING = "ending"  # the workout is over; the belt is being stopped
    COMPLETED = "completed"  # over, belt seen at rest
    STOPPED = "stopped"  # the person, or the watchdog, stopped; latched until reset


class ManualMode(StrEnum):
    """What the person has to do at the treadmill, because it cannot be done from here."""

    NOTHING = "nothing"
    START = "start"  # its own button starts it (quirks 15, 17)
    EVERYTHING = "everything"  # prompt mode: speeds too are set by the person, at the app's word (quirks 20, 21)
    UNSEEN = "unseen"  # prompt mode by the clock: nor is anything known of the belt (quirks 10, 38)


class CountFrom(StrEnum):
    """From when an interval's time counts."""

    COMMAND = "command"  # the belt is told its speed
    SPEED = "speed"  # the belt has been measured at it


class SteppedOff(StrEnum):
    """How far it goes when the machine counts no steps on a moving belt any more."""

    OFF = "off"
    WARN = "warn"
    EASE = "ease"  # and then to walking speed
    PAUSE = "pause"  # and then to rest


class Intent(StrEnum):
    """What a person can ask for: an intent, in the words of the keys."""

    STOP = "stop"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    SKIP = "skip"  # on to the next step
    REPEAT = "repeat"  # this step again from its beginning
    EXTEND = "extend"  # 30 s more of this step
    FASTER = "faster"
    SLOWER = "slower"
    STEEPER = "steeper"
    FLATTER = "flatter"
    EASE_OFF = "ease off"  # to walking now, the rest of the session walking
    TROUBLE = "something is wrong"  # eased off, or slower still; what it is, is asked when the belt rests
    REARM = "re-arm"
    RESET = "reset"  # let go of the stop latch; never starts anything
    QUIT = "quit"  # leave; stops the belt first
    ANSWER_1 = "answer 1"  # which of the choices that a commissioning asks between
    ANSWER_2 = "answer 2"
    ANSWER_3 = "answer 3"
    ANSWER_4 = "answer 4"
    ANSWER_5 = "answer 5"


class CueKind(StrEnum):
    """What is said, sounded or flashed."""

    HEADS_UP = "heads-up"  # a faster speed comes in `seconds`
    COUNTDOWN = "countdown"  # 3, 2, 1 before it
    RUN = "run"  # the step that began
    WALK = "walk"
    EASED = "eased"
    HALFWAY = "halfway"
    LAST_INTERVAL = "last interval"
    TIME_LEFT = "time left"  # `seconds` are left of the workout
    POSTURE = "posture"  # words for the step of this `number`
    SLOWER = "slower"  # a decrease, said as it happens
    CONSOLE = "console"  # the console's speed is held
    STEPPED_OFF = "stepped off"  # nobody has been felt on the moving belt for a while
    PAUSED = "paused"
    RESUMED = "resumed"
    COMPLETED = "completed"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"  # an announced increase will not come
    ALARM = "alarm"  # the belt does not obey Stop, or nobody can see whether it does


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing said. `at` s, `seconds` until the move it announces, or left, `speed` 0.01 km/h, `step` its kind,
    `number` that of the step it is about, from 1."""

    at: float
    kind: CueKind
    seconds: float = 0.0
    speed: int | None = None
    step: Kind | None = None
    number: int = 0
