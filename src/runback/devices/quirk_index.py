"""Which field of a profile covers which quirk of quirks.md, by number."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

FIELDS: Mapping[int, tuple[str, ...]] = MappingProxyType(
    {
        1: ("control.write_type",),
        2: ("control.response_by",),
        3: ("control.request_control", "control.request_answer"),
        4: ("control.acknowledged_by",),
        5: ("control.success_trusted", "control.acknowledged_by"),
        6: ("unlock", "unlock.characteristic", "unlock.octets", "unlock.payload", "unlock.reply_on", "unlock.wait"),
        7: ("preamble", "preamble.octets", "preamble.when", "control.request_control"),
        8: ("unlock", "unlock.characteristic", "unlock.octets"),
        9: ("control.key", "protocol.control_point"),
        10: ("link.needs_unknown_writes", "link.device_information", "match.model", "match.manufacturer"),
        11: ("start.repeat",),
        12: ("start.repeat", "start.slow_to"),
        13: ("start.repeat", "link.keepalive"),
        14: ("control.request_control",),
        15: ("start.console_first",),
        16: (
            *("start.countdown", "start.moves_within", "start.spin_up", "start.ready", "stop.within"),
            *("speed.up_within", "speed.down_within"),
        ),
        17: ("start.remote",),
        18: ("start.on_connect", "start.console_blocked"),
        19: (
            "start.resume",
            "stop.supported",
            "stop.pause_supported",
            "stop.means_pause",
            "stop.resets_counters",
            "stop.while_paused",
            "stop.deceleration",
        ),
        20: ("speed.controllable", "speed.refusal"),
        21: ("speed.controllable", "incline.controllable"),
        22: ("speed.write_unit", "speed.read_unit"),
        23: ("speed.range_unit",),
        24: ("speed.maximum", "speed.increment", "speed.trust", "speed.native_unit", "speed.rounding"),
        25: ("incline.zero_range", "incline.controllable"),
        26: ("speed.minimum", "speed.below_minimum"),
        27: ("incline.minimum", "incline.maximum", "incline.increment", "incline.code", "incline.per_level"),
        28: ("incline.feedback", "incline.refusal"),
        29: ("data.step_octets", "data.flags", "data.energy_rates_unavailable"),
        30: ("data.cut_at",),
        31: ("data.split_at",),
        32: ("data.pace_octets", "data.flags"),
        33: ("data.elevation_unavailable",),
        34: ("data.status_octets", "data.training_pausing", "data.training_paused"),
        35: ("data.training_string_missing", "data.reads_before_start"),
        36: ("data.ramp_trace", "data.stale_status"),
        37: ("data.speed_while_paused", "data.elapsed_freezes", "data.distance_step", "data.features"),
        38: ("data.source",),
        39: ("data.source",),
        40: (
            "match.anonymous",
            "match.services",
            "match.name_prefix",
            "match.name_regex",
            "match.name_example",
            "match.firmware",
            "link.advertises_for",
            "evidence.firmware",
        ),
        41: ("link.clients", "link.pairing"),
        42: ("link.gap", "link.too_fast"),
        43: ("protocol.ftms", "protocol.beside", "protocol.never_write"),
        44: ("link.on_disconnect",),
        52: ("start.needs_target", "start.countdown", "start.spin_up"),
    }
)
"""Dotted as in the file; each field's docstring names the quirk."""
