"""The gateways' patterns, looked at and switched from outside."""

from collections.abc import Mapping
from typing import Any

import pytest
from rich.console import Console

from stack import patterns, show
from stack.errors import NothingRuns, StackError
from stack.reply import Reply, is_paused
from tests.stack.asked import AskedRuntime, replies

NAMES = ("gateway-1", "gateway-2", "products-1")
SWITCHES = ("timeouts", "circuit_breakers", "bulkheads", "retries", "retry_budgets", "fallbacks")
OPEN = {
    "circuit_breaker": {"state": "open", "failure_rate": 0.625, "next_probe_in_s": 4.25},
    "bulkhead": {"in_use": 3, "queued": 2, "max_concurrent": 25, "max_queued": 20},
    "retry_budget": {"left": 7},
    "in_flight": 9,
    "rejected": {"circuit_open": 41, "bulkhead_full": 0},
}
IDLE = OPEN | {"circuit_breaker": {"state": "closed", "failure_rate": None, "next_probe_in_s": None}, "rejected": {}}


class Gateways:
    """Each remembers its own switches, and refuses one that it does not know."""

    def __init__(self) -> None:
        self.switches = {name: dict.fromkeys(SWITCHES, True) for name in ("gateway-1", "gateway-2")}

    def answer(self, name: str, question: str, body: Any) -> Reply:
        own = self.switches[name]
        if question == "PUT /patterns":
            unknown = sorted(body.keys() - own.keys())
            if unknown:
                errors = [{"loc": ["body", each], "msg": "Extra inputs are not permitted"} for each in unknown]
                return replies({"detail": "The request is not valid.", "errors": errors}, 422)
            own.update(body)
        return replies({"switches": own, "dependencies": {"products": OPEN, "orders": IDLE}})


def stack_of(gateways: Gateways) -> AskedRuntime:
    return AskedRuntime(NAMES, gateways.answer)


def test_every_gateway_is_asked_and_nobody_else() -> None:
    stack = stack_of(Gateways())

    shown = patterns.look(stack).to_json()

    assert shown["gateways"].keys() == {"gateway-1", "gateway-2"}
    assert shown["unanswered"] == {}
    assert shown["gateways"]["gateway-1"]["dependencies"]["products"] == OPEN


@pytest.mark.parametrize(
    ("asked_for", "off"),
    [
        ({"timeouts": False}, {"timeouts"}),
        ({"all": False}, set(SWITCHES)),
        ({"all": False, "fallbacks": True}, set(SWITCHES) - {"fallbacks"}),
        ({"all": True, "bulkheads": False}, {"bulkheads"}),
    ],
)
def test_a_switch_is_turned_at_every_gateway(asked_for: Mapping[str, bool], off: set[str]) -> None:
    gateways = Gateways()

    now = patterns.switch(stack_of(gateways), asked_for)

    for name in ("gateway-1", "gateway-2"):
        assert {each for each, on in gateways.switches[name].items() if not on} == off
        assert now.gateways[name]["switches"] == gateways.switches[name]


def test_a_switch_that_there_is_none_of_is_named() -> None:
    with pytest.raises(StackError) as refused:
        patterns.switch(stack_of(Gateways()), {"bulkhead": False})
    assert str(refused.value) == "gateway-1, gateway-2 refuse: bulkhead: extra inputs are not permitted."


def test_a_gateway_that_is_silent_is_told_of_beside_the_others() -> None:
    gateways = Gateways()
    stack = AskedRuntime(
        NAMES, lambda name, *rest: is_paused(name) if name == "gateway-2" else gateways.answer(name, *rest)
    )

    shown = patterns.look(stack)
    with pytest.raises(StackError, match="gateway-2 is paused"):
        patterns.switch(stack, {"timeouts": False})

    assert shown.gateways.keys() == {"gateway-1"}
    assert "gateway-2 is paused" in shown.unanswered["gateway-2"]
    assert gateways.switches["gateway-1"]["timeouts"] is False


def test_without_a_gateway_nothing_runs() -> None:
    with pytest.raises(NothingRuns):
        patterns.look(AskedRuntime(("products-1",), Gateways().answer))


def test_the_table_shows_each_circuit_and_what_it_turned_away() -> None:
    console = Console(width=160, color_system=None)
    with console.capture() as captured:
        console.print(show.patterns_table(patterns.look(stack_of(Gateways()))))

    text = captured.get()
    assert "gateway-1: timeouts on  circuit_breakers on" in text
    products = next(line for line in text.splitlines() if "products" in line)
    shown = ("open, probe in 4.2 s", "62%", "9", "3 of 25", "2 of 20", "7", "circuit_open 41")
    assert [cell.strip() for cell in products.split("│")[2:-1]] == list(shown)
