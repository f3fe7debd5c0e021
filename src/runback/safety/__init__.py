"""The safety gate: what may be asked of the belt (`gate`), and when that permission is withdrawn (`watchdog`)."""
