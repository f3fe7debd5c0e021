"""The keeper: the process that owns link, clock and session. `conductor` is its heart."""
