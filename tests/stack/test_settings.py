from pathlib import Path

import pytest

from stack.settings import ROOT, StackSettings, services_environment, tools_environment, url_of


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RUNTIME", "COMPOSE_PROJECT_NAME", "AFLOAT_PORT", "AFLOAT_BIND", "AFLOAT_STATE_DIR"):
        monkeypatch.delenv(name, raising=False)


def test_without_settings_the_stack_is_on_the_port_of_the_readme() -> None:
    settings = StackSettings.load()

    assert settings.url == "http://127.0.0.1:8080"
    assert settings.state_dir == ROOT / ".afloat"
    one_each = dict.fromkeys(("postgres", "customers", "orders", "gateway", "dashboard", "lb"), 1)
    assert settings.replicas == {**one_each, "products": 3}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RUNTIME", "podman"),
        ("COMPOSE_PROJECT_NAME", "My Shop"),
        ("AFLOAT_PORT", "80800"),
        ("AFLOAT_BIND", "localhost"),
        ("AFLOAT_PRODUCTS_COUNT", "many"),
        ("AFLOAT_PRODUCTS_REPLICAS", "0"),
        ("AFLOAT_SWARM_NODES", "node2"),
        ("AFLOAT_REPLACEMENT_S", "0"),
        ("AFLOAT_MINIMUM_HEALTHY", "101"),
    ],
)
def test_a_bad_value_is_named_in_a_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit) as stopped:
        StackSettings.load()

    assert str(stopped.value).startswith(f"{name} is '{value}': ")
    assert str(stopped.value).endswith(".")


def test_the_engines_of_a_swarm_are_told_by_the_names_of_its_nodes() -> None:
    settings = StackSettings(swarm_nodes="node2=ssh://me@node2 node3=unix:///run/n=3")

    assert settings.node_engines == {"node2": "ssh://me@node2", "node3": "unix:///run/n=3"}


def test_an_empty_value_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNTIME", "")

    assert StackSettings.load().runtime is None


def test_a_relative_state_folder_counts_from_the_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)

    assert StackSettings(state_dir=Path("other")).state_dir == ROOT / "other"


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:81"),
        ("0.0.0.0", "http://127.0.0.1:81"),
        ("192.0.2.7", "http://192.0.2.7:81"),
        ("::", "http://[::1]:81"),
    ],
)
def test_the_address_is_one_that_a_client_can_use(host: str, url: str) -> None:
    assert url_of(host, 81) == url


def test_only_settings_of_the_services_are_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = {"AFLOAT_LOG_LEVEL", "AFLOAT_LB_TRIES", "OTEL_EXPORTER_OTLP_ENDPOINT"}
    of_others = {"PORT", "PROMETHEUS_PORT", "LISTEN_PORT", "DATABASE_URL", "POSTGRES_PASSWORD"}
    not_theirs = {f"AFLOAT_{name}" for name in of_others} | {"OTEL_SERVICE_NAME"}
    for name in theirs | not_theirs:
        monkeypatch.setenv(name, "7")

    assert theirs <= services_environment().keys()
    assert not_theirs.isdisjoint(services_environment())


def test_compose_is_told_the_settings_even_where_they_are_defaults() -> None:
    told = tools_environment(StackSettings(port=8181, products_replicas=4, drain_s=20.5, stop_timeout_s=30))

    assert (told["AFLOAT_PORT"], told["AFLOAT_PRODUCTS_REPLICAS"], told["AFLOAT_BIND"]) == ("8181", "4", "127.0.0.1")
    assert float(told["AFLOAT_STOP_GRACE_S"]) > 20.5 + 30
