"""The FTMS client as a sans-IO core: `core.Machine`, its stop latch in `stop`, its slots in `slots`."""
