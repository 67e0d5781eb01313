"""Which replicas a fault is put into, and what is said where that does not work."""

from typing import Any

import pytest

from stack import faults
from stack.errors import BrokeOff, NotPossibleHere, StackError, UnknownTarget
from stack.reply import Reply, does_not_run, is_paused
from tests.stack.asked import AskedRuntime, replies

NAMES = ("lb-1", "gateway-1", "products-1", "products-2", "postgres-1")
LATENCY = {"kind": "latency", "delay_ms": 300, "for_s": 5}
ON = {"faults": [{**LATENCY, "left_s": 4.0}]}
OFF: dict[str, Any] = {"faults": []}


def problem(*errors: tuple[list[str], str]) -> Reply:
    return replies({"detail": "No.", "errors": [{"loc": loc, "msg": msg} for loc, msg in errors]}, 422)


def test_a_service_means_all_its_replicas_and_a_name_one() -> None:
    stack = AskedRuntime(NAMES, lambda *_: replies(ON))

    assert faults.inject(stack, "products", LATENCY) == ["products-1", "products-2"]
    assert faults.inject(stack, "products-2", LATENCY) == ["products-2"]
    assert sorted(name for name, *_ in stack.asked) == ["products-1", "products-2", "products-2"]
    assert all(question == ["PUT /faults", LATENCY] for _, *question in stack.asked)


@pytest.mark.parametrize(
    ("target", "kind", "says"),
    [
        ("", UnknownTarget, "Say which replica"),
        ("product", UnknownTarget, "No replica is called product"),
        ("products-9", UnknownTarget, "No replica is called products-9"),
        ("lb", NotPossibleHere, "lb-1 cannot be asked"),
        ("postgres-1", NotPossibleHere, "postgres-1 cannot be asked"),
    ],
)
def test_a_target_that_takes_no_faults_is_named(target: str, kind: type[StackError], says: str) -> None:
    stack = AskedRuntime(NAMES, lambda *_: replies(ON))

    with pytest.raises(kind, match=says):
        faults.inject(stack, target, LATENCY)
    assert stack.asked == []


def test_replicas_that_refuse_for_the_same_reason_say_it_once() -> None:
    stack = AskedRuntime(NAMES, lambda *_: problem((["body", "latency", "delay_ms"], "Field required")))

    with pytest.raises(StackError) as refused:
        faults.inject(stack, "products", {"kind": "latency", "for_s": 1})
    assert str(refused.value) == "products-1, products-2 refuse: delay_ms: field required."


def test_a_kind_that_there_is_none_of_is_told_in_the_services_words() -> None:
    stack = AskedRuntime(NAMES, lambda *_: problem((["body"], "Input tag 'x' does not match")))

    with pytest.raises(StackError, match="gateway-1 refuses: Input tag 'x' does not match"):
        faults.inject(stack, "gateway", {"kind": "x", "for_s": 1})


def test_a_fault_begins_where_it_can_though_one_replica_is_silent() -> None:
    stack = AskedRuntime(NAMES, lambda name, *_: is_paused(name) if name == "products-1" else replies(ON))

    with pytest.raises(StackError, match="products-1 is paused"):
        faults.inject(stack, "products", LATENCY)
    assert "products-2" in [name for name, *_ in stack.asked]


def test_a_crash_may_come_before_its_answer() -> None:
    stack = AskedRuntime(NAMES, lambda *_: BrokeOff("gone"))

    assert faults.inject(stack, "products-1", {"kind": "crash", "for_s": 1}) == ["products-1"]
    with pytest.raises(BrokeOff):
        faults.inject(stack, "products-1", LATENCY)


@pytest.mark.parametrize("act", [lambda stack: faults.inject(stack, "products", LATENCY), faults.clear])
def test_a_stack_that_takes_no_faults_says_what_to_set(act: Any) -> None:
    stack = AskedRuntime(NAMES, lambda *_: replies({"detail": "Not Found"}, 404))

    with pytest.raises(NotPossibleHere, match="AFLOAT_FAULTS_ENABLED is false"):
        act(stack)
    assert faults.active(stack).unanswered.keys() == {"gateway-1", "products-1", "products-2"}


def test_a_replica_that_does_not_run_has_no_fault_to_end() -> None:
    stack = AskedRuntime(NAMES, lambda name, *_: does_not_run(name) if name == "products-1" else replies(OFF))

    faults.clear(stack)

    assert sorted(name for name, *_ in stack.asked) == ["gateway-1", "products-1", "products-2"]
    assert faults.active(stack).to_json() == {"faults": [], "unanswered": {}}


def test_a_replica_that_hears_nothing_keeps_its_fault_and_that_is_said() -> None:
    stack = AskedRuntime(NAMES, lambda name, *_: is_paused(name) if name == "products-1" else replies(ON))

    with pytest.raises(StackError, match="products-1 is paused"):
        faults.clear(stack)
    shown = faults.active(stack).to_json()
    assert [each["replica"] for each in shown["faults"]] == ["gateway-1", "products-2"]
    assert shown["faults"][0] == {"replica": "gateway-1", **ON["faults"][0]}
    assert "products-1 is paused" in shown["unanswered"]["products-1"]
