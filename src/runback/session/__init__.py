"""The session: a workout, a person's intents and what the machine does, made into targets and cues. Pure."""
