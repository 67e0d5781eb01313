"""The monthly bill."""

import pytest

from infra.aws import cost
from infra.aws.cost import THREE_TASKS, TWO_TASKS, Line, bill, total


def usd(lines: list[Line], what: str) -> float:
    return next(line.usd for line in lines if line.what.startswith(what))


def test_the_third_task_is_half_as_much_again_on_the_line_of_tasks_only() -> None:
    two, three = (usd(bill(each), "tasks of Products") for each in (TWO_TASKS, THREE_TASKS))
    assert three / two == pytest.approx(1.5)
    assert total(THREE_TASKS, search_only=True) / total(TWO_TASKS, search_only=True) == pytest.approx(1.19, abs=0.005)
    assert total(THREE_TASKS) / total(TWO_TASKS) == pytest.approx(1.085, abs=0.005)


def test_the_third_task_costs_what_one_task_with_its_address_does() -> None:
    assert total(THREE_TASKS) - total(TWO_TASKS) == pytest.approx(cost.TASK_USD)
    assert pytest.approx(14.28, abs=0.005) == cost.TASK_USD


def test_the_lines_are_those_of_the_price_lists() -> None:
    lines = bill(THREE_TASKS)
    assert usd(lines, "load balancer") == pytest.approx(16.43 + 5.84, abs=0.01)
    assert usd(lines, "database") == pytest.approx(11.68)
    assert usd(lines, "its storage") == pytest.approx(2.30)


def test_a_standby_of_the_database_costs_the_database_again() -> None:
    assert cost.multi_az_usd() == pytest.approx(11.68 + 2.30)


def test_private_subnets_save_the_addresses_of_the_tasks_and_cost_more_all_the_same() -> None:
    assert cost.nat_gateways_usd(1, THREE_TASKS) == pytest.approx(32.85 + 3.65 - 9 * 3.65)
    assert cost.nat_gateways_usd(3, THREE_TASKS) == pytest.approx(3 * (32.85 + 3.65) - 9 * 3.65)


def test_the_table_adds_up() -> None:
    rows = [row.split("|") for row in cost.table().splitlines() if row.startswith("|")][2:]
    columns = [[float(row[column]) for row in rows] for column in (2, 3)]
    for column in columns:
        *lines, _, everything = column
        assert sum(lines) == pytest.approx(everything, abs=0.05)


def test_the_readme_has_the_table() -> None:
    table = cost.README.read_text().split(cost.BEGIN)[1].split(cost.END)[0].strip()
    assert table == cost.table().strip(), "write it anew: python -m infra.aws.cost --readme"
