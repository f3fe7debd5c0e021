"""The planner: today, check-in, history and plan, on screens of their own. No belt moves while they stand."""
