"""`make bench`: how much of PostgreSQL's own speed the stack keeps, and what it costs. JSON and a table.

A stack of its own, as plain processes: each figure of one kind is measured in one run, and throughput as a ratio, since
machines differ. pgbench runs the very SQL that the service sends, on the same data, with as many connections.
"""

import json
import re
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import quote_plus
from urllib.request import urlopen

import psutil
import uvloop
from rich.table import Table

from lab.closed_loop import Tally, closed_loop
from lab.request import WANTED
from stack.errors import StackError
from stack.local.folder import LocalFolder
from stack.local.ports import free_port
from stack.local.postgres import DATABASE, binary
from stack.local.runtime import LocalRuntime
from stack.local.topology import HOST, Topology
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
_NO_LIMIT = {"AFLOAT_RATE_PER_CLIENT": "1000000"}
GOAL_RATIO = 0.55
GOAL_MIB = 500


@dataclass(frozen=True)
class Throughput:
    """Requests and transactions a second, the median of the rounds; `ratio` is the median of the rounds' ratios."""

    http_per_s: float
    pgbench_per_s: float
    ratio: float
    lowest_ratio: float
    highest_ratio: float
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
        self._defines: list[str] = []

    def run(self, *, largest: int = 1_000_000) -> Report:
        """Measure everything; `largest` bounds the catalogues whose latency is measured."""
        try:
            new_s = self._start(NORMAL)
            latency = [self._latency(NORMAL)]
            throughput = self._throughput()
            memory_mib = self._memory_mib()
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
        return Report(new_s, again_s, memory_mib, throughput, latency)

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

    def _throughput(self) -> Throughput:
        self._announce(f"Measuring throughput: {ROUNDS} rounds of pgbench and HTTP, {ROUND_S} s each")
        pgbench = self._pgbench(WANTED)
        self._load(WANTED, CONNECTIONS, 1)
        rounds = [
            (len(self._load(WANTED, CONNECTIONS, ROUND_S).latencies_s) / ROUND_S, pgbench()) for _ in range(ROUNDS)
        ]
        ratios = sorted(http / database for http, database in rounds)
        return Throughput(
            http_per_s=statistics.median(http for http, _ in rounds),
            pgbench_per_s=statistics.median(database for _, database in rounds),
            ratio=statistics.median(ratios),
            lowest_ratio=ratios[0],
            highest_ratio=ratios[-1],
            connections=CONNECTIONS,
        )

    def _load(self, searches: Sequence[str], connections: int, seconds: float) -> Tally:
        host, port = self._address()
        tally = uvloop.run(
            closed_loop(host, port, [_path(words) for words in searches], connections=connections, seconds=seconds)
        )
        if tally.errors:
            raise StackError(f"The stack answered {len(tally.errors)} searches wrongly: {tally.errors[0]}")
        return tally

    def _pgbench(self, searches: Sequence[str]) -> Callable[[], float]:
        """A function that runs pgbench for a round, over these searches, and gives its transactions a second."""
        scripts = [self._script(number, words) for number, words in enumerate(searches)]
        environment = {
            "PGPASSWORD": self._folder.passwords()["products"],
            "PGOPTIONS": "-c plan_cache_mode=force_generic_plan -c jit=off",
        }
        fixed = [f"--client={CONNECTIONS}", "--jobs=2", "--protocol=prepared", "--no-vacuum", f"--time={ROUND_S}"]
        port = self._topology().place("postgres-1").port
        where = [f"--host={HOST}", f"--port={port}", "--username=products", DATABASE]
        command = [str(binary("pgbench")), *fixed, *self._defines, *(f"--file={script}" for script in scripts), *where]

        def once() -> float:
            ended = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
            found = re.search(r"tps = ([\d.]+)", ended.stdout)
            if ended.returncode or found is None:
                raise StackError(f"pgbench failed: {ended.stderr.strip()}")
            return float(found[1])

        return once

    def _script(self, number: int, words: str) -> Path:
        """What the service sends for a search, as a pgbench script."""
        command = [sys.executable, "-m", "services.products.sql", f"q={quote_plus(words)}"]
        described = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        sql = re.sub(r"\s*\n", " ", described["sql"])
        for name, value in described["arguments"].items():
            sql = sql.replace(f":{name}::", f":{name}_{number}::")
            self._defines.append(f"--define={name}_{number}={value}")
        script = self._folder.path / f"search-{number}.sql"
        script.write_text(f"{sql};\n")
        return script

    def _memory_mib(self) -> float:
        """Every process of the stack, supervisord too, by proportional set size: shared pages count once."""
        pid = self._folder.supervisor_pid()
        assert pid is not None
        supervisor = psutil.Process(pid)
        tree = [supervisor, *supervisor.children(recursive=True)]
        return sum(process.memory_full_info().pss for process in tree) / 2**20


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
    for latency in report.latency:
        rows.add_row(
            f"p50 with {latency.products:,} products",
            f"selective {latency.selective_p50_ms:.1f} ms, broad {latency.broad_p50_ms:.1f} ms",
        )
    rows.add_row("from `make up` to the first answer", f"{report.first_answer_again_s:.1f} s")
    rows.add_row("the same with a new database", f"{report.first_answer_new_s:.1f} s")
    rows.add_row("memory of the whole stack", f"{report.memory_mib:.0f} MiB, goal {GOAL_MIB}")
    return rows
