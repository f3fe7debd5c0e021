"""FIT, as Garmin's and Strava's documents ask of an activity (training.md "Activity file").

Rules:
- file_id first, then the devices, the timer's start, a record each second, the timer's stops and starts, a lap each
  interval, one session (running, treadmill), one activity with its local time. Everything in the order of its time.
- A field that was not measured is left out of its message, never written as 0.

Library: fit-tool. Its timestamps are ms since 1970; speeds m/s, distances m, times s: it scales them itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runback.export.activity import Activity, Figures, Lap, Point, activity
from runback.journal.model import SessionRecord

if TYPE_CHECKING:
    from fit_tool.data_message import DataMessage
    from fit_tool.profile.messages.lap_message import LapMessage
    from fit_tool.profile.messages.session_message import SessionMessage

EPOCH = 631_065_600
"""FIT counts seconds from 1989-12-31 00:00 UTC; this is that moment since 1970."""
_LONGEST_NAME = 60
"""Bytes of a device's name."""


def to_fit(story: SessionRecord) -> bytes:
    """`story` as a FIT file. Raises InputError if the belt never ran in it."""
    done = activity(story)
    from fit_tool.fit_file_builder import FitFileBuilder

    builder = FitFileBuilder(auto_define=True, strict=True)
    for message in _messages(story, done):
        builder.add(message)
    octets: bytes = builder.build_bytes()
    return octets


def _messages(story: SessionRecord, done: Activity) -> Iterator[DataMessage]:
    from fit_tool.profile.messages.file_id_message import FileIdMessage
    from fit_tool.profile.profile_type import FileType, Manufacturer

    head = FileIdMessage(local_id=0)
    head.type = FileType.ACTIVITY
    head.manufacturer = Manufacturer.DEVELOPMENT.value
    head.product = 1
    head.serial_number = story.session.id
    head.time_created = done.figures.began * 1000
    yield head
    yield from _devices(story, done.figures.began)
    timed = list(_timed(done))
    timed.sort(key=lambda one: one[0])  # stable: what happens in one second stays in order
    for _, message in timed:
        yield message
    yield _session(done)
    yield _activity(done)


def _timed(done: Activity) -> Iterator[tuple[int, DataMessage]]:
    for number, stretch in enumerate(done.stretches, 1):
        yield stretch.start, _timer(stretch.start, start=True, last=False)
        for point in stretch.points:
            yield point.second, _record(point)
        yield stretch.stop, _timer(stretch.stop, start=False, last=number == len(done.stretches))
    for number, lap in enumerate(done.laps):
        yield lap.figures.ended, _lap(number, lap, done)


def _devices(story: SessionRecord, second: int) -> Iterator[DataMessage]:
    from fit_tool.profile.messages.device_info_message import DeviceInfoMessage
    from fit_tool.profile.profile_type import Manufacturer, SourceType

    for index, name in enumerate(("runback", story.session.treadmill)):
        if name:
            device = DeviceInfoMessage(local_id=1)
            device.timestamp = second * 1000
            device.device_index = index
            device.manufacturer = Manufacturer.DEVELOPMENT.value
            device.source_type = SourceType.BLUETOOTH_LOW_ENERGY if index else SourceType.LOCAL
            device.product_name = name.encode()[:_LONGEST_NAME].decode("utf-8", "ignore")
            yield device


def _timer(second: int, *, start: bool, last: bool) -> DataMessage:
    from fit_tool.profile.messages.event_message import EventMessage
    from fit_tool.profile.profile_type import Event, EventType

    event = EventMessage(local_id=2)
    event.timestamp = second * 1000
    event.event = Event.TIMER
    event.event_type = EventType.START if start else EventType.STOP_ALL if last else EventType.STOP
    return event


def _record(point: Point) -> DataMessage:
    from fit_tool.profile.messages.record_message import RecordMessage

    record = RecordMessage(local_id=3)
    record.timestamp = point.second * 1000
    if point.distance is not None:
        record.distance = point.distance
    if point.speed is not None:
        record.enhanced_speed = point.speed
    if point.heart_rate is not None:
        record.heart_rate = point.heart_rate
    return record


def _lap(number: int, lap: Lap, done: Activity) -> DataMessage:
    from fit_tool.profile.messages.lap_message import LapMessage
    from fit_tool.profile.profile_type import Event, EventType, LapTrigger, Sport, SubSport
    from fit_tool.profile.profile_type import Intensity as FitIntensity

    message = LapMessage(local_id=4)
    message.message_index = number
    message.event = Event.LAP
    message.event_type = EventType.STOP
    message.intensity = FitIntensity(lap.intensity.value)
    message.lap_trigger = LapTrigger.SESSION_END if number == len(done.laps) - 1 else LapTrigger.TIME
    message.sport = Sport.RUNNING
    message.sub_sport = SubSport.TREADMILL
    return _figures(message, lap.figures)


def _session(done: Activity) -> DataMessage:
    from fit_tool.profile.messages.session_message import SessionMessage
    from fit_tool.profile.profile_type import Event, EventType, SessionTrigger, Sport, SubSport

    message = SessionMessage(local_id=5)
    message.message_index = 0
    message.event = Event.SESSION
    message.event_type = EventType.STOP
    message.sport = Sport.RUNNING
    message.sub_sport = SubSport.TREADMILL
    message.first_lap_index = 0
    message.num_laps = len(done.laps)
    message.trigger = SessionTrigger.ACTIVITY_END
    return _figures(message, done.figures)


def _figures(message: LapMessage | SessionMessage, figures: Figures) -> DataMessage:
    message.timestamp = figures.ended * 1000
    message.start_time = figures.began * 1000
    message.total_elapsed_time = figures.elapsed
    message.total_timer_time = figures.timer
    if figures.distance is not None:
        message.total_distance = figures.distance
    if figures.mean_speed is not None:
        message.enhanced_avg_speed = figures.mean_speed
    if figures.top_speed is not None:
        message.enhanced_max_speed = figures.top_speed
    if figures.mean_heart_rate is not None:
        message.avg_heart_rate = figures.mean_heart_rate
    if figures.top_heart_rate is not None:
        message.max_heart_rate = figures.top_heart_rate
    return message


def _activity(done: Activity) -> DataMessage:
    from fit_tool.profile.messages.activity_message import ActivityMessage
    from fit_tool.profile.profile_type import Activity as FitActivity
    from fit_tool.profile.profile_type import Event, EventType

    message = ActivityMessage(local_id=6)
    message.timestamp = done.figures.ended * 1000
    message.local_timestamp = done.figures.ended + done.offset - EPOCH
    message.total_timer_time = done.figures.timer
    message.num_sessions = 1
    message.type = FitActivity.MANUAL
    message.event = Event.ACTIVITY
    message.event_type = EventType.STOP
    return message
