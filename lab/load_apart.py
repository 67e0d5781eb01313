"""The handle on a load that runs in a process of its own, with all that it has told so far."""

import asyncio
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from types import TracebackType
from typing import Self

from lab.load_process import Plan
from lab.record import Record, Records
from lab.result import Result
from stack.errors import StackError
from stack.settings import ROOT

_LINE_BYTES = 64 * 2**20
_BEGIN_S = 20.0

NoteOrder = Callable[[str, str, int | None], None]
"""Told an order's key, its body, and its id if it was accepted."""


class LoadFailed(StackError):
    """The load generator itself failed: what it printed."""


class LoadApart:
    """`async with LoadApart(plan) as load:` runs in the background until `stop`. Its clock is ours: the machine's."""

    def __init__(self, plan: Plan, note_order: NoteOrder | None = None) -> None:
        self._plan = plan
        self._note_order = note_order
        self._records = Records()
        self._last = False
        self.in_flight = 0
        self.goes_first = False
        self.started_s = 0.0

    async def __aenter__(self) -> Self:
        # Ctrl-C is for the lab, which then ends the load.
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "lab.load_process",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
            limit=_LINE_BYTES,
            start_new_session=True,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asdict(self._plan)).encode() + b"\n")
        begun = asyncio.Event()
        self._reading = asyncio.create_task(self._read(begun))
        waiting = asyncio.create_task(begun.wait())
        try:
            await asyncio.wait([waiting, self._reading], timeout=_BEGIN_S, return_when=asyncio.FIRST_COMPLETED)
            if not begun.is_set():
                raise LoadFailed("The load generator did not begin.")
        except BaseException:
            await self._end()
            raise
        finally:
            waiting.cancel()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._end()

    @property
    def count(self) -> int:
        """How many requests have ended, as far as it was told."""
        return len(self._records)

    def records(self, since: int = 0) -> list[Record]:
        """Those that were told, from this one on in the order in which they ended."""
        return list(self._records.since(since))

    def result(self) -> Result:
        """Every request that has ended, as far as it was told."""
        return Result(self._records.since(0), self.started_s)

    async def stop(self) -> None:
        """Send no more; returns when every request has ended, which takes no longer than its timeout."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        # A line that was never finished is no JSON.
        with suppress(ValueError):
            await self._reading
        if not self._last:
            raise LoadFailed("The load generator broke off.")

    async def _read(self, begun: asyncio.Event) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            told = json.loads(line)
            self.started_s, self.in_flight = told["started_s"], told["in_flight"]
            self.goes_first, self._last = told["goes_first"], told["last"]
            for record in told["records"]:
                self._records.append(Record(*record))
            if self._note_order is not None:
                for key, body, order_id in told["orders"]:
                    self._note_order(key, body, order_id)
            begun.set()

    async def _end(self) -> None:
        self._reading.cancel()
        await asyncio.wait([self._reading])
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
