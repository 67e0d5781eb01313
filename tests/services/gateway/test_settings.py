"""A wrong setting stops the start with a sentence."""

import pytest

from services.gateway.settings import GatewaySettings

_GOOD = {
    "AFLOAT_PRODUCTS_URL": "http://lb:8081",
    "AFLOAT_CUSTOMERS_URL": "http://127.0.0.1:9",
    "AFLOAT_ORDERS_URL": "https://o.example",
}


def test_good_settings_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in _GOOD.items():
        monkeypatch.setenv(name, value)
    assert GatewaySettings.load().products_url == "http://lb:8081"


@pytest.mark.parametrize(
    "url",
    [
        "lb:8081",
        "http://lb:8081/",
        "http://lb:8081/products",
        "http://u:p@lb",
        "http://lb:99999",
        "http://lb:",
        "ftp://lb",
        "http://l b",
        "http://lb:8081\n",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_is_not_a_base_url_stops_the_start(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    for name, value in (_GOOD | {"AFLOAT_PRODUCTS_URL": url}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=r"AFLOAT_PRODUCTS_URL is .* write it as http://host:port"):
        GatewaySettings.load()


def test_a_missing_address_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _GOOD:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SystemExit, match="AFLOAT_ORDERS_URL is not set"):
        GatewaySettings.load()
