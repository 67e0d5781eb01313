"""`make bench-dashboard`: what the dashboard costs, and what open pages cost the gateway. A table, and JSON.

A stack of its own, as plain processes and without visitors. A page is its stream of news, read as a browser reads it.
All numbers of pages take turns, over and over in one run, since a machine is never the same twice.
"""

import argparse
import asyncio
import json
import statistics
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TypeVar

import psutil
import uvloop
from rich.console import Console
from rich.table import Table

from lab.closed_loop import closed_loop
from stack.errors import StackError
from stack.local.ports import free_port
from stack.local.runtime import LocalRuntime
from stack.settings import StackSettings

PAGES = (0, 1, 50)
ROUNDS = 5
# The system counts a process's time in steps of 10 ms, and the dashboard takes some 5 ms a second.
ROUND_S = 20.0
# Throughput sways more than the share of a core: more and shorter rounds, the order turned each time.
_LOADS = 4
_LOAD_S = 1.0
CONNECTIONS = 8
GOAL_SHARE = 0.05
GOAL_MIB = 80
_PRODUCTS = 10_000
_CUSTOMERS = 10_000
_QUIET = {"AFLOAT_RATE_PER_CLIENT": "1000000", "AFLOAT_VISITORS_RATE": "0"}

T = TypeVar("T")


@dataclass(frozen=True)
class Cost:
    """With so many pages open: the dashboard's share of one core, median and highest of the rounds, and its memory."""

    pages: int
    cpu_share: float
    highest_cpu_share: float
    rss_mib: float


@dataclass(frozen=True)
class Slowdown:
    """The gateway with many pages open, beside none: medians of the rounds, and of their ratios with the range."""

    pages: int
    per_s_without: float
    per_s_with: float
    per_s_ratio: float
    lowest_per_s_ratio: float
    highest_per_s_ratio: float
    p99_ms_without: float
    p99_ms_with: float
    p99_ratio: float


@dataclass(frozen=True)
class Report:
    costs: Sequence[Cost]
    slowdown: Slowdown


@dataclass(frozen=True)
class _Load:
    per_s: float
    p99_ms: float


class Bench:
    """One running stack: where it is reached, and its dashboard's process."""

    def __init__(self, address: tuple[str, int], dashboard_pid: int, rounds: int, round_s: float) -> None:
        self._address = address
        self._dashboard = psutil.Process(dashboard_pid)
        self._rounds = rounds
        self._round_s = round_s

    async def run(self) -> Report:
        costs = [await self._in_turn(PAGES, self._cost) for _ in range(self._rounds)]
        await self._load()
        few_and_many = (0, PAGES[-1])
        loads = [
            await self._in_turn(few_and_many[:: 1 if number % 2 else -1], self._load)
            for number in range(self._rounds * _LOADS)
        ]
        return Report([_median_cost(pages, [each[pages] for each in costs]) for pages in PAGES], _slowdown(loads))

    async def _in_turn(self, numbers: Sequence[int], measure: Callable[[], Awaitable[T]]) -> dict[int, T]:
        found = {}
        for pages in numbers:
            async with open_pages(self._address, pages):
                found[pages] = await measure()
        return found

    async def _cost(self) -> tuple[float, float]:
        """Share of a core and MiB, while nothing else goes on."""
        began, cpu_s = perf_counter(), self._cpu_s()
        await asyncio.sleep(self._round_s)
        share = (self._cpu_s() - cpu_s) / (perf_counter() - began)
        return share, self._dashboard.memory_info().rss / 2**20

    def _cpu_s(self) -> float:
        times = self._dashboard.cpu_times()
        return times.user + times.system

    async def _load(self) -> _Load:
        """Another customer with each request, so that the gateway's memory answers few."""
        targets = [f"/api/customers/{number}" for number in range(1, _CUSTOMERS + 1)]
        tally = await closed_loop(*self._address, targets, connections=CONNECTIONS, seconds=_LOAD_S)
        if tally.errors:
            raise StackError(f"{len(tally.errors)} requests failed, the first with: {tally.errors[0]}")
        slowest = sorted(tally.latencies_s)[ceil(0.99 * len(tally.latencies_s)) - 1]
        return _Load(len(tally.latencies_s) / _LOAD_S, slowest * 1000)


