"""`tests/bluez/serve.py` from outside: treadmills on a private bus, and when which bytes reached them."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.benchmarks.pseudo_terminal import before_strangers, like_strangers
from tests.support.child import command

ADDRESS = "5A:1D:00:00:18:{:02X}"
"""Of the treadmill with number 0x26 and on."""
FIRST = 0x26
PATIENCE = 20.0
STOP = "0801"


@dataclass(frozen=True, slots=True)
class Write:
    """A WriteValue at the bench: CLOCK_MONOTONIC seconds, to whom, hexadecimal."""

    at: float
    address: str
    data: str


class Treadmills:
    """A running bench with `count` treadmills, each a client's own."""

    def __init__(self, bus: str, count: int, *arguments: str) -> None:
        before_strangers(os.getpid())  # bench and bus daemon belong to this session
        self.addresses = [ADDRESS.format(FIRST + number) for number in range(count)]
        self._process = subprocess.Popen(
            command("tests.support.bluez.serve", "--bus", bus, "--also", str(count - 1), *arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._writes: list[Write] = []
        self._news = threading.Condition()
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._ready.wait(PATIENCE):
            raise TimeoutError("the bench does not start")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            ((what, content),) = json.loads(line).items()
            if what == "ready":
                self._ready.set()
            elif what == "write":
                with self._news:
                    self._writes.append(Write(content["t"], content["address"], content["data"]))
                    self._news.notify_all()

    @property
    def seen(self) -> int:
        """How many writes there have been: where to look from."""
        return len(self._writes)

    def since(self, seen: int, address: str) -> list[Write]:
        """The writes to `address` after the first `seen` of all."""
        return [write for write in self._writes[seen:] if write.address == address]

    def first(self, address: str, data: str, seen: int, within: float) -> Write | None:
        """Wait up to `within` seconds for `data` at `address`, after the first `seen` writes."""
        deadline = time.monotonic() + within
        with self._news:
            while True:
                for write in self.since(seen, address):
                    if write.data.startswith(data):
                        return write
                left = deadline - time.monotonic()
                if left <= 0:
                    return None
                self._news.wait(left)

    def order(self, line: str) -> None:
        """Have something done to the first treadmill: see `serve.py`."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(PATIENCE)
        like_strangers(os.getpid())
        assert self._process.stdout is not None
        self._process.stdout.close()


@contextmanager
def treadmills(bus: str, count: int, *arguments: str) -> Iterator[Treadmills]:
    """A bench, ended afterwards."""
    bench = Treadmills(bus, count, *arguments)
    try:
        yield bench
    finally:
        bench.close()
