"""`make bench`: the search beside a plain FastAPI + SQLAlchemy app, its latency by catalogue size, memory, start.

It starts a stack of its own, as plain processes. The plain app runs the SQL of the service on the same data, behind the
same nginx, and the two take turns in one run: only their ratio means something on another machine.
"""

import statistics
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import perf_counter

import psutil
import uvloop

from lab.bench_report import Latency, Report, Spread, Throughput
from lab.closed_loop import Tally, closed_loop
from lab.plain_apps import BROAD, SELECTIVE, plain_apps, search, search_path
from lab.request import WANTED
from stack.errors import StackError
from stack.local.folder import LocalFolder
from stack.local.ports import free_port
from stack.local.postgres import DATABASE
from stack.local.runtime import LocalRuntime
from stack.local.starting import supervisor_of
from stack.local.topology import Topology
from stack.runtime import Announce
from stack.settings import StackSettings

SMALL, NORMAL, LARGE = 10_000, 100_000, 1_000_000
CONNECTIONS = 8
ROUNDS = 5
ROUND_S = 4
LATENCY_ROUND_S = 1
# One client makes all the load, and nginx would refuse more than 2,000 requests a second of it.
_NO_LIMIT = {"AFLOAT_RATE_PER_CLIENT": "1000000", "AFLOAT_VISITORS_RATE": "0"}


class Bench:
    """Starts stacks in a folder of their own, measures them, and removes them at the end."""

    def __init__(self, settings: StackSettings, folder: Path, announce: Announce) -> None:
        self._settings = settings.model_copy(update={"state_dir": folder, "port": free_port(set())})
        self._announce = announce
        self._folder = LocalFolder(folder / "local")

    def run(self) -> Report:
        try:
            new_s = self._start(NORMAL)
            normal = self._latency(NORMAL)
            throughput = self._throughput()
            memory_mib = self._memory_mib()
            self._runtime(NORMAL).down()
            again_s = self._start(NORMAL)
            self._start(LARGE)
            large = self._latency(LARGE)
            self._runtime(LARGE).down(volumes=True)
            self._start(SMALL)
            small = self._latency(SMALL)
        finally:
            self._runtime(NORMAL).down(volumes=True)
        return Report(new_s, again_s, memory_mib, throughput, [small, normal, large])

    def _runtime(self, products: int) -> LocalRuntime:
        settings = self._settings.model_copy(update={"products_count": products})
        return LocalRuntime(settings, _NO_LIMIT, self._announce)

    def _start(self, products: int) -> float:
        """Seconds until a search is answered."""
        self._announce(f"Starting the stack with {products:,} products")
        started_at = perf_counter()
        runtime = self._runtime(products)
        runtime.up()
        search(runtime.status().url, SELECTIVE)
        return perf_counter() - started_at

    def _topology(self) -> Topology:
        topology = self._folder.topology()
        assert topology is not None
        return topology

    def _latency(self, products: int) -> Latency:
        self._announce(f"Measuring latency with {products:,} products: {ROUNDS} rounds of {LATENCY_ROUND_S} s")
        rounds = [(self._p50_ms(SELECTIVE), self._p50_ms(BROAD)) for _ in range(ROUNDS)]
        selective, broad = zip(*rounds, strict=True)
        return Latency(products, Spread.of(selective), Spread.of(broad))

    def _p50_ms(self, words: str) -> float:
        return statistics.median(self._load([words], 1, LATENCY_ROUND_S).latencies_s) * 1000

    def _throughput(self) -> Throughput:
        """Measure both apps in each round. The first app of a round is the last of the one before: fewer reloads."""
        afloat = self._topology()
        database = afloat.place("postgres-1").address
        url = f"postgresql+asyncpg://products:{self._folder.passwords()['products']}@{database}/{DATABASE}"
        with plain_apps(afloat, url) as plain:
            self._announce(f"Measuring throughput: {ROUNDS} rounds of {ROUND_S} s for each app")
            apps = {"afloat": afloat, "plain": plain}
            rounds = []
            for number in range(ROUNDS):
                order = sorted(apps, reverse=number % 2 == 1)
                rounds.append({name: self._per_s(apps[name]) for name in order})
            self._balance(afloat)
        return Throughput(
            CONNECTIONS,
            http_per_s=Spread.of(each["afloat"] for each in rounds),
            plain_per_s=Spread.of(each["plain"] for each in rounds),
            ratio=Spread.of(each["afloat"] / each["plain"] for each in rounds),
        )

    def _per_s(self, topology: Topology) -> float:
        """Searches a second, where the products of this topology answer."""
        self._balance(topology)
        self._load(WANTED, CONNECTIONS, 1)
        return len(self._load(WANTED, CONNECTIONS, ROUND_S).latencies_s) / ROUND_S

    def _balance(self, topology: Topology) -> None:
        """Have nginx ask the products of this topology."""
        nginx = supervisor_of(topology).processes()["lb-1"].pid
        assert nginx is not None
        if self._folder.balancer.configure(topology):
            self._folder.balancer.reload(nginx)

    def _load(self, searches: Sequence[str], connections: int, seconds: float) -> Tally:
        host, port = self._topology().public
        paths = [search_path(words) for words in searches]
        tally = uvloop.run(closed_loop(host, port, paths, connections=connections, seconds=seconds))
        if tally.errors:
            raise StackError(f"{len(tally.errors)} searches failed, the first with: {tally.errors[0]}")
        return tally

    def _memory_mib(self) -> float:
        """Every process of the stack, supervisord too, by proportional set size: shared pages count once."""
        pid = self._folder.supervisor_pid()
        assert pid is not None
        supervisor = psutil.Process(pid)
        used = 0
        for each in (supervisor, *supervisor.children(recursive=True)):
            # PostgreSQL's own processes come and go.
            with suppress(psutil.NoSuchProcess):
                used += each.memory_full_info().pss
        return used / 2**20
