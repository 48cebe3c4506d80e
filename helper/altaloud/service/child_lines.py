"""A process of ours that does long work aside and tells of it as lines of JSON; it ends with its listener."""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from typing import Any


class ChildLines:
    """What the process says, line by line, and how it ended."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def __aiter__(self) -> AsyncIterator[Any]:
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe; for the type checker
        async for line in self._process.stdout:
            yield json.loads(line)

    async def code(self) -> int:
        """Wait for its end; return the exit code."""
        return await self._process.wait()


@contextlib.asynccontextmanager
async def child_lines(module: str, *arguments: str) -> AsyncIterator[ChildLines]:
    """Run `python -m module arguments…`; leaving the block ends it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", module, *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield ChildLines(process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
