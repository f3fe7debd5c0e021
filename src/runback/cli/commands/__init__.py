"""The commands, a file each: its options, and what it does. `runback NAME` is `NAME.py` and the function of that name
in it (with `_` at the end where Python has the word already); a new file is a new command.

Rules:
- What `--help` and a Tab need (click, options, enumerations of pure rooms) is imported at the top of a file, what only
  the work needs (pydantic, asyncio, SQLite, Bluetooth, a screen) where the work begins.
"""
