"""The real reports of the services are accepted, whatever is switched off."""

import json
from dataclasses import asdict
from typing import Any

import pytest
from pydantic import TypeAdapter

from chassis.faults.fault import Fault
from chassis.faults.kinds import KINDS, AnyFault
from resilience.pipeline import Pipeline
from resilience.pipeline_state import Switches
from services.dashboard import reports


@pytest.mark.parametrize("switches", [Switches(), Switches(*[False] * 6), Switches(bulkheads=False)])
async def test_the_report_of_a_pipeline_is_accepted_with_its_patterns_on_and_off(switches: Switches) -> None:
    pipeline = Pipeline("orders")
    pipeline.switch(switches)
    document: dict[str, Any] = {"switches": asdict(switches), "dependencies": {"orders": asdict(pipeline.snapshot())}}
    patterns = reports.patterns(json.dumps(document).encode())
    assert patterns is not None
    assert patterns["switches"] == asdict(switches)
    bulkhead = document["dependencies"]["orders"]["bulkhead"]
    assert patterns["dependencies"]["orders"]["bulkhead"].items() <= bulkhead.items()


FAULTS: list[dict[str, object]] = [
    {"kind": "latency", "delay_ms": 3000, "jitter_ms": 0},
    {"kind": "error", "status": 503, "rate": 0.5},
    {"kind": "hang", "rate": 1.0},
    {"kind": "reset", "rate": 0.1},
    {"kind": "grey", "rate": 0.5},
    {"kind": "leak", "mib_per_s": 20},
    {"kind": "block", "block_ms": 500},
    {"kind": "crash"},
    {"kind": "exhaust_pool"},
]


@pytest.mark.parametrize("body", FAULTS, ids=lambda body: str(body["kind"]))
def test_every_kind_of_fault_is_accepted_with_its_settings(body: dict[str, object]) -> None:
    fault: Fault = TypeAdapter(AnyFault).validate_python(body | {"for_s": 60})
    described = fault.model_dump() | {"left_s": 59.5}
    assert reports.faults(json.dumps({"faults": [described]}).encode()) == (described,)


def test_the_list_above_has_every_kind_of_fault() -> None:
    assert {body["kind"] for body in FAULTS} == set(KINDS)


@pytest.mark.parametrize(
    "lie",
    [
        {"delay_ms": 10**400},
        {"delay_ms": -(10**13)},
        {"status": 10**400},
        {"mib_per_s": 10**13},
        {"block_ms": 10**13},
        {"jitter_ms": 10**400},
        {"x" * 5000: 1},
        {"<b>": 1},
        {"": 1},
        {f"x{number}": number for number in range(500)},
    ],
    ids=lambda lie: f"{len(lie)} {next(iter(lie))[:12]}",
)
def test_a_fault_that_a_page_cannot_show_is_refused(lie: dict[str, int]) -> None:
    fault = json.dumps({"kind": "latency", "left_s": 5} | lie)
    assert reports.faults(f'{{"faults": [{fault}]}}'.encode()) is None