@asynccontextmanager
async def open_pages(address: tuple[str, int], count: int) -> AsyncIterator[list["asyncio.Task[None]"]]:
    """So many streams, each of which has had its first news, until the end. A StackError where one ends before."""
    async with AsyncExitStack() as cleanup:
        streams = []
        for _ in range(count):
            reader, writer = await asyncio.open_connection(*address)
            cleanup.callback(writer.close)
            writer.write("GET /control/events HTTP/1.1\r\nHost: {}:{}\r\n\r\n".format(*address).encode())
            streams.append(reader)
        await asyncio.gather(*(_first_news(reader) for reader in streams))
        pages = [asyncio.create_task(_read(reader)) for reader in streams]
        for page in pages:
            cleanup.callback(page.cancel)
        yield pages
        if any(page.done() for page in pages):
            raise StackError("A page's stream ended while it was open.")


async def _first_news(reader: asyncio.StreamReader) -> None:
    status = (await reader.readline()).split(b" ")[1]
    if status != b"200":
        raise StackError(f"A page could not be opened: the answer was {status.decode()}.")
    await reader.readuntil(b"event: news")


async def _read(reader: asyncio.StreamReader) -> None:
    """As a browser does, until the stream ends."""
    while await reader.read(65536):
        pass


def _median_cost(pages: int, rounds: Sequence[tuple[float, float]]) -> Cost:
    shares = [share for share, _ in rounds]
    return Cost(pages, statistics.median(shares), max(shares), max(mib for _, mib in rounds))


def _slowdown(rounds: Sequence[dict[int, _Load]]) -> Slowdown:
    without, among = [each[0] for each in rounds], [each[PAGES[-1]] for each in rounds]
    pairs = list(zip(without, among, strict=True))
    ratios = sorted(after.per_s / before.per_s for before, after in pairs)
    median = statistics.median
    return Slowdown(
        pages=PAGES[-1],
        per_s_without=median(each.per_s for each in without),
        per_s_with=median(each.per_s for each in among),
        per_s_ratio=median(ratios),
        lowest_per_s_ratio=ratios[0],
        highest_per_s_ratio=ratios[-1],
        p99_ms_without=median(each.p99_ms for each in without),
        p99_ms_with=median(each.p99_ms for each in among),
        p99_ratio=median(after.p99_ms / before.p99_ms for before, after in pairs),
    )


def measure(rounds: int, round_s: float) -> Report:
    """Start a stack, measure, and leave nothing of it."""
    # Not below the working folder: a socket's path may have 107 bytes.
    with TemporaryDirectory(prefix="afloat-bench-") as folder:
        settings = StackSettings(state_dir=Path(folder), port=free_port(set()), products_count=_PRODUCTS)
        runtime = LocalRuntime(settings, _QUIET, lambda _: None)
        try:
            runtime.up()
            status = runtime.status()
            [dashboard] = status.of("dashboard")
            assert dashboard.pid is not None
            host, _, port = status.url.removeprefix("http://").partition(":")
            return uvloop.run(Bench((host, int(port)), dashboard.pid, rounds, round_s).run())
        finally:
            runtime.down(volumes=True)


def tables(report: Report) -> list[Table]:
    """The figures for people."""
    costs = Table(title="The dashboard's process, no visitors", title_justify="left")
    for heading in ("open pages", f"of one core (goal {GOAL_SHARE:.0%})", "at most", f"memory (goal {GOAL_MIB} MiB)"):
        costs.add_column(heading, justify="right")
    for cost in report.costs:
        shares = (f"{cost.cpu_share:.1%}", f"{cost.highest_cpu_share:.1%}")
        costs.add_row(str(cost.pages), *shares, f"{cost.rss_mib:.0f} MiB")
    slow = report.slowdown
    gateway = Table(title=f"Customers through nginx and the gateway, {CONNECTIONS} connections", title_justify="left")
    for heading in ("", "no page", f"{slow.pages} pages", "ratio (range)"):
        gateway.add_column(heading, justify="right")
    ratio = f"{slow.per_s_ratio:.2f} ({slow.lowest_per_s_ratio:.2f}-{slow.highest_per_s_ratio:.2f})"
    per_s = (f"{slow.per_s_without:,.0f}", f"{slow.per_s_with:,.0f}", ratio)
    p99_ms = (f"{slow.p99_ms_without:.1f}", f"{slow.p99_ms_with:.1f}", f"{slow.p99_ratio:.2f}")
    gateway.add_row("requests a second", *per_s)
    gateway.add_row("p99 ms", *p99_ms)
    return [costs, gateway]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--round-s", type=float, default=ROUND_S, help="seconds of each round of the dashboard's cost")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    given = parser.parse_args()
    report = measure(given.rounds, given.round_s)
    if given.json:
        given.json.write_text(json.dumps(asdict(report), indent=2))
    for table in tables(report):
        Console().print(table)


if __name__ == "__main__":
    main()
