"""The form of what a machine reports: Treadmill Data, statuses, features."""

from __future__ import annotations

from runback.devices.field_types import Count, HexBytes, Metres, Octet, OneLine, PaceOctets, StepOctets, table
from runback.devices.quirk_values import DataSource, Reads


@table
class Data:
    """Deviations in bytes. The decoder copes with all of them unasked; here they are for the twin, and for trust."""

    source: DataSource | None = None
    """Where the measured speed is: 2ACD, Running Speed and Cadence (39), both, or nowhere: then a speed of 0 is no
    evidence of anything (38)."""
    flags: OneLine | None = None
    """The flags of a whole Treadmill Data record, as captured (29, 32). For the twin."""
    pace_octets: PaceOctets | None = None
    """Width of a pace: 1 or 2 bytes (32). For the twin."""
    step_octets: StepOctets | None = None
    """Width of the vendor's step count behind reserved bit 13: 2 or 3 bytes (29). For the twin."""
    cut_at: Count | None = None
    """A record is cut at so many bytes, without More Data (30). For the twin."""
    split_at: Count | None = None
    """A record is split into parts of at most so many bytes, with More Data (31). For the twin."""
    elevation_unavailable: OneLine | None = None
    """The value of an elevation gain that is not known, which FTMS does not define (33). For the twin."""
    energy_rates_unavailable: bool = False
    """Energy per hour and per minute are sent as not available (29). For the twin."""
    status_octets: Count | None = None
    """Machine Status is padded with zeros to so many bytes (34). For the twin."""
    training_pausing: Octet | None = None
    """Vendor's Training Status while slowing to a pause (34). For the twin."""
    training_paused: Octet | None = None
    """Vendor's Training Status while paused (34). For the twin."""
    training_string_missing: bool = False
    """Training Status says that a string follows, and none does (35). For the twin."""
    reads_before_start: Reads | None = None
    """What becomes of reading FTMS characteristics before the first start (35). For the twin."""
    ramp_trace: bool = False
    """Machine Status 05 follows the belt along every ramp, some 300 ms apart: no hand at the console (36).
    For the twin."""
    stale_status: bool = False
    """The first Machine Status after subscribing is an old one (36). For the twin."""
    speed_while_paused: bool = False
    """A speed above 0 is reported while paused (37). For the twin."""
    elapsed_freezes: bool = False
    """Elapsed time stands still while nobody is on the belt (37). For the twin."""
    distance_step: Metres | None = None
    """Distance advances in steps of so many metres (37). For the twin."""
    features: HexBytes | None = None
    """2ACC as read, eight bytes, if it claims what is not there (37). For the twin."""
