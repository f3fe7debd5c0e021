"""The program without its start-up: a process that has imported everything forks for each command.

What a command finds is what it would find at a shell: its own process, descriptors, environment, folder and exit code.
What it does not find is a fresh interpreter. A test about start-up itself, about what is imported or about the
interpreter's own variables (`PYTHON...`, the locale) runs `python -m runback`.
"""

from __future__ import annotations

import atexit
import functools
import gc
import importlib
import json
import os
import pkgutil
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

LIMIT = 90.0
LARGEST_REQUEST = 1 << 18
FILE_SIZE_UNIT = 1024
"""Bytes: as `ulimit -f` counts in bash."""


def run(
    *arguments: str,
    env: Mapping[str, str],
    cwd: Path | None = None,
    stdin: IO[bytes] | None = None,
    largest: int | None = None,
) -> subprocess.CompletedProcess[str]:
    """`runback ARGUMENTS` where nobody can be asked, or with what `stdin` holds. No file may grow beyond `largest` KiB,
    as on a full disk. Raises TimeoutError."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, open(os.devnull, "rb") as nothing:
        request = {"argv": arguments, "env": dict(env), "cwd": str(cwd or Path.cwd()), "largest": largest}
        code = _server().call(request, (nothing if stdin is None else stdin, out, err))
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode("utf-8"))
    return subprocess.CompletedProcess(["runback", *arguments], code, *texts)


class _Server:
    """The process that forks, seen from the tests."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen([sys.executable, __file__, str(theirs.fileno())], pass_fds=[theirs.fileno()])
        theirs.close()
        self._socket.settimeout(LIMIT)

    def call(self, request: Mapping[str, object], streams: tuple[IO[bytes], ...]) -> int:
        """The exit code of one command."""
        message = json.dumps(request).encode()
        assert len(message) <= LARGEST_REQUEST
        socket.send_fds(self._socket, [message], [stream.fileno() for stream in streams])
        try:
            return int(self._socket.recv(64))
        except TimeoutError:
            self.close()
            raise
        finally:
            if self._process.poll() is not None:
                _server.cache_clear()

    def close(self) -> None:
        """End it, and with it the command that it waits for."""
        self._socket.close()
        self._process.kill()
        self._process.wait()


@functools.cache
def _server() -> _Server:
    server = _Server()
    atexit.register(server.close)
    return server


def _serve(fd: int) -> None:
    """Fork for each request; returns in the child, made ready to be the program."""
    import runback

    for module in pkgutil.walk_packages(runback.__path__, "runback."):
        if module.name.split(".")[-1] not in ("__main__", "stop_key_driver"):
            importlib.import_module(module.name)
    gc.freeze()
    with socket.socket(fileno=fd) as requests:
        while True:
            message, fds, _, _ = socket.recv_fds(requests, LARGEST_REQUEST, 3)
            if not message:
                os._exit(0)
            child = os.fork()
            if child == 0:
                break
            for each in fds:
                os.close(each)
            _, status = os.waitpid(child, 0)
            requests.send(str(os.waitstatus_to_exitcode(status)).encode())
    request = json.loads(message)
    for target, each in enumerate(fds):
        os.dup2(each, target)
        os.close(each)
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    os.chdir(request["cwd"])
    if request["largest"] is not None:
        size = request["largest"] * FILE_SIZE_UNIT
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    sys.argv = ["runback", *request["argv"]]


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C at the tests is theirs
    del sys.path[0]  # the folder of the tests
    _serve(int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    from runback.cli import main

    main()
