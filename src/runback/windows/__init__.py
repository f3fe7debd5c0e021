"""What only Windows needs, one module for each part of the system: the console, processes, sound.

Rules:
- Elsewhere these modules can be imported and are empty. Whoever needs one asks `sys.platform` first, and says beside it
  what other systems do.
- Nothing of ours is imported here: it answers in the system's terms, and decides nothing.
- `ctypes`, `msvcrt` and `winsound` are imported here only.
"""
