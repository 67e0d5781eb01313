"""`make bench-gateway`: what the patterns cost the gateway, and how fast a plain httpx proxy is.

One gateway process with its patterns on, the same process with its patterns off, and the plain proxy take turns,
several times in one run. The service behind them costs nothing. Every request is for another customer, so that no
answer comes from a cache.
"""

import argparse
import json
import statistics
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import uvloop
from rich.console import Console
from rich.table import Table

from lab.closed_loop import closed_loop
from lab.process import process, wait_for
from stack.local.ports import free_port

ROUNDS = 5
ROUND_S = 2.0
GOAL_OF_NONE = 0.9
GOALS_OF_HTTPX = {4: 2.5, 40: 3.0}
"""The least ratio of the gateway to the plain proxy, by number of connections."""

_CUSTOMERS = 100_000
_PATTERNS = ("timeouts", "circuit_breakers", "bulkheads", "retries", "retry_budgets", "fallbacks")


@dataclass(frozen=True)
class Throughput:
    """Requests a second, medians of the rounds. The ratios are medians of the ratios of each round."""

    connections: int
    patterns_on: float
    patterns_off: float
    httpx_proxy: float
    of_none: float
    of_httpx: float
    of_httpx_range: tuple[float, float]


def measure(rounds: int, round_s: float) -> list[Throughput]:
    """Start all processes, measure, stop them."""
    taken: list[int] = []
    for _ in range(3):
        taken.append(free_port(taken))
    upstream, gateway, plain = taken
    url = f"http://127.0.0.1:{upstream}"
    settings = {
        "AFLOAT_REPLICA": "gateway-1",
        "AFLOAT_LISTEN_PORT": str(gateway),
        **{f"AFLOAT_{name}_URL": url for name in ("PRODUCTS", "CUSTOMERS", "ORDERS")},
        # The bulkhead must not reject any of the load.
        "AFLOAT_CUSTOMERS_PATTERNS": json.dumps({"bulkhead": {"max_concurrent": max(GOALS_OF_HTTPX)}}),
    }
    with ExitStack() as processes:
        processes.enter_context(process("lab.tiny_upstream", str(upstream)))
        processes.enter_context(process("services.gateway", environment=settings))
        processes.enter_context(process("lab.plain_proxy", str(plain), url))
        for port in (gateway, plain):
            wait_for(f"http://127.0.0.1:{port}/api/customers/1")
        return [_with(connections, gateway, plain, rounds, round_s) for connections in GOALS_OF_HTTPX]


def _with(connections: int, gateway: int, plain: int, rounds: int, round_s: float) -> Throughput:
    measured: list[tuple[float, float, float]] = []
    for _ in range(rounds):
        _switch(gateway, on=True)
        patterns_on = _per_s(gateway, connections, round_s)
        _switch(gateway, on=False)
        patterns_off = _per_s(gateway, connections, round_s)
        measured.append((patterns_on, patterns_off, _per_s(plain, connections, round_s)))
    on, off, httpx = (statistics.median(column) for column in zip(*measured, strict=True))
    of_none = statistics.median(on / off for on, off, _ in measured)
    of_httpx = [on / httpx for on, _, httpx in measured]
    bounds = min(of_httpx), max(of_httpx)
    return Throughput(connections, on, off, httpx, of_none, statistics.median(of_httpx), bounds)


def _per_s(port: int, connections: int, seconds: float) -> float:
    targets = [f"/api/customers/{number}" for number in range(1, _CUSTOMERS + 1)]
    tally = uvloop.run(closed_loop("127.0.0.1", port, targets, connections=connections, seconds=seconds))
    if tally.errors:
        raise RuntimeError(f"{len(tally.errors)} requests failed, the first with: {tally.errors[0]}")
    return len(tally.latencies_s) / seconds


def _switch(port: int, *, on: bool) -> None:
    body = json.dumps(dict.fromkeys(_PATTERNS, on)).encode()
    request = Request(f"http://127.0.0.1:{port}/patterns", body, {"Content-Type": "application/json"}, method="PUT")
    with urlopen(request, timeout=10) as answer:  # noqa: S310  # http, as written above
        answer.read()


def table(measured: Sequence[Throughput]) -> Table:
    """The figures, each ratio beside its goal."""
    shown = Table(title="Requests a second through one process", title_justify="left")
    shown.add_column("")
    for row in measured:
        shown.add_column(f"{row.connections} connections", justify="right", no_wrap=True)
    shown.add_row("gateway, all patterns", *(f"{row.patterns_on:,.0f}" for row in measured))
    shown.add_row("gateway, no patterns", *(f"{row.patterns_off:,.0f}" for row in measured))
    shown.add_row("plain httpx proxy", *(f"{row.httpx_proxy:,.0f}" for row in measured))
    shown.add_row("all / no patterns", *(f"{row.of_none:.2f}, goal {GOAL_OF_NONE}" for row in measured))
    shown.add_row("all / plain httpx", *(_of_httpx(row) for row in measured))
    return shown


def _of_httpx(row: Throughput) -> str:
    least, most = row.of_httpx_range
    return f"{row.of_httpx:.1f} ({least:.1f} to {most:.1f}), goal {GOALS_OF_HTTPX[row.connections]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--round-s", type=float, default=ROUND_S)
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    given = parser.parse_args()
    measured = measure(given.rounds, given.round_s)
    if given.json:
        given.json.write_text(json.dumps([asdict(row) for row in measured], indent=2))
    Console().print(table(measured))


if __name__ == "__main__":
    main()
