"""What the session wants of the machine beside its targets."""

from __future__ import annotations

from enum import Enum


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
