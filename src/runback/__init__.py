"""runback: a treadmill interval timer with live control over Bluetooth FTMS."""

__version__ = "0.1.0"
