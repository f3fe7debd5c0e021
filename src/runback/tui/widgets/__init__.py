"""The pieces of the cockpit. Each draws what it was last told, and only when that differs."""
