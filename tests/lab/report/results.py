"""What an experiment found, made up, with known answers."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lab.findings import (
    Checked,
    DependencyState,
    FaultDone,
    Found,
    Patterns,
    Phase,
    Run,
    Said,
    Second,
    SideFound,
    States,
    Verdict,
    summarise,
    worst,
)
from lab.report.collection import Collection

HOSTILE = (
    "</title><script>alert('x')</script>&amp;<img src=x onerror=alert(1)> \"quoted\" $\\frac{1}{ {{ 7*7 }} \U0001f6a2"
)


def second(at_s: int, fresh: int = 10, degraded: int = 0, rejected: int = 0, failed: int = 0, ms: float = 5) -> Second:
    """`failed` are those that were not rejected."""
    answered = fresh + degraded
    return Second(
        at_s=at_s, sent=answered + rejected + failed, answered=answered, degraded=degraded, rejected=rejected,
        failed=rejected + failed, p50_ms=ms if answered else None, p99_ms=4 * ms if answered else None,
        max_ms=5 * ms if answered else None,
    )  # fmt: skip


def replicas(at_s: float, **states: str) -> States:
    """`products_2="stopped"`."""
    return States(at_s=at_s, replicas={name.replace("_", "-"): state for name, state in states.items()})


def breakers(at_s: float, **gateways: Mapping[str, str]) -> Patterns:
    """`gateway_1={"orders": "open"}`."""
    return Patterns(
        at_s=at_s,
        gateways={
            gateway.replace("_", "-"): {
                name: DependencyState(breaker=state, in_flight=0, bulkhead_in_use=0, bulkhead_queued=0)
                for name, state in each.items()
            }
            for gateway, each in gateways.items()
        },
    )


def run(verdict: Verdict = Verdict.HELD, *, measures: Mapping[str, float | None] | None = None, **rest: Any) -> Run:
    """Nine seconds, of which three under a fault."""
    figures = {"sent": 90.0, "failed": 0.0, "downtime_s": 0.0, "p99_ms": 20.0, "lag_p99_ms": 1.5} | dict(measures or {})
    seconds = [second(at_s) for at_s in range(9)]
    return Run(
        **{
            "verdict": verdict,
            "reasons": [],
            "started_at": "2026-11-25T10:00:00+00:00",
            "took_s": 9.0,
            "phases": [
                Phase(name="warm_up", from_s=0, to_s=1),
                Phase(name="before", from_s=1, to_s=3),
                Phase(name="during", from_s=3, to_s=6),
                Phase(name="settling", from_s=6, to_s=7),
                Phase(name="after", from_s=7, to_s=9),
            ],
            "measures": figures,
            "expectations": [Checked(condition="failed == 0", measured=figures["failed"], held=figures["failed"] == 0)],
            "steady_before": [Checked(condition="answered_share >= 0.99", measured=1.0, held=True)],
            "steady_after": [Checked(condition="answered_share >= 0.99", measured=1.0, held=True)],
            "faults": [FaultDone(kind="kill", targets=["products-1", "products-2"], what="SIGKILL", from_s=3, to_s=6)],
            "journal": [Said(at_s=3.0, text="kill: products-1 and products-2 (SIGKILL)")],
            "failures": {},
            "answered_by": {"products-3": 90},
            "seconds": seconds,
            "seconds_by_service": {"products": seconds},
            "states": [replicas(0, products_1="ready"), replicas(3, products_1="stopped")],
            "patterns": [],
            "load_goes_first": True,
        }
        | rest
    )  # fmt: skip


def side(
    name: str, *runs: Run, row: str | None = None, column: str | None = None, x: float | None = None, **stack: Any
) -> SideFound:
    return SideFound(
        name=name, row=row, column=column, x=x, side={"name": name, "stack": stack},
        verdict=worst([each.verdict for each in runs]), runs=list(runs), summary=summarise(runs),
    )  # fmt: skip


def found(name: str, *sides: SideFound, **rest: Any) -> Found:
    verdict = worst([each.verdict for each in sides])
    return Found(
        **{
            "name": name,
            "title": name.replace("_", " ").capitalize(),
            "hypothesis": f"What {name} claims.",
            "file": f"{name}.toml",
            "verdict": verdict,
            "sentence": f"{verdict.value.capitalize()}. What {name} showed.",
            "started_at": "2026-11-25T10:00:00+00:00",
            "took_s": 60.0,
            "time_scale": 1.0,
            "slo": 0.999,
            "show": ["sent", "failed", "downtime_s", "during.customers.p99_ms"],
            "environment": {"runtime": "local", "cpus": 2, "commit": "abc1234"},
            "sides": list(sides),
        }
        | rest
    )


def down(downtime_s: float, failed: float, verdict: Verdict = Verdict.HELD, **rest: Any) -> Run:
    """A run with so much downtime."""
    return run(verdict, measures={"downtime_s": downtime_s, "failed": failed}, **rest)


def matrix(name: str = "redundancy_matrix", time_scale: float = 5, **rest: Any) -> Found:
    """Two stacks, three schedules, one of which makes no sense with one of the stacks."""
    cells = {
        ("2 replicas", "two at once"): [down(7, 70), down(6, 60), down(7, 71)],
        ("2 replicas", "one by one"): [down(0, 0)] * 3,
        ("3 replicas", "two at once"): [down(0, 4, Verdict.DEVIATED)] * 3,
        ("3 replicas", "one by one"): [down(0, 0)] * 3,
        ("3 replicas", "all at once"): [down(8, 80)] * 3,
    }
    sides = [
        side(f"{stack}, {schedule}", *runs, row=stack, column=schedule, replacement_s=28)
        for (stack, schedule), runs in cells.items()
    ]
    return found(name, *sides, time_scale=time_scale, **rest)


def write(folder: Path, *results: Found) -> Path:
    """As the lab writes them."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in results:
        (folder / f"{each.name}.json").write_text(each.model_dump_json(indent=1) + "\n")
    return folder


def collection(*results: Found) -> Collection:
    return Collection(Path(), list[Found](results))
