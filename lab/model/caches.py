"""A cache in each gateway, as the gateways become more: what one popular answer costs the service behind."""

import math

from lab.model.assumptions import Assumptions
from lab.model.table import Column, Table
from resilience.options import StaleCacheOptions

GATEWAYS = (1, 10, 100, 1000)


def origin_calls_per_s(key_per_s: float, gateways: int, fresh_s: float) -> float:
    """Calls for one key that get through: of each gateway one, then none for `fresh_s`, then one for the next request.

    Requests come at random times and evenly to all gateways, so the next is 1 / (its rate) away on average.
    """
    own_per_s = key_per_s / gateways
    return gateways * own_per_s / (1 + own_per_s * fresh_s)


def first_second_calls(key_per_s: float, gateways: int) -> float:
    """In the first second after a flush: one call of each gateway that is asked, since an answer stays fresh longer."""
    return gateways * -math.expm1(-key_per_s / gateways)


def caches_table(assumptions: Assumptions) -> Table:
    """Private caches beside one that all share."""
    key_per_s, fresh_s = assumptions.popular_key_per_s.value, StaleCacheOptions().fresh_s
    shared = origin_calls_per_s(key_per_s, 1, fresh_s)
    rows = []
    for gateways in GATEWAYS:
        private = origin_calls_per_s(key_per_s, gateways, fresh_s)
        rows.append(
            {
                "gateways": gateways,
                "hits": 1 - private / key_per_s,
                "private_per_s": private,
                "shared_per_s": shared,
                "flushed_private": first_second_calls(key_per_s, gateways),
                "flushed_shared": first_second_calls(key_per_s, 1),
            }
        )
    columns = (
        Column("gateways", "gateways", ",d"),
        Column("hits", "hits", ".1%"),
        Column("private_per_s", "calls a second, a cache each", ".1f"),
        Column("shared_per_s", "calls a second, one for all", ".1f"),
        Column("flushed_private", "in the first second after a flush, a cache each", ".1f"),
        Column("flushed_shared", "the same, one for all", ".1f"),
    )
    hits = assumptions.cache_hits.value
    note = (
        f"One answer asked for {key_per_s:g} times a second in all, fresh for {fresh_s:g} s, single flight. "
        f"Where a warm cache answers {hits:.0%} of all requests, a flush multiplies the load behind "
        f"it by {flush_factor(hits):.0f}."
    )
    return Table("caches", "a popular answer behind many gateways", columns, rows, note)


def flush_factor(hits: float) -> float:
    """How much more gets through while the cache is empty."""
    return 1 / (1 - hits)
