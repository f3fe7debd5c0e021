"""What is drawn: the cockpit (a session's screen), the planner (the plan's screens), and what both use."""
