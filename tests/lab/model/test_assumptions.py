"""What is taken for granted says whose word it is."""

import re

from lab.model.assumptions import read_assumptions
from lab.model.prices import FILE, read_prices
from lab.model.setting import DAY_S
from stack.settings import ROOT

ASSUMPTIONS = read_assumptions()
README = (ROOT / "README.md").read_text()


def test_how_often_replicas_fail_is_called_an_assumption_and_how_fast_they_return_was_measured() -> None:
    kinds = {row["name"]: row["kind"] for row in ASSUMPTIONS.table().rows}
    assert {kinds[name] for name in ("mtbf_days", "share_pair", "share_zone", "share_every")} == {"assumed"}
    assert {kinds[name] for name in ("replacement_low_s", "replacement_high_s")} == {"measured"}


def test_a_setting_is_as_assumed_but_for_what_is_given() -> None:
    setting = ASSUMPTIONS.setting(3, needed=1)
    assert (setting.replicas, setting.needed, setting.zones) == (3, 1, 3)
    assert setting.mtbf_s == ASSUMPTIONS.mtbf_days.value * DAY_S
    assert (setting.rollout.spare, setting.rollout.surge) == (1, 3)
    assert ASSUMPTIONS.setting(2).rollout.spare == 0


def test_a_lost_zone_lasts_longer_where_there_is_no_other() -> None:
    three, one = ASSUMPTIONS.setting(3), ASSUMPTIONS.setting(3, zones=1)
    assert (three.zone_over_s, one.zone_over_s) == (
        ASSUMPTIONS.zone_elsewhere_s.value,
        ASSUMPTIONS.zone_outage_s.value,
    )
    assert three.every_over_s == one.every_over_s == ASSUMPTIONS.roll_back_s.value > 0
    assert one.zone_over_s > three.zone_over_s


def test_what_a_replica_can_do_is_what_the_readme_says() -> None:
    """After a new bench in the README, this says which assumption to change."""
    [searches] = re.findall(r"three replicas, \d+ connections \| ([\d,]+) req/s", README)
    per_s = ASSUMPTIONS.searches_per_s_of_a_replica
    assert per_s.value == round(float(searches.replace(",", "")) / 3)
    assert searches in per_s.why


def test_the_time_of_a_query_is_that_of_8_connections_at_the_database_s_capacity() -> None:
    assert ASSUMPTIONS.query_ms.value == round(8 / ASSUMPTIONS.searches_per_s_of_a_database.value * 1000, 1)


def test_the_zones_are_those_that_are_paid_for() -> None:
    assert f"zones = {ASSUMPTIONS.zones.value:.0f}\n" in FILE.read_text()
    assert read_prices().task > 0
