"""`make bench`: how much of PostgreSQL's own speed the stack keeps, and what it costs. JSON and a table.

A stack of its own, as plain processes: each figure of one kind is measured in one run, and throughput as a ratio, since
machines differ. pgbench runs the very SQL that the service sends, on the same data, with as many connections.
"""

import json
import statistics
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias
from urllib.parse import quote_plus
from urllib.request import urlopen

import psutil
import uvloop
from rich.table import Table

from lab.closed_loop import Tally, closed_loop
from lab.pgbench import Pgbench, sent_for
from lab.process import process, wait_for
from lab.request import WANTED
from stack.errors import StackError
from stack.local.folder import LocalFolder
from stack.local.ports import free_port
from stack.local.postgres import DATABASE
from stack.local.runtime import LocalRuntime
from stack.local.topology import Topology
from stack.runtime import Announce
from stack.settings import StackSettings

SELECTIVE = "brass lantern"
BROAD = "black"
SMALL, NORMAL = 10_000, 100_000
CONNECTIONS = 8
ROUNDS = 5
ROUND_S = 4
LATENCY_S = 3
# One client is all the load here; nginx would turn it away after 2,000 requests a second.
_NO_LIMIT = {"AFLOAT_RATE_PER_CLIENT": "1000000", "AFLOAT_VISITORS_RATE": "0"}
GOAL_RATIO = 0.55
GOAL_MIB = 500

# Of each round the searches and pgbench's transactions a second.
_Rounds: TypeAlias = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Throughput:
    """Requests and transactions a second, the median of the rounds; `ratio` is the median of the rounds' ratios.

    `bare_per_s`: the same search in the same run, with uvicorn and asyncpg's pool alone in the replicas' place.
    """

    http_per_s: float
    pgbench_per_s: float
    bare_per_s: float
    ratio: float
    lowest_ratio: float
    highest_ratio: float
    bare_ratio: float
    connections: int


@dataclass(frozen=True)
class Latency:
    """One search after another through the load balancer, medians in milliseconds."""

    products: int
    selective_p50_ms: float
    broad_p50_ms: float


@dataclass(frozen=True)
class Report:
    """Everything that the bench measures: seconds, MiB, rates and medians."""

    first_answer_new_s: float
    first_answer_again_s: float
    memory_mib: float
    throughput: Throughput
    latency: Sequence[Latency]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Bench:
    """Stacks in a folder of their own, measured, and gone at the end."""

    def __init__(self, settings: StackSettings, folder: Path, announce: Announce) -> None:
        self._settings = settings.model_copy(update={"state_dir": folder, "port": free_port(set())})
        self._announce = announce
        self._folder = LocalFolder(folder / "local")

    def run(self, *, largest: int = 1_000_000) -> Report:
        """Measure everything; `largest` bounds the catalogues whose latency is measured."""
        try:
            new_s = self._start(NORMAL)
            latency = [self._latency(NORMAL)]
            rounds = self._rounds("the stack")
            memory_mib = self._memory_mib()
            with self._bare():
                bare_rounds = self._rounds("uvicorn and asyncpg alone")
            self._runtime(NORMAL).down()
            again_s = self._start(NORMAL)
            if largest > NORMAL:
                self._start(largest)
                latency.append(self._latency(largest))
            self._runtime(NORMAL).down(volumes=True)
            self._start(SMALL)
            latency.insert(0, self._latency(SMALL))
        finally:
            self._runtime(NORMAL).down(volumes=True)
        return Report(new_s, again_s, memory_mib, _throughput(rounds, bare_rounds), latency)

    def _runtime(self, products: int) -> LocalRuntime:
        settings = self._settings.model_copy(update={"products_count": products})
        return LocalRuntime(settings, _NO_LIMIT, self._announce)

    def _start(self, products: int) -> float:
        """Seconds until a search is answered."""
        self._announce(f"Starting the stack with {products:,} products")
        started_at = perf_counter()
        runtime = self._runtime(products)
        runtime.up()
        url = runtime.status().url
        with urlopen(f"{url}{_path(SELECTIVE)}", timeout=10) as answer:  # noqa: S310  # our own stack
            answer.read()
        return perf_counter() - started_at

    def _address(self) -> tuple[str, int]:
        return self._topology().public

    def _topology(self) -> Topology:
        topology = self._folder.topology()
        assert topology is not None
        return topology

    def _latency(self, products: int) -> Latency:
        self._announce(f"Measuring latency with {products:,} products")
        return Latency(products, self._p50_ms(SELECTIVE), self._p50_ms(BROAD))

    def _p50_ms(self, words: str) -> float:
        tally = self._load([words], 1, LATENCY_S)
        return statistics.median(tally.latencies_s) * 1000

    def _rounds(self, whom: str) -> _Rounds:
        """Searches over HTTP and transactions of pgbench a second, in turn."""
        self._announce(f"Measuring the throughput of {whom}: {ROUNDS} rounds of HTTP and pgbench, {ROUND_S} s each")
        pgbench = Pgbench(self._folder, self._topology().place("postgres-1").port, WANTED, CONNECTIONS)
        self._load(WANTED, CONNECTIONS, 1)
        return [(self._per_s(), pgbench.per_s(ROUND_S)) for _ in range(ROUNDS)]

    def _per_s(self) -> float:
        return len(self._load(WANTED, CONNECTIONS, ROUND_S).latencies_s) / ROUND_S

    @contextmanager
    def _bare(self) -> Iterator[None]:
        """The replicas of Products are away, and uvicorn and asyncpg alone answer in their place."""
        runtime, topology = self._runtime(NORMAL), self._topology()
        database = topology.place("postgres-1").address
        url = f"postgresql://products:{self._folder.passwords()['products']}@{database}/{DATABASE}"
        sent = json.dumps(sent_for(SELECTIVE))
        replicas = topology.of("products")
        for replica in replicas:
            runtime.stop(replica.name)
        with ExitStack() as processes:
            for replica in replicas:
                processes.enter_context(process("lab.bare_search", str(replica.port), url, sent))
            for replica in replicas:
                wait_for(f"http://{replica.address}{_path(SELECTIVE)}")
            yield
        for replica in replicas:
            runtime.start(replica.name)

    def _load(self, searches: Sequence[str], connections: int, seconds: float) -> Tally:
        host, port = self._address()
        tally = uvloop.run(
            closed_loop(host, port, [_path(words) for words in searches], connections=connections, seconds=seconds)
        )
        if tally.errors:
            raise StackError(f"The stack answered {len(tally.errors)} searches wrongly: {tally.errors[0]}")
        return tally

    def _memory_mib(self) -> float:
        """Every process of the stack, supervisord too, by proportional set size: shared pages count once."""
        pid = self._folder.supervisor_pid()
        assert pid is not None
        supervisor = psutil.Process(pid)
        used = 0
        for each in (supervisor, *supervisor.children(recursive=True)):
            # PostgreSQL's own come and go.
            with suppress(psutil.NoSuchProcess):
                used += each.memory_full_info().pss
        return used / 2**20


