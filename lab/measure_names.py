"""The names of all measures, such as `failed` or `during.customers.p99_ms`, and what each means.

[phase.][group.]figure   from the requests: of all or of one group; over the whole run or in one phase
watched.subject.figure   from what the replicas said of themselves
run figure               of the run as a whole, such as `time_to_recover_s`
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from lab.measures import BUDGET_DAYS, DOWN_BELOW
from lab.mix import GROUPS


class Meaning(NamedTuple):
    """The term that people use for a measure, and what it says."""

    term: str
    says: str


PHASES: Mapping[str, str] = MappingProxyType(
    {
        "before": "while nothing was broken yet",
        "during": "from the first fault until the last was over",
        "open": "from the first breaker's opening until the cure",
        "after": "once all was well again",
    }
)
FIGURES: Mapping[str, Meaning] = MappingProxyType(
    {
        "sent": Meaning("sent", "the requests that fell due"),
        "answered": Meaning("answered", "with a status below 400, in time; fresh or degraded"),
        "failed": Meaning("failed", "sent and not answered: errors, no answer in time, rejected, dropped"),
        "dropped": Meaning("dropped", "failed without having been sent, since too many were in flight already"),
        "degraded": Meaning("degraded", "answered with cached data past its time (stale), or without a part"),
        "rejected": Meaning("rejected", "failed because a pattern turned it away: an open circuit, a full bulkhead"),
        "answered_share": Meaning("answered", "answered, fresh or degraded, as a share of sent"),
        "fresh_share": Meaning("answered fresh", "answered and not degraded, as a share of sent"),
        "degraded_share": Meaning("degraded", "degraded as a share of sent"),
        "p50_ms": Meaning("p50", "the median latency of the answered requests, from when they were due; nearest rank"),
        "p95_ms": Meaning("p95", "the latency that 95 % of the answered requests did not exceed"),
        "p99_ms": Meaning("p99", "the latency that 99 % of the answered requests did not exceed"),
        "p999_ms": Meaning("p99.9", "the latency that 99.9 % of the answered requests did not exceed"),
        "max_ms": Meaning("slowest", "the longest latency of an answered request"),
        "degraded_p50_ms": Meaning("p50 of degraded", "the median latency of the degraded answers"),
        "degraded_p95_ms": Meaning("p95 of degraded", "the latency that 95 % of the degraded answers did not exceed"),
        "failed_p50_ms": Meaning(
            "p50 of failed", "the median time that a failed request took to fail; not of the dropped"
        ),
        "failed_p95_ms": Meaning("p95 of failed", "how soon 95 % of the failed had failed; not of the dropped"),
        "rejected_p95_ms": Meaning("p95 of rejected", "how soon 95 % of the rejected were told so"),
        "downtime_s": Meaning(
            "downtime",
            f"the seconds, cut into bins of 1 s by due time, in which under {DOWN_BELOW:.0%} of the requests were"
            " answered",
        ),
        "worst_gap_s": Meaning(
            "worst gap", "the longest time from a request that failed to the next that was answered, by due time"
        ),
        "retries_per_request": Meaning("retries per request", "as many as the answers admit, divided by sent"),
        "error_budget_spent": Meaning(
            "error budget spent",
            f"failed as a share of those that the SLO lets fail in {BUDGET_DAYS} days at this rate",
        ),
    }
)
_LOOKED_AT = "as the runtime tells it, looked at every 0.5 s, on Docker every 3 s"
RUN: Mapping[str, Meaning] = MappingProxyType(
    {
        "time_to_detect_s": Meaning(
            "time to detect", "from the first fault to the first sign that the stack, or the lab's look at it, shows"
        ),
        "time_to_recover_s": Meaning(
            "time to recover",
            "from the first fault to the end of the last second in which a request failed; never, if that is the"
            " load's last",
        ),
        "time_to_full_capacity_s": Meaning(
            "time to full capacity",
            "from the first fault until as many replicas were ready as before and every breaker closed, for good;"
            f" {_LOOKED_AT}",
        ),
        "vulnerability_window_s": Meaning(
            "vulnerability window",
            "how long in all fewer replicas of a service were ready than before: what one more failure may fall into;"
            f" {_LOOKED_AT}",
        ),
        "full_size_downtime_s": Meaning(
            "downtime at full size",
            "the downtime, times how much faster than it is written the schedule ran: the same at every pace, but for"
            " the replicas' own start, which runs no faster",
        ),
        "orders_lost": Meaning("orders lost", "accepted, and unknown to the shop afterwards"),
        "orders_doubled": Meaning("duplicate orders", "orders too many: a key has one order, whatever happened"),
        "orders_accepted": Meaning("orders accepted", "different keys whose order was accepted"),
        "lag_p99_ms": Meaning("own lag, p99", "how late the load generator itself sent 99 % of the requests at most"),
        "lag_max_ms": Meaning("own lag, longest", "how late the load generator itself sent at worst"),
        "in_flight_max": Meaning("in flight", "the most requests that visitors waited for at once"),
    }
)
DEPENDENCIES = ("products", "customers", "orders")
WATCHED: Mapping[str, Mapping[str, Meaning]] = MappingProxyType(
    {
        "breaker": {
            "opened_after_s": Meaning("breaker opened after", "from the first fault to the breaker's first opening"),
            "opened_after_calls": Meaning(
                "calls until it opened",
                "calls that failed, by the gateways' count: from the last look before the faults to the first that saw"
                " it open, with those under way at its opening",
            ),
            "closed_after_s": Meaning("breaker closed after", "from the end of the last fault until closed for good"),
            "openings": Meaning("breaker's openings", "how often it opened, by its own count"),
        },
        "in_flight": {
            "max": Meaning(
                "calls in flight",
                "the most that gateways made or queued at once; a queue that all services share counts for the gateway"
                " alone, which has the calls of all",
            ),
            "before_max": Meaning("calls in flight before", "the most while nothing was broken yet"),
            "during_max": Meaning("calls in flight during", "the most while the faults were on"),
            "growth_per_s": Meaning("growth of calls in flight", "the slope of the least-squares line during faults"),
        },
        "calls": {
            "before_per_s": Meaning("calls before", "that its replicas counted, a second, while nothing was broken"),
            "during_per_s": Meaning("calls during", "that its replicas counted, a second, while the faults were on"),
            "after_per_s": Meaning("calls after", "that its replicas counted, a second, once all was well again"),
            "fell_by": Meaning("calls fell by", "from before to during, as a share of before"),
            "peak_after": Meaning("peak of calls after the cure", "the busiest reading, as a multiple of before"),
            "per_request": Meaning("calls per request", "calls during the faults for each visitor's request for it"),
        },
        "replicas": {
            "least_ready": Meaning("fewest ready", "the fewest replicas seen ready at once"),
            "restarts": Meaning("restarts", "by the runtime itself, of all its replicas together"),
        },
    }
)

_PATTERN = re.compile(
    rf"((?P<phase>{'|'.join(PHASES)})\.)?((?P<group>{'|'.join(GROUPS)})\.)?(?P<figure>{'|'.join(FIGURES)})"
    rf"|(?P<run>{'|'.join(RUN)})"
    + "".join(
        rf"|{watched}\.({'|'.join((*DEPENDENCIES, 'gateway'))})\.({'|'.join(figures)})"
        for watched, figures in WATCHED.items()
    )
)

HELP = (
    f"use one of {', '.join((*list(FIGURES)[:9], *list(RUN)[:3]))} and so on, "
    f"with a phase ({', '.join(PHASES)}) and a service or kind before it if need be, as in during.customers.p99_ms"
)


class Named(NamedTuple):
    """A measure's name taken apart: what it is, of whom (empty: all) and in which phase (empty: the whole run)."""

    meaning: Meaning
    subject: str
    phase: str


def check(name: str) -> str:
    """The name, or a ValueError where no run can have a measure of this name."""
    if _PATTERN.fullmatch(name) is None:
        raise ValueError(f"there is no measure called {name}: {HELP}")
    return name


def check_now(name: str) -> str:
    """The name, or a ValueError for what only a whole run has: a phase, or what was seen of the stack itself."""
    subject, _, figure = name.rpartition(".")
    if figure not in FIGURES or subject not in ("", *GROUPS):
        raise ValueError(
            f"{name} is not known while a run goes on: name a figure of its requests, of all or of a service"
        )
    return name


def named(name: str) -> Named:
    """What a name means; a ValueError where no run can have a measure of this name."""
    match = _PATTERN.fullmatch(check(name))
    assert match is not None
    if match["figure"]:
        return Named(FIGURES[match["figure"]], match["group"] or "", match["phase"] or "")
    if match["run"]:
        return Named(RUN[match["run"]], "", "")
    watched, subject, figure = name.split(".")
    return Named(WATCHED[watched][figure], subject, "")
