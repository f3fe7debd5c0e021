"""`serve.py` at work: start it, ask it, kill it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from subprocess import PIPE

from tests.support.child import command

_PATIENCE = 10.0


class BluezProcess:
    """A bench in another process. `writes` are those it has told of so far: t, uuid, data (hex), response."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.writes: list[dict[str, object]] = []
        self._process = process

    async def ask(self, line: str) -> object:
        """Send one order (`serve.py` lists them) and return its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        await self._process.stdin.drain()
        _, answer = await self._answer()
        return answer

    async def truth(self) -> dict[str, object]:
        """The belt itself: t, speed (0.01 km/h), incline (0.1 %), phase, distance (m)."""
        answer = await self.ask("truth")
        assert isinstance(answer, dict)
        return answer

    async def ready(self) -> str:
        """Wait for org.bluez; returns the address of its bus."""
        _, bus = await self._answer()
        return str(bus)

    async def kill(self) -> None:
        """SIGKILL."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def end(self) -> None:
        """Close its input, which ends it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    async def _answer(self) -> tuple[str, object]:
        """The next line that is no write."""
        assert self._process.stdout is not None
        async with asyncio.timeout(_PATIENCE):
            while line := await self._process.stdout.readline():
                ((what, content),) = json.loads(line).items()
                if what != "write":
                    return what, content
                self.writes.append(content)
        raise EOFError("the bench has ended")


@asynccontextmanager
async def bluez_process(*arguments: str) -> AsyncIterator[BluezProcess]:
    """A bench that is ready, ended afterwards; `arguments` as `serve.py` takes them."""
    program = command("tests.support.bluez.serve", *arguments)
    process = await asyncio.create_subprocess_exec(*program, stdin=PIPE, stdout=PIPE)
    served = BluezProcess(process)
    try:
        await served.ready()
        yield served
        await served.end()
    finally:
        await served.kill()
