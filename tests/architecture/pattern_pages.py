"""The tables in docs/patterns/, made from the code: `python -m tests.architecture.pattern_pages` writes them anew."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from resilience.options import SHARED_POOL, PipelineOptions, StaleCacheOptions
from services.gateway import app, options
from services.gateway.settings import GatewaySettings
from services.orders.idempotency import OPENAPI as IDEMPOTENCY_KEY
from tests.architecture.readme import settings_table

FOLDER = Path(__file__).parents[2] / "docs/patterns"
MADE_BY = "made by `python -m tests.architecture.pattern_pages`"
BLOCK = re.compile(rf"<!-- (\w+): {re.escape(MADE_BY)} -->\n(.*?)\n<!-- end of \1 -->", re.DOTALL)

# What each option of the gateway means. Names ending in a dot stand for all options of one pattern.
DESCRIPTIONS = {
    "attempt_timeout_s": "longest that one attempt may take",
    "circuit_breaker.window_s": "length of the rolling window, in ten buckets",
    "circuit_breaker.minimum_calls": "calls that the window must hold before a rate counts",
    "circuit_breaker.failure_rate": "share of failed calls in the window at which it opens",
    "circuit_breaker.consecutive_failures": "failures in a row at which it opens, however few calls there are",
    "circuit_breaker.slow_call_s": "a call that takes this long is slow",
    "circuit_breaker.slow_call_rate": "share of slow calls at which it opens, even if none failed",
    "circuit_breaker.open_wait_s": "first wait while open; it doubles with each reopening",
    "circuit_breaker.max_open_wait_s": "longest wait, jitter included",
    "circuit_breaker.open_wait_jitter": "share by which each wait is spread to either side",
    "circuit_breaker.permitted_calls": "probes while half-open, under way or done",
    "circuit_breaker.probe_timeout_s": "a probe that takes longer counts as failed",
    "bulkhead.max_concurrent": "slots: calls under way at most",
    "bulkhead.max_queued": "places in the queue",
    "bulkhead.max_wait_s": "longest wait for a slot",
    "retry.max_attempts": "attempts, the first one included",
    "retry.first_backoff_s": "the first pause is drawn from 0 to this; the interval doubles",
    "retry.max_backoff_s": "the interval does not grow beyond this",
    "retry.max_retry_after_s": "a service that asks its callers to wait longer is not tried again",
    "retry_budget.ratio": "retries as a share of the original calls in the window",
    "retry_budget.window_s": "length of that window",
    "retry_budget.min_retries": "retries in a window that are always allowed",
    "stale_cache.max_entries": "answers in the cache; the least recently used one goes first",
    "stale_cache.max_bytes": "bytes of all answers in the cache",
    "stale_cache.fresh_s": "for so long an answer is served without a call",
    "stale_cache.stale_s": "for so long an answer can take the place of a failed call",
}

# What stands in each page's table of defaults: options of the gateway by prefix, then settings by name.
DEFAULTS: dict[str, tuple[str, ...]] = {
    "deadline": ("AFLOAT_REQUEST_TIMEOUT_S", "AFLOAT_LB_GATEWAY_READ_TIMEOUT"),
    "timeout": (
        "attempt_timeout_s",
        "AFLOAT_LB_CONNECT_TIMEOUT",
        "AFLOAT_LB_READ_TIMEOUT",
        "AFLOAT_DATABASE_CONNECT_TIMEOUT_S",
        "AFLOAT_DATABASE_ACQUIRE_TIMEOUT_S",
        "AFLOAT_DATABASE_QUERY_TIMEOUT_S",
    ),
    "retry": ("retry.", "retry_budget."),
    "circuit-breaker": ("circuit_breaker.",),
    "bulkhead": ("bulkhead.", "shared_pool.", "AFLOAT_DATABASE_POOL_SIZE"),
    "fallback": ("stale_cache.",),
    "redundancy": (
        "AFLOAT_PRODUCTS_REPLICAS",
        "AFLOAT_GATEWAY_REPLICAS",
        "AFLOAT_LB_CONNECT_TIMEOUT",
        "AFLOAT_LB_READ_TIMEOUT",
        "AFLOAT_LB_NEXT_UPSTREAM",
        "AFLOAT_LB_TRIES",
        "AFLOAT_LB_TRIES_TIMEOUT",
        "AFLOAT_LB_GATEWAY_READ_TIMEOUT",
        "AFLOAT_LB_GATEWAY_NEXT_UPSTREAM",
    ),
    "drain": ("AFLOAT_DRAIN_S", "AFLOAT_STOP_TIMEOUT_S", "AFLOAT_KEEP_ALIVE_S", "AFLOAT_DEPENDENCY_KEEP_ALIVE_S"),
    "idempotency": ("key.",),
}

METRICS: dict[str, tuple[str, ...]] = {
    "README": (
        "afloat_replica_info",
        "afloat_pattern_enabled",
        "afloat_faults_active",
        "afloat_dependency_calls_total",
    ),
    "deadline": (
        "afloat_rejections_total",
        "afloat_dependency_in_flight_calls",
        "afloat_dependency_call_duration_seconds",
        "afloat_http_request_duration_seconds",
    ),
    "timeout": ("afloat_rejections_total", "afloat_attempts_total", "afloat_attempts_in_flight"),
    "retry": (
        "afloat_retries_total",
        "afloat_retries_refused_total",
        "afloat_retry_budget_left_retries",
        "afloat_attempts_total",
    ),
    "circuit-breaker": (
        "afloat_circuit_state",
        "afloat_circuit_opened_total",
        "afloat_circuit_failure_rate",
        "afloat_circuit_slow_call_rate",
        "afloat_circuit_next_probe_seconds",
        "afloat_circuit_stale_results_total",
        "afloat_rejections_total",
    ),
    "bulkhead": (
        "afloat_bulkhead_in_use_slots",
        "afloat_bulkhead_limit_slots",
        "afloat_bulkhead_queued_calls",
        "afloat_bulkhead_wait_seconds",
        "afloat_rejections_total",
    ),
    "fallback": (
        "afloat_stale_answers_total",
        "afloat_cache_hits_total",
        "afloat_cache_followers_total",
        "afloat_cache_entries",
        "afloat_cache_bytes",
        "afloat_dependency_calls_total",
    ),
    "redundancy": ("afloat_http_requests_total", "afloat_http_request_duration_seconds"),
    "drain": ("afloat_http_in_flight_requests",),
    "idempotency": ("afloat_http_requests_total", "afloat_retries_total"),
}


@cache
def exposition() -> str:
    """What a gateway says at `/metrics` before any traffic, with faults enabled as in a stack."""
    nowhere = "http://127.0.0.1:1"
    urls = {f"{name}_url": nowhere for name in ("products", "customers", "orders")}
    settings = GatewaySettings.model_validate({**urls, "replica": "gateway-1", "faults_enabled": True})

    async def ask() -> str:
        transport = httpx.ASGITransport(app.build(settings))
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            return (await client.get("/metrics")).text

    return asyncio.run(ask())


@cache
def metrics() -> dict[str, str]:
    """The gateway's own metrics as the docs write them, each with its labels and what it says."""
    found = {}
    for family in text_string_to_metric_families(exposition()):
        if family.name.startswith("afloat_") and not family.name.endswith("_created"):
            name = f"{family.name}_total" if family.type == "counter" else family.name
            labels = {label: None for sample in family.samples for label in sample.labels if label != "le"}
            found[name] = f"| `{name}` | {', '.join(f'`{label}`' for label in labels)} | {family.documentation} |"
    return found


