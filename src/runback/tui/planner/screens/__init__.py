"""The planner's screens."""
