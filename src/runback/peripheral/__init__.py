"""The simulated treadmill on the air: a real Bluetooth LE peripheral, through any HCI controller that bumble can open.

Rules:
- `peripheral`, `database`, `transport` and `virtual` alone import bumble, an optional extra, and nothing imports them
  before they are asked for.
- `event_log` and `typed_controls` alone know the treadmill: what is told of it, and who touches it. All else serves a
  `simulator.gatt.Peripheral` as it is, byte for byte.
- What is put into bytes here (advertising data, ATT answers) is written from the Core Specification alone.
"""
