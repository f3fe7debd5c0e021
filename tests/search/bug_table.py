"""The faults that the search has to find: those of the issue "What trials broke", and more of their kind."""

from __future__ import annotations

from typing import Final

from tests.search.bugs import Bug, Change

BUGS: Final = (
    Bug(
        "a start that failed leaves everything behind",
        "issue 11, point 1",
        (
            Change(
                "machine/client_state.py",
                "ClientState.start_failed",
                "",
                "self.call_off_start()\nself.say(Signal.START_FAILED)",
            ),
            Change("machine/notifications.py", "NotificationHandler._moved", "if late:", "if False:"),
        ),
        departures=2,
        acts=("does not start", "console: start"),
    ),
    Bug(
        "targets outlive every ending",
        "issue 11, point 1",
        (Change("machine/client_state.py", "ClientState.end", "self.forget_targets()", "pass"),),
        scene="stops",
        acts=("console: start",),
        rules=("unannounced", "too much"),
    ),
    Bug(
        "a start that nobody has seen is abandoned",
        "issue 11, point 2",
        (Change("machine/client.py", "Machine.start_unseen", "", "return False"),),
        departures=2,
        acts=("safety key", "person: quit"),
        rules=("left moving",),
    ),
    Bug(
        "an answer to Stop counts as rest",
        "issue 11, point 3",
        (
            Change(
                "machine/stop_latch.py",
                "StopLatch.accepted",
                "self.state = LatchState.ACCEPTED",
                "self.state = LatchState.AT_REST",
            ),
        ),
        acts=("person: stop",),
        rules=("rest unmeasured",),
    ),
    Bug(
        "one record of 0 is rest",
        "issue 11, point 4; QZ #1567, FitOSC #15",
        (
            Change(
                "machine/plausibility.py",
                "Plausibility._plausible",
                "return stopping and before <= REST_FALL * passed",
                "return True",
            ),
        ),
        acts=("lies: zero",),
        rules=("rest unmeasured",),
    ),
    Bug(
        "a machine that knows no Stop is only told Stop",
        "issue 11, point 5",
        (
            Change(
                "machine/stop_latch.py",
                "StopLatch._slow_down",
                "",
                "self._descent.cannot_stop()\nself._next = now + RETRY",
            ),
        ),
        acts=("knows no Stop",),
        rules=("stop unknown",),
    ),
    Bug(
        "STEP OFF stays when the belt is at rest",
        "issue 11, point 10",
        (Change("machine/stop_latch.py", "StopLatch.measured", "self._descent.alarm = None", "pass"),),
        acts=("says yes, and does not",),
        rules=("alarm stays",),
    ),
    Bug(
        "a belt that stands after its start is never told a speed",
        "issue 11, point 12; quirk 52",
        (Change("machine/procedure_outcomes.py", "ProcedureOutcomes._start_confirmed", "", "pass"),),
        acts=("stands until told a speed",),
        rules=("stands",),
    ),
    Bug(
        "655.35 km/h is a measurement",
        "issue 11, point 18",
        (Change("machine/plausibility.py", "Plausibility.judge", "", "return SpeedVerdict.MEASURED"),),
        acts=("lies: absurd",),
    ),
    Bug(
        "filtering hides a surge",
        "issue 11, point 18",
        (Change("safety/watchdog.py", "Watchdog.garbled", "", "pass"),),
        departures=2,
        acts=("lies: absurd",),
        rules=("nonsense",),
    ),
    Bug(
        "a record that cannot be read counts as heard",
        "issue 11, point 18",
        (
            Change(
                "machine/notifications.py",
                "NotificationHandler._take_data",
                "record = state.merger.add(decode_treadmill_data(data))",
                "record = state.merger.add(decode_treadmill_data(data))\nstate.watchdog.doubted(now)",
            ),
        ),
        scene="plain",
        acts=("babbles",),
        rules=("silence",),
    ),
    Bug(
        "Stop waits for the gap between two writes",
        "the first promise",
        (
            Change(
                "machine/client.py",
                "Machine._stop_due",
                "if self.latch.due(now):",
                "if self.latch.due(now) and (self._commands.ready_at is None or now >= self._commands.ready_at):",
            ),
        ),
        acts=("person: stop",),
        rules=("stop first", "endless"),
    ),
    Bug(
        "what was wanted outlives the link",
        "the second promise",
        (
            Change("machine/client.py", "Machine.disconnected", "state.control = ControlState.NONE", "pass"),
            Change(
                "machine/client.py",
                "Machine.disconnected",
                "state.end(ProcedureEnding.LINK_LOST, 'the link was lost')",
                "pass",
            ),
        ),
        departures=2,
        acts=("link drops", "console: slower"),
        rules=("unannounced",),
    ),
    Bug(
        "a start that is not answered is written again",
        "the second promise",
        (
            Change(
                "machine/procedure_outcomes.py",
                "ProcedureOutcomes.unanswered",
                "slot = procedure.stands",
                "slot = procedure.stands\nif procedure.intent is not None:\n    self._offer_start_again(procedure)",
            ),
        ),
        departures=2,
        acts=("does not answer", "starts late"),
    ),
    Bug(
        "raising does not pass the gate",
        "the second promise",
        (Change("safety/gate.py", "Gate.permit", "", "return asked"),),
        departures=1,
        acts=("goes quiet",),
        rules=("too much",),
    ),
    Bug(
        "control is claimed ahead of Stop",
        "the first promise; quirk 5",
        (
            Change(
                "machine/stop_latch.py",
                "StopLatch.pull",
                "self.state = LatchState.DUE",
                "self.state = LatchState.DUE\n    self._claim = True",
            ),
        ),
        acts=("person: stop",),
        rules=("stop first",),
    ),
    Bug(
        "Stop is let go of before the belt is at rest",
        "the first promise",
        (
            Change(
                "machine/stop_latch.py",
                "StopLatch.reset",
                "if self._asked_again or not (seen or told):",
                "if self._asked_again:",
            ),
        ),
        departures=2,
        acts=("person: stop", "person: reset"),
        rules=("rest unmeasured",),
    ),
    Bug(
        "an increase does not wait for its countdown",
        "the second promise",
        (Change("session/announcements.py", "SpeedIncrease.ready", "", "return True"),),
        acts=("goes quiet",),
        rules=("unannounced",),
    ),
    Bug(
        "the person's + is not announced",
        "the second promise",
        (
            Change(
                "session/speed_plan.py",
                "SpeedPlan.faster",
                "self._announced.here = SpeedIncrease(wanted, due, None if pending is None else pending.kind)",
                "self._command(wanted, now)",
            ),
        ),
        acts=("person: faster",),
        rules=("unannounced",),
    ),
    Bug(
        "a pulled safety key is not heard",
        "the second promise",
        (Change("machine/notifications.py", "NotificationHandler._status_key", "", "self._state.latch.accepted(now)"),),
        acts=("safety key",),
        rules=("unannounced",),
    ),
    Bug(
        "control that another one has taken is still used",
        "the second promise",
        (Change("machine/notifications.py", "NotificationHandler._status_control_lost", "", "pass"),),
        acts=("control taken",),
        rules=("unannounced",),
    ),
    Bug(
        "a machine that has gone quiet is not stopped",
        "the first promise",
        (Change("safety/watchdog.py", "Watchdog.check", "return TripReason.SILENT", "return TripReason.STALE"),),
        scene="plain",
        acts=("goes quiet",),
        rules=("silence",),
    ),
    Bug(
        "Stop is not written again on a new link",
        "the first promise",
        (
            Change("machine/stop_latch.py", "StopLatch.link_up", "self._due_again()", "pass"),
            Change("machine/stop_latch.py", "StopLatch._repeating", "", "return False"),
        ),
        departures=2,
        acts=("person: stop", "link drops"),
        rules=("stop first",),
    ),
    Bug(
        "an accepted Stop is never written again",
        "the first promise",
        (Change("machine/stop_latch.py", "StopLatch._repeating", "", "return False"),),
        departures=2,
        acts=("person: stop", "says yes, and does not"),
        rules=("stop once",),
    ),
    Bug(
        "a claim that starts a belt follows a refused Stop at rest",
        "quirk 14",
        (
            Change(
                "machine/stop_latch.py",
                "StopLatch.next_write",
                "if claim and (not (quirks.claim is ControlRequestPolicy.STARTS and (not self._descent.speed))):",
                "if claim:",
            ),
        ),
        scene="claim starts",
        departures=2,
        acts=("person: stop", "answers not permitted"),
        rules=("after stop",),
    ),
    Bug(
        "Stop is written to a belt at rest that it starts",
        "quirk 19",
        (Change("machine/stop_latch.py", "StopLatch._spared", "", "return False"),),
        scene="stop starts",
        acts=("person: stop",),
        rules=("after stop",),
    ),
)
