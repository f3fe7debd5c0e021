"""Without a screen: what a key does, and what is said, on the bare terminal."""

from __future__ import annotations

import pytest

from runback.engine import fallback_prompt
from runback.engine.fallback_prompt import FallbackAction
from tests.support.engine.bench import Line, plan, stops


@pytest.mark.parametrize("key", ["z", "space", "enter", "escape", "e", "p", "plus", "1b5b32347e"])
def test_until_the_belt_rests_every_key_is_stop(key: str) -> None:
    assert fallback_prompt.action_for(key, at_rest=False) is FallbackAction.STOP


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
def test_a_key_that_leaves_stops_a_moving_belt_first(key: str) -> None:
    assert fallback_prompt.action_for(key, at_rest=False) is FallbackAction.STOP_AND_LEAVE
    assert fallback_prompt.action_for(key, at_rest=True) is FallbackAction.LEAVE


@pytest.mark.parametrize(
    ("key", "does"),
    [
        ("enter", FallbackAction.REOPEN),
        ("z", FallbackAction.NOTHING),
        ("p", FallbackAction.NOTHING),
        ("space", FallbackAction.NOTHING),
    ],
)
def test_at_rest_enter_brings_the_screen_back_and_nothing_else_does_anything(key: str, does: FallbackAction) -> None:
    assert fallback_prompt.action_for(key, at_rest=True) is does


@pytest.mark.parametrize(
    ("faults", "at", "said"),
    [
        ((), 21.1, ("runback: it died; stopping the belt. Any key sends Stop again.",)),
        ((), 28.0, ("runback: it died; the belt is at rest. Enter shows it again, q leaves.",)),
        (
            ("refuses-stop",),
            28.0,
            ("runback: STEP OFF - PULL THE SAFETY KEY: the belt is not slowing down. Any key sends Stop again.",),
        ),
    ],
)
def test_what_is_said_is_what_the_belt_does(faults: tuple[str, ...], at: float, said: tuple[str, ...]) -> None:
    heard: list[tuple[str, ...]] = []
    line = Line(plan(), faults)
    line.attended(
        (21.0, stops), (at, lambda line: heard.append(fallback_prompt.lines(line.engine, "it died"))), until=33.0
    )
    assert heard == [said]


@pytest.mark.parametrize(
    ("faults", "bound", "last"),
    [
        ((), 40.0, "The belt is at rest."),
        (("refuses-stop",), 40.0, "The belt is still at 4.0 km/h."),
        (("link-loss@25",), 40.0, "The belt was last seen at 4.0 km/h, "),
        (("link-loss@0",), 3.0, "Nothing was sent to the treadmill."),
    ],
)
def test_the_last_line_says_what_the_belt_was_last_seen_doing(faults: tuple[str, ...], bound: float, last: str) -> None:
    line = Line(plan(), faults).attended((26.0, stops), until=bound, start=bound > 10)
    assert line.lines[-1].startswith(last)
