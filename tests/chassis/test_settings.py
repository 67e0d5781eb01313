"""Settings: a bad value stops the start with a sentence."""

from pathlib import Path

import pytest
from pydantic import Field, ValidationError

from chassis import settings
from chassis.engine import GRACE_S
from chassis.settings import DatabaseSettings, ServiceSettings, Settings, Variable, variables
from stack.nginx_template import DEFAULTS

URL = "postgresql://products:hunter2@localhost/afloat"


def complaint(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    for name, value in environment.items():
        monkeypatch.setenv(f"AFLOAT_{name}", value)
    with pytest.raises(SystemExit) as stop:
        DatabaseSettings.load()
    return str(stop.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LISTEN_PORT", "0"),
        ("LISTEN_PORT", "65536"),
        ("LISTEN_PORT", "eighty"),
        ("LOG_LEVEL", "loud"),
        ("REPLICA", "Products 1"),
        ("REPLICA", "products-1\nX-Injected: 1"),
        ("DRAIN_S", "-1"),
        ("DRAIN_S", "nan"),
        ("STOP_TIMEOUT_S", "0"),
        ("KEEP_ALIVE_S", "30"),
        ("MAX_BODY_BYTES", "-1"),
        ("MAX_HEADER_BYTES", "10"),
        ("REQUEST_TIMEOUT_S", "0"),
        ("REQUEST_TIMEOUT_S", "nan"),
        ("REQUEST_TIMEOUT_S", "inf"),
        ("DATABASE_POOL_SIZE", "0"),
        ("DATABASE_QUERY_TIMEOUT_S", "soon"),
    ],
)
def test_a_bad_value_stops_the_start_with_a_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    sentence = complaint(monkeypatch, DATABASE_URL=URL, **{name: value})
    assert sentence.startswith(f"AFLOAT_{name} is {value!r}: ")
    assert sentence.endswith(f"Set AFLOAT_{name} and start again.")
    assert "\n" not in sentence


@pytest.mark.parametrize("value", ["collector:4318", "grpc://collector", "http://collector/?key=hunter2"])
def test_a_collector_that_cannot_be_one_stops_the_start_under_the_name_that_it_was_given(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", value)
    sentence = complaint(monkeypatch, DATABASE_URL=URL)
    assert sentence.startswith("OTEL_EXPORTER_OTLP_ENDPOINT is not valid: ")
    assert sentence.endswith("Set OTEL_EXPORTER_OTLP_ENDPOINT and start again.")
    assert "hunter2" not in sentence


def test_the_variables_of_opentelemetry_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0.25")
    settings = ServiceSettings.load()
    assert (settings.otlp_endpoint, settings.trace_ratio) == ("http://collector:4318", 0.25)


def test_a_missing_value_stops_the_start_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    assert complaint(monkeypatch) == "AFLOAT_DATABASE_URL is not set. Set it and start again."


def test_every_bad_value_has_its_own_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(complaint(monkeypatch, LISTEN_PORT="0", DRAIN_S="-1").splitlines()) == 3


def test_a_password_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "hunter2" not in complaint(monkeypatch, DATABASE_URL=URL.replace("postgresql", "mysql"))
    assert "hunter2" not in repr(DatabaseSettings(database_url=URL))


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFLOAT_LISTEN_PORT", "")
    assert ServiceSettings.load().listen_port == 8000


def test_settings_cannot_change_once_read() -> None:
    with pytest.raises(ValidationError):
        setattr(ServiceSettings(), "listen_port", 1)  # noqa: B010 # the type checker knows better too


def test_every_setting_is_described() -> None:
    found = variables(ServiceSettings, DatabaseSettings)
    assert [each.name for each in found if not each.description] == []
    names = [each.name for each in found]
    assert len(names) == len(set(names))
    opentelemetrys = {"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_SAMPLER_ARG"}
    own = DatabaseSettings.model_fields.keys() - {"otlp_endpoint", "trace_ratio"}
    assert set(names) == {f"AFLOAT_{field.upper()}" for field in own} | opentelemetrys


def test_the_table_of_settings_knows_what_must_be_set() -> None:
    class Shop(Settings):
        name: str = Field(..., description="what it is called")
        floors: int = Field(2, description="how high it is")

    assert variables(Shop, Shop) == [
        Variable("AFLOAT_NAME", None, "what it is called"),
        Variable("AFLOAT_FLOORS", "2", "how high it is"),
    ]


def test_a_hung_database_is_noticed_before_the_load_balancer_gives_up_on_the_replica() -> None:
    read_timeout_s = float(DEFAULTS["AFLOAT_LB_READ_TIMEOUT"].removesuffix("s"))
    assert DatabaseSettings(database_url=URL).database_query_timeout_s + GRACE_S < read_timeout_s


def test_a_secret_in_a_file_stands_in_for_a_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "SECRETS", tmp_path)
    (tmp_path / "afloat_database_url").write_text(f"{URL}\n")

    assert DatabaseSettings.load().database_url == URL
    monkeypatch.setenv("AFLOAT_DATABASE_URL", f"{URL}2")
    assert DatabaseSettings.load().database_url == f"{URL}2"
