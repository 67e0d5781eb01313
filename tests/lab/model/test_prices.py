"""Prices, from the one list."""

from pathlib import Path

import pytest

from infra.aws import cost
from lab.model.prices import FILE, BadPrices, read_prices

PRICES = read_prices()


@pytest.mark.parametrize(
    "configuration", [cost.TWO_TASKS, cost.THREE_TASKS], ids=lambda configuration: configuration.name
)
def test_the_model_and_the_infrastructure_have_the_same_bill(configuration: cost.Configuration) -> None:
    assert PRICES.search(configuration.products) == pytest.approx(cost.total(configuration, search_only=True))
    assert PRICES.task == pytest.approx(cost.TASK_USD)


def test_the_prices_are_those_of_the_public_lists() -> None:
    assert pytest.approx(10.63 + 3.65, abs=0.005) == PRICES.task
    assert pytest.approx(16.43 + 5.84 + 10.95 + 11.68 + 2.30, abs=0.01) == PRICES.fixed


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("vcpu = 0.04048\n", "", "'vcpu' is missing"),
        ("vcpu = 0.04048", 'vcpu = "dear"', "can't multiply"),
        ("vcpu = 0.04048", "vcpu = nan", "must have a positive price"),
        ('"db.t4g.micro" = 0.016', '"db.t4g.small" = 0.032', "'db.t4g.micro' is missing"),
        ("hours_a_month = 730", "hours_a_month = 0", "must have a positive price"),
        ("[hour]", "[hour", "mine.toml: "),
    ],
)
def test_an_incomplete_list_is_refused_with_a_sentence(tmp_path: Path, before: str, after: str, message: str) -> None:
    own, text = tmp_path / "mine.toml", FILE.read_text()
    assert before in text
    own.write_text(text.replace(before, after, 1))
    with pytest.raises(BadPrices, match=message):
        read_prices(own)
