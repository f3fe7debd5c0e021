"""Workouts: the model, TOML files, the one-line notation, and the built-in ones."""
