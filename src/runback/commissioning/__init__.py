"""Commissioning: what a treadmill that nobody here knows is seen to do, one stage after another, with nobody on it."""
