import pytest

from stack.errors import UnknownTarget
from stack.model import Replica, Status, find, numbered

NAMES = ["postgres-1", "products-1", "products-2", "lb-1"]


def test_json_has_the_pid_of_a_process_and_the_name_of_a_container() -> None:
    process = Replica("products-1", "products", "ready", pid=7, restarts=2)
    container = Replica("lb-1", "lb", "paused", container="afloat-lb-1")

    assert Status("local", "http://127.0.0.1:8080", "token", [process, container]).to_json() == {
        "runtime": "local",
        "url": "http://127.0.0.1:8080",
        "control_token": "token",
        "replicas": [
            {"name": "products-1", "service": "products", "state": "ready", "pid": 7, "restarts": 2},
            {"name": "lb-1", "service": "lb", "state": "paused", "container": "afloat-lb-1", "restarts": 0},
        ],
    }


def test_a_stopped_process_has_no_pid_but_says_so() -> None:
    assert Replica("lb-1", "lb", "stopped").to_json()["pid"] is None


def test_a_stack_is_ready_when_every_replica_is() -> None:
    ready, paused = Replica("lb-1", "lb", "ready"), Replica("products-1", "products", "paused")

    assert Status("local", "", "", [ready]).ready
    assert not Status("local", "", "", [ready, paused]).ready
    assert not Status("local", "", "", []).ready


def test_replicas_of_a_service_come_in_the_order_of_their_numbers() -> None:
    replicas = [Replica(f"products-{number}", "products", "ready") for number in (10, 2, 1)]

    names = [each.name for each in Status("local", "", "", [*replicas, Replica("lb-1", "lb", "ready")]).of("products")]

    assert names == ["products-1", "products-2", "products-10"]


def test_a_name_is_a_service_and_a_number() -> None:
    assert numbered("products-12") == ("products", 12)


@pytest.mark.parametrize(("target", "name"), [("products-2", "products-2"), ("postgres", "postgres-1")])
def test_a_target_is_a_name_or_a_service_of_one(target: str, name: str) -> None:
    assert find(target, NAMES) == name


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("", "Say which replica, as in TARGET=products-2: there are postgres-1, products-1, products-2, lb-1."),
        ("products", "products has 2 replicas, say which: products-1, products-2."),
        ("orders", "No replica is called orders: there are postgres-1, products-1, products-2, lb-1."),
    ],
)
def test_any_other_target_is_refused_with_what_there_is(target: str, sentence: str) -> None:
    with pytest.raises(UnknownTarget) as refused:
        find(target, NAMES)

    assert str(refused.value) == sentence
