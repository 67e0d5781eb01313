"""What the dashboard can be told, and what it refuses."""

import pytest
from pydantic import ValidationError

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
        {"max_pages": 0},
    ],
)
def test_a_bad_value_stops_the_start(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DashboardSettings.model_validate(wrong)


def test_the_token_is_not_in_what_is_printed_of_the_settings() -> None:
    assert "a-token-for-tests-only" not in repr(DashboardSettings(control_token="a-token-for-tests-only"))  # noqa: S106


def test_the_token_is_not_in_what_is_printed_when_it_is_no_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFLOAT_CONTROL_TOKEN", "my secret")
    with pytest.raises(SystemExit) as stop:
        DashboardSettings.load()
    assert str(stop.value).startswith("AFLOAT_CONTROL_TOKEN is not valid: ")
    assert "my secret" not in str(stop.value)
