"""Real treadmills as data: one profile for each model, which says how it differs from FTMS and how that is known."""
