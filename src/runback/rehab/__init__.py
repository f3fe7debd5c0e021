"""Back to running: the plans, the check-ins, and the rules that explain themselves."""
