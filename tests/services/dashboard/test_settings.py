"""What the dashboard can be told, and what it refuses."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.dashboard import assets
from services.dashboard.settings import DashboardSettings


def test_it_starts_with_nothing_set() -> None:
    settings = DashboardSettings()
    assert (settings.visitors_rate, settings.control_token) == (20, "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"control_token": "short"},
        {"control_token": "with spaces and more than sixteen"},
        {"dashboard_hosts": "*"},
        {"dashboard_hosts": "http://shop.example"},
        {"visitors_rate": -1},
        {"visitors_rate": 100000},
        {"visitors_rate": 0.001},
        {"lb_url": "lb:8080"},
        {"poll_interval_s": 0},
        {"poll_interval_s": 2.1},
        {"max_pages": 0},
    ],
)
def test_a_bad_value_stops_the_start(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DashboardSettings.model_validate(wrong)


def test_the_page_calls_nothing_stale_that_comes_when_it_should() -> None:
    bar = Path(assets.__file__).with_name("static").joinpath("bar.js").read_text()
    [stale_s] = re.findall(r"^const STALE_S = ([\d.]+);", bar, re.MULTILINE)
    slowest = DashboardSettings(poll_interval_s=2)
    assert slowest.poll_interval_s + slowest.poll_timeout_s < float(stale_s)


def test_the_token_is_not_in_what_is_printed_of_the_settings() -> None:
    assert "a-token-for-tests-only" not in repr(DashboardSettings(control_token="a-token-for-tests-only"))  # noqa: S106


def test_an_invalid_token_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFLOAT_CONTROL_TOKEN", "my secret")
    with pytest.raises(SystemExit) as stop:
        DashboardSettings.load()
    assert str(stop.value).startswith("AFLOAT_CONTROL_TOKEN is not valid: ")
    assert "my secret" not in str(stop.value)
