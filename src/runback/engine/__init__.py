"""The engine: the process that owns link, clock and session. `session_engine` is its heart."""
