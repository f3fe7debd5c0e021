"""`python -m runback.cues.wav_player winsound|miniaudio FILE`: plays a WAV file where no program of the system does.

A process of its own like all players, so that it can be killed. Exit code 1: it cannot be heard.
"""

from __future__ import annotations

import sys

_BUFFER_MS = 100


def main(module: str, file: str) -> int:
    """Play `file` to its end."""
    return {"winsound": _winsound, "miniaudio": _miniaudio}[module](file)


def _winsound(file: str) -> int:
    if sys.platform == "win32":
        from runback.windows import sound

        sound.play(file)
        return 0
    return 1


def _miniaudio(file: str) -> int:
    import threading
    import time

    import miniaudio

    over = threading.Event()
    sound = miniaudio.stream_with_callbacks(miniaudio.stream_file(file), end_callback=over.set)
    next(sound)
    with miniaudio.PlaybackDevice(buffersize_msec=_BUFFER_MS) as device:
        device.start(sound)
        over.wait()  # all of it is in the buffer
        time.sleep(_BUFFER_MS / 1000)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
