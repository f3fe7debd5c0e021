"""What the tests of this room share: a way in, and a FIT writer of its own."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

import pytest

from runback.errors import WorkoutError
from runback.importing.answers import Answers
from runback.importing.detect import read
from runback.importing.draft import Reference, SpeedUnit
from runback.importing.resolve import Resolved, resolve
from runback.workout.model import Kind, Repeat, Step

CAP = 2000


def brought(
    data: bytes | str,
    *,
    pace: float | None = None,
    paces: Mapping[Reference, float] | None = None,
    unit: SpeedUnit | None = None,
    speeds: Mapping[Kind, int] | None = None,
    open_length: float | None = None,
    by: str | None = None,
    cap: int = CAP,
) -> Resolved:
    """`data` all the way to a workout."""
    octets = data.encode() if isinstance(data, str) else data
    given = dict(paces or {}) | ({} if pace is None else {Reference.UNNAMED: pace})
    answers = Answers(cap, given, unit, speeds or {}, open_length)
    return resolve(read(octets, "mine", "mine.file", unit=unit, by=by), answers, "mine.file")


def rows(items: Sequence[Step | Repeat]) -> list[object]:
    """Steps as (kind, s, km/h), repeats as (times, [...])."""
    return [
        (item.times, rows(item.steps))
        if isinstance(item, Repeat)
        else (item.kind.value, item.duration, item.speed / 100)
        for item in items
    ]


def refused(data: bytes | str, **given: object) -> WorkoutError:
    """The one line that `data` is refused with."""
    with pytest.raises(WorkoutError) as caught:
        brought(data, **given)  # type: ignore[arg-type]
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300
    return caught.value


def fit_crc(data: bytes) -> bytes:
    """The FIT protocol's CRC-16 (polynomial 0xA001, reflected), as it stands in the file."""
    crc = 0
    for octet in data:
        crc ^= octet
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return struct.pack("<H", crc)


def _message(number: int, fields: Sequence[tuple[int, int, bytes]]) -> bytes:
    """A definition and its data message, local number 0, little endian."""
    head = struct.pack("<BBBHB", 0x40, 0, 0, number, len(fields))
    kinds = b"".join(struct.pack("<BBB", field, len(value), base) for field, base, value in fields)
    return head + kinds + b"\0" + b"".join(value for _, _, value in fields)


def _enum(field: int, value: int) -> tuple[int, int, bytes]:
    return field, 0x00, struct.pack("<B", value)


def _u16(field: int, value: int) -> tuple[int, int, bytes]:
    return field, 0x84, struct.pack("<H", value)


def _u32(field: int, value: int | None) -> tuple[int, int, bytes]:
    return field, 0x86, struct.pack("<I", 0xFFFFFFFF if value is None else value)


def _text(field: int, value: str) -> tuple[int, int, bytes]:
    return field, 0x07, value.encode() + b"\0"


FitStep = tuple[int, int | None, int, int | None, int | None, int | None, int]
"""duration_type, duration_value, target_type, target_value, custom low, custom high, intensity."""


def fit(steps: Sequence[FitStep], *, sport: int = 1, kind: int = 5, first: int = 0, name: str = "Quarters") -> bytes:
    """A FIT file of `kind` (5: workout). `first` is the index of the first step."""
    body = _message(0, [_enum(0, kind), _u16(1, 255), _u32(3, 1)]) if kind >= 0 else b""
    body += _message(26, [_enum(4, sport), _u16(6, len(steps)), _text(8, name)])
    for index, (length, value, target, aim, low, high, intensity) in enumerate(steps, first):
        body += _message(
            27,
            [
                _u16(254, index),
                _text(0, "step"),
                _enum(1, length),
                _u32(2, value),
                _enum(3, target),
                _u32(4, aim),
                _u32(5, low),
                _u32(6, high),
                _enum(7, intensity),
            ],
        )
    head = struct.pack("<BBHI4s", 14, 0x20, 2140, len(body), b".FIT")
    head += fit_crc(head)
    return head + body + fit_crc(head + body)
