"""The pieces of the planner's screens."""
