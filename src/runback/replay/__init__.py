"""The flight recorder played back: a recorded session through the session's own rules, on a link that is none."""
