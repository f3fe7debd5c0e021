"""Cues that can be heard: tones and speech, never on the control path."""
