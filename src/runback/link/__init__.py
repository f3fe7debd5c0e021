"""Links to a treadmill: what they share (`protocol`), the simulated one (`memory`), the real one (`ble`)."""
