"""`make bench-gateway`: what the patterns cost the gateway, and what a plain httpx proxy does beside it.

The same gateway process with its patterns on and off, and the plain proxy, in turn and over and over in one run; a
service that costs nothing behind them. Every request asks for another customer, so that no memory answers.
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

CONNECTIONS = (4, 40)
ROUNDS = 5
ROUND_S = 2.0
GOAL_OF_NONE = 0.9
GOAL_OF_HTTPX = 4.0
_CUSTOMERS = 100_000
_PATTERNS = ("timeouts", "circuit_breakers", "bulkheads", "retries", "retry_budgets", "fallbacks")


@dataclass(frozen=True)
class Throughput:
    """Requests a second, medians of the rounds; the ratios are medians of the rounds' ratios."""

    connections: int
    patterns_on: float
    patterns_off: float
    httpx_proxy: float
    of_none: float
    of_httpx: float


def measure(rounds: int, round_s: float) -> list[Throughput]:
    """Start everything, take turns, stop everything."""
    upstream, gateway, plain = (_port() for _ in range(3))
    url = f"http://127.0.0.1:{upstream}"
    settings = {
        "AFLOAT_REPLICA": "gateway-1",
        "AFLOAT_LISTEN_PORT": str(gateway),
        **{f"AFLOAT_{name}_URL": url for name in ("PRODUCTS", "CUSTOMERS", "ORDERS")},
        # All the load is meant to get through, whatever the bulkhead's size.
        "AFLOAT_CUSTOMERS_PATTERNS": json.dumps({"bulkhead": {"max_concurrent": max(CONNECTIONS)}}),
    }
    with ExitStack() as processes:
        processes.enter_context(process("lab.tiny_upstream", str(upstream)))
        processes.enter_context(process("services.gateway", **settings))
        processes.enter_context(process("lab.plain_proxy", str(plain), url))
        for port in (gateway, plain):
            wait_for(f"http://127.0.0.1:{port}/api/customers/1")
        return [_at(connections, gateway, plain, rounds, round_s) for connections in CONNECTIONS]


def _at(connections: int, gateway: int, plain: int, rounds: int, round_s: float) -> Throughput:
    taken: list[tuple[float, float, float]] = []
    for _ in range(rounds):
        _switch(gateway, on=True)
        with_patterns = _per_s(gateway, connections, round_s)
        _switch(gateway, on=False)
        without = _per_s(gateway, connections, round_s)
        taken.append((with_patterns, without, _per_s(plain, connections, round_s)))
    on, off, httpx = (statistics.median(each) for each in zip(*taken, strict=True))
    of_none = statistics.median(one / other for one, other, _ in taken)
    of_httpx = statistics.median(one / other for one, _, other in taken)
    return Throughput(connections, on, off, httpx, of_none, of_httpx)


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


_taken: list[int] = []


def _port() -> int:
    port = free_port(_taken)
    _taken.append(port)
    return port


def table(measured: Sequence[Throughput]) -> Table:
    """The figures for people."""
    shown = Table(title="Requests a second through one gateway process", title_justify="left")
    headings = ("connections", "all patterns", "none", "plain httpx proxy", f"of none (goal {GOAL_OF_NONE})")
    for heading in (*headings, f"of httpx (goal {GOAL_OF_HTTPX:g})"):
        shown.add_column(heading, justify="right")
    for each in measured:
        rates = (f"{rate:,.0f}" for rate in (each.patterns_on, each.patterns_off, each.httpx_proxy))
        shown.add_row(str(each.connections), *rates, f"{each.of_none:.2f}", f"{each.of_httpx:.1f}")
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--round-s", type=float, default=ROUND_S)
    parser.add_argument("--json", type=Path, help="write the figures there too")
    given = parser.parse_args()
    measured = measure(given.rounds, given.round_s)
    if given.json:
        given.json.write_text(json.dumps([asdict(each) for each in measured], indent=2))
    Console().print(table(measured))


if __name__ == "__main__":
    main()
