"""The FTMS client as a sans-IO core: `client.Machine`, its stop latch in `stop_latch`, its targets in `targets`."""
