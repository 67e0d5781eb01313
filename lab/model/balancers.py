"""Many balancers in front of the same replicas, none of which sees what the others send.

Requests come at random times to a random balancer; a replica serves one at a time, in order, for an exponential time
with a mean of 1. *least_conn* sends to the replica with the fewest of the balancer's own requests under way, as nginx
does in one instance; *two choices* looks at two replicas drawn at random and takes the less busy of them: by its own
count, or by what the replicas themselves say (M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing",
IEEE TPDS 12(10), 2001). Ties are broken at random.
"""

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from lab.model.assumptions import Assumptions
from lab.model.estimates import RUNS, Estimate, of_batches
from lab.model.table import Column, Table
from lab.result import nearest_rank

Choose = Callable[[Random, Sequence[int], Sequence[int]], int]
"""Given a balancer's own counts and the replicas' true ones, the replica to send to."""

BALANCERS = (1, 10, 100, 1000)
REPLICAS = 30
REQUESTS = 30_000
"""In each run."""
WARM_UP = 0.1
"""The first tenth of the requests finds the replicas emptier than they will be."""


@dataclass(frozen=True)
class Response:
    """Response times in mean service times: 1 is a replica that was idle, on average."""

    mean: float
    p99: float


def at_random(random: Random, own: Sequence[int], true: Sequence[int]) -> int:
    return int(random.random() * len(own))


def least_conn(random: Random, own: Sequence[int], true: Sequence[int]) -> int:
    least = min(own)
    ties = [number for number, count in enumerate(own) if count == least]
    return ties[int(random.random() * len(ties))]


def two_choices(random: Random, own: Sequence[int], true: Sequence[int]) -> int:
    return _less_busy_of_two(random, own)


def two_choices_told(random: Random, own: Sequence[int], true: Sequence[int]) -> int:
    return _less_busy_of_two(random, true)


POLICIES: dict[str, Choose] = {
    "random": at_random,
    "least_conn": least_conn,
    "two choices, own count": two_choices,
    "two choices, told by the replica": two_choices_told,
}
GO_BY_THEIR_OWN = {"least_conn", "two choices, own count"}
"""To the others it is all the same how many balancers there are."""


def at_random_exactly(utilisation: float, percent: float) -> float:
    """A percentile of the response time: M/M/1, where that is exponential with a mean of 1 / (1 - utilisation)."""
    return -math.log(1 - percent / 100) / (1 - utilisation)


def respond(
    choose: Choose, balancers: int, replicas: int, utilisation: float, seed: int, requests: int = REQUESTS
) -> Response:
    """How long requests take; the same seed gives the same requests to every policy."""
    arrivals, choices = Random(f"{seed} arrivals"), Random(f"{seed} choices")
    own = [[0] * replicas for _ in range(balancers)]
    true = [0] * replicas
    free_at = [0.0] * replicas
    ends: list[tuple[float, int, int]] = []
    took: list[float] = []
    now = 0.0
    for _ in range(requests):
        now += arrivals.expovariate(utilisation * replicas)
        balancer, service = int(arrivals.random() * balancers), arrivals.expovariate(1)
        while ends and ends[0][0] <= now:
            _, by, served = heapq.heappop(ends)
            own[by][served] -= 1
            true[served] -= 1
        replica = choose(choices, own[balancer], true)
        free_at[replica] = max(now, free_at[replica]) + service
        own[balancer][replica] += 1
        true[replica] += 1
        heapq.heappush(ends, (free_at[replica], balancer, replica))
        took.append(free_at[replica] - now)
    steady = sorted(took[int(requests * WARM_UP) :])
    return Response(sum(steady) / len(steady), nearest_rank(steady, 99))


def _less_busy_of_two(random: Random, counts: Sequence[int]) -> int:
    first = int(random.random() * len(counts))
    second = int(random.random() * (len(counts) - 1))
    second += second >= first
    if counts[first] == counts[second]:
        return first
    return first if counts[first] < counts[second] else second


def balancers_table(assumptions: Assumptions, seed: int) -> Table:
    """Response times as the balancers become more."""
    utilisation = assumptions.utilisation.value
    alike = {
        name: _responses(choose, 1, utilisation, seed)
        for name, choose in POLICIES.items()
        if name not in GO_BY_THEIR_OWN
    }
    rows = []
    for balancers in BALANCERS:
        row: dict[str, Any] = {"balancers": balancers}
        for name, choose in POLICIES.items():
            p99, mean = alike.get(name) or _responses(choose, balancers, utilisation, seed)
            row[name], row[f"{name}, mean"] = p99, mean
        rows.append(row)
    columns = (Column("balancers", "balancers", ",d"), *(Column(name, name, ".1f") for name in POLICIES))
    note = (
        f"99th percentile of the response time, in mean service times; {REPLICAS} replicas, {utilisation:.0%} busy. "
        f"With 95 % intervals from {RUNS} runs of {REQUESTS:,} requests; at random it is exactly "
        f"{at_random_exactly(utilisation, 99):.1f}."
    )
    return Table("balancers", "what a balancer knows when there are many", columns, rows, note)


def _responses(choose: Choose, balancers: int, utilisation: float, seed: int) -> tuple[Estimate, Estimate]:
    """The 99th percentile and the mean."""
    runs = [respond(choose, balancers, REPLICAS, utilisation, RUNS * seed + number) for number in range(RUNS)]
    return of_batches([run.p99 for run in runs]), of_batches([run.mean for run in runs])
