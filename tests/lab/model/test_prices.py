"""Prices, from the one list."""

from pathlib import Path

import pytest

from infra.aws import cost
from lab.model.prices import FILE, BadPrices, read_prices

PRICES = read_prices()


@pytest.mark.parametrize("configuration", [cost.TWO_TASKS, cost.THREE_TASKS], ids=lambda each: each.name)
def test_the_model_and_the_infrastructure_have_the_same_bill(configuration: cost.Configuration) -> None:
    assert PRICES.search(configuration.products) == pytest.approx(cost.total(configuration, search_only=True))
    assert PRICES.task == pytest.approx(cost.TASK_USD)


def test_the_prices_are_those_of_the_public_lists() -> None:
    assert pytest.approx(10.63 + 3.65, abs=0.005) == PRICES.task
    assert pytest.approx(16.43 + 5.84 + 10.95 + 11.68 + 2.30, abs=0.01) == PRICES.fixed


def test_the_third_task_is_half_as_much_again_of_the_tasks_and_a_fifth_of_the_search() -> None:
    assert PRICES.tasks(3) / PRICES.tasks(2) == pytest.approx(1.5)
    assert PRICES.search(3) / PRICES.search(2) == pytest.approx(1.19, abs=0.005)


def test_a_list_of_one_s_own_has_its_own_bill(tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text(FILE.read_text().replace("public_ipv4 = 0.005", "public_ipv4 = 0.015"))
    assert read_prices(own).task == pytest.approx(PRICES.task + 730 * 0.01)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("vcpu = 0.04048\n", "", "hour.vcpu: field required"),
        ("vcpu = 0.04048", 'vcpu = "dear"', "hour.vcpu: input should be a valid number"),
        ("vcpu = 0.04048", "vcpu = -1", "hour.vcpu: input should be greater than or equal to 0"),
        ("vcpu = 0.04048", "vcpu = nan", "hour.vcpu: input should be"),
        ('"db.t4g.micro" = 0.016', '"db.t4g.small" = 0.032', "hour.database has no price of db.t4g.micro"),
        ("hours_a_month = 730", "hours_a_month = 0", "a task costs nothing"),
        ("[hour]", "[hour", "mine.toml: "),
    ],
)
def test_a_list_that_cannot_be_is_refused_with_a_sentence(tmp_path: Path, before: str, after: str, said: str) -> None:
    own, text = tmp_path / "mine.toml", FILE.read_text()
    assert before in text
    own.write_text(text.replace(before, after, 1))
    with pytest.raises(BadPrices, match=f"{own}: ") as refused:
        read_prices(own)
    assert said in str(refused.value)