def _throughput(rounds: _Rounds, bare: _Rounds) -> Throughput:
    ratios = _ratios(rounds)
    return Throughput(
        http_per_s=statistics.median(http for http, _ in rounds),
        pgbench_per_s=statistics.median(database for _, database in rounds),
        bare_per_s=statistics.median(http for http, _ in bare),
        ratio=statistics.median(ratios),
        lowest_ratio=ratios[0],
        highest_ratio=ratios[-1],
        bare_ratio=statistics.median(_ratios(bare)),
        connections=CONNECTIONS,
    )


def _ratios(rounds: _Rounds) -> list[float]:
    return sorted(http / database for http, database in rounds)


def _path(words: str) -> str:
    return f"/products/search?q={quote_plus(words)}"


def table(report: Report) -> Table:
    """The report for people."""
    rows = Table(title="Afloat, measured", show_header=False, title_justify="left")
    through = report.throughput
    rows.add_row("searches through nginx and three replicas", f"{through.http_per_s:,.0f} req/s")
    rows.add_row("pgbench, the same SQL and concurrency", f"{through.pgbench_per_s:,.0f} tps")
    rows.add_row(
        "ratio, median of the rounds (range)",
        f"{through.ratio:.2f} ({through.lowest_ratio:.2f}-{through.highest_ratio:.2f}), goal {GOAL_RATIO}",
    )
    rows.add_row(
        "uvicorn and asyncpg's pool alone, behind nginx",
        f"{through.bare_per_s:,.0f} req/s, ratio {through.bare_ratio:.2f}",
    )
    for latency in report.latency:
        rows.add_row(
            f"p50 with {latency.products:,} products",
            f"selective {latency.selective_p50_ms:.1f} ms, broad {latency.broad_p50_ms:.1f} ms",
        )
    rows.add_row("from `make up` to the first answer", f"{report.first_answer_again_s:.1f} s")
    rows.add_row("the same with a new database", f"{report.first_answer_new_s:.1f} s")
    rows.add_row("memory of the whole stack", f"{report.memory_mib:.0f} MiB, goal {GOAL_MIB}")
    return rows
