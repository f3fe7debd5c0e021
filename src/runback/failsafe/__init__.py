"""What outlives the engine: its heartbeat, the dead man's switch, the marker that a belt may be moving."""
