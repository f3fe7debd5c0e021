"""What waits to be written: bounded, in order, samples first to go."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from runback.journal.model import Event, Packet, Record, SampleRow
from runback.journal.write_queue import WriteQueue

KINDS = ("sample", "heard", "written", "event")


def make(kind: str, number: int) -> Record:
    match kind:
        case "sample":
            return SampleRow(number, 0, None, None, None, None, None)
        case "event":
            return Event(number, number, "phase", {})
        case _:
            return Packet(number, number, "2AD9", b"", None if kind == "heard" else "plan")


def may_go(record: Record) -> int:
    """How soon a record goes when there is no room; 0 never."""
    if isinstance(record, SampleRow):
        return 2
    return 1 if isinstance(record, Packet) and record.source is None else 0


@given(st.lists(st.sampled_from(KINDS), max_size=30), st.integers(0, 10))
def test_samples_go_first_then_what_was_heard_and_never_anything_else(kinds: list[str], room: int) -> None:
    handover = WriteQueue(room)
    records = [make(kind, number) for number, kind in enumerate(kinds)]
    for record in records:
        handover.put(record)
    waiting = len(handover)
    taken = handover.take(1000)
    gone = [record for record in records if record not in taken]
    assert taken == [record for record in records if record in taken]  # in order
    assert (waiting, handover.dropped) == (len(taken), len(gone))
    assert all(may_go(record) for record in gone)
    assert len(taken) <= max(room, sum(not may_go(record) for record in records))
    assert not gone or len(taken) >= room
    assert handover.take(1000) == []


@given(st.lists(st.lists(st.sampled_from(KINDS), max_size=5), min_size=1, max_size=6))
def test_what_is_put_back_comes_again_before_everything_else(rounds: list[list[str]]) -> None:
    handover = WriteQueue(1000)
    put: list[Record] = []
    for kinds in rounds:
        for kind in kinds:
            record = make(kind, len(put))
            put.append(record)
            handover.put(record)
        handover.put_back(handover.take(1000))
    assert handover.take(1000) == put


def test_what_is_taken_in_parts_is_in_order() -> None:
    handover = WriteQueue()
    records = [make(kind, number) for number, kind in enumerate(KINDS * 3)]
    for record in records:
        handover.put(record)
    assert [handover.take(most) for most in (5, 0, 7, 5)] == [records[:5], [], records[5:], []]


def test_what_is_put_back_leaves_no_more_than_there_is_room_for() -> None:
    handover = WriteQueue(3)
    batch = [make("sample", number) for number in range(3)]
    for number in range(3, 6):
        handover.put(make("sample", number))
    handover.put_back(batch)
    assert handover.take(1000) == [make("sample", number) for number in range(3, 6)]
    assert handover.dropped == 3


def test_a_flush_is_over_when_what_was_put_before_it_has_been_tried() -> None:
    handover = WriteQueue()

    def serve() -> None:
        handover.wait(60.0)
        handover.take(1000)
        handover.attempted()

    served = threading.Thread(target=serve)
    served.start()
    assert handover.flush(60.0)
    served.join()
    assert handover.wait(0.0)
    assert not handover.flush(0.0)
    handover.close()
    assert not handover.wait(60.0)
