"""Links to a treadmill: what they share (`protocol`), the simulated one (`memory`), the real one (`ble`).

Theory of operation. A link carries bytes and decides nothing: it knows no op code, retries no write, and sets no
deadline, since only its caller knows what is being stopped. Every call may be bounded and cancelled from outside, and
the link is usable afterwards. Cancelling is not undoing: BlueZ delivers a cancelled write all the same (bluez.md 5),
so the machine core matches answers by op code and never takes a write's return for its effect.

A connection is thrown away rather than repaired. After a loss the old client is released at once, because BlueZ sends
every notification once more for each one left behind (1); one in which an operation hangs is cut, because it serves no
other for 30 s (4); one that shows no services is made again, because they may only be late (14). The device is found
again each time, by its address once that is known, since its name changes (13) and an object of bleak's goes stale (3).
What has to be cleaned up runs beside the caller (`cleanup_tasks`): a daemon that hangs must not hold up the next
attempt, which may be the one that stops a belt.

All that bleak and D-Bus can raise becomes one of our errors at one edge (`ble_client.translated`, by the tables of
`bluez_errors`); the class of the error says whether another attempt may do better. The simulated link keeps the same
promises and the same bad manners (one operation at a time, cancelled writes that arrive), so that what runs on it runs
on BlueZ.
"""