def gateway_options() -> dict[str, str]:
    """Every option around a dependency, and of the pool that stands in for the bulkheads, with its default."""
    library = dict(_flat(PipelineOptions())) | dict(_flat(StaleCacheOptions(), "stale_cache."))
    around = {
        name.capitalize(): dict(_flat(getattr(options, name.upper()))) for name in ("products", "customers", "orders")
    }
    found = {name: _default(library[name], {who: each[name] for who, each in around.items()}) for name in library}
    found |= {f"shared_pool.{name}": f"`{value}`" for name, value in _flat(SHARED_POOL)}
    return found


def defaults_table(page: str) -> str:
    """The page's defaults as Markdown."""
    rows = ["| option or setting | default | what it is |", "|---|---|---|"]
    known = gateway_options()
    settings = {line.split("`")[1]: line for line in settings_table().splitlines()[2:]}
    for wanted in DEFAULTS[page]:
        if wanted == "key.":
            rows += _idempotency_key()
        elif wanted in settings:
            rows.append(settings[wanted])
        else:
            for name, default in known.items():
                if name == wanted or (wanted.endswith(".") and name.startswith(wanted)):
                    rows.append(f"| `{name}` | {default} | {_description(name)} |")
    return "\n".join(rows)


def metrics_table(page: str) -> str:
    """The page's metrics as Markdown."""
    return "\n".join(
        ["| metric | labels | what it is |", "|---|---|---|", *(metrics()[name] for name in METRICS[page])]
    )


def written_anew(page: str, text: str) -> str:
    """The page's text with its tables as they should be."""
    tables = {"defaults": defaults_table, "metrics": metrics_table}

    def block(match: re.Match[str]) -> str:
        kind = match[1]
        return f"<!-- {kind}: {MADE_BY} -->\n{tables[kind](page)}\n<!-- end of {kind} -->"

    return BLOCK.sub(block, text)


def _flat(given: object, prefix: str = "") -> Iterator[tuple[str, object]]:
    for each in fields(given):  # type: ignore[arg-type] # always an options object
        value = getattr(given, each.name)
        if is_dataclass(value):
            yield from _flat(value, f"{prefix}{each.name}.")
        else:
            yield f"{prefix}{each.name}", value


def _default(library: object, around: dict[str, object]) -> str:
    if len(set(around.values())) == 1:
        value = next(iter(around.values()))
        return f"`{value}`" if value == library else f"`{value}` (in the library `{library}`)"
    return ", ".join(f"{who} `{value}`" for who, value in around.items())


def _description(name: str) -> str:
    pattern, _, option = name.rpartition(".")
    if pattern != "shared_pool":
        return DESCRIPTIONS[name]
    return f"with the bulkheads off, for all services together: {DESCRIPTIONS[f'bulkhead.{option}']}"


def _idempotency_key() -> list[str]:
    schema = IDEMPOTENCY_KEY["parameters"][0]["schema"]
    described = {"minLength": "shortest key", "maxLength": "longest key", "pattern": "what a key may be made of"}
    return [f"| `{name}` | `{schema[name]}` | {text} |" for name, text in described.items()]


if __name__ == "__main__":
    for path in sorted(FOLDER.glob("*.md")):
        path.write_text(written_anew(path.stem, path.read_text()))
