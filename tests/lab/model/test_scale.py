"""What changes with scale: each formula against counting, or against the settings that it is about."""

import math
import re
from pathlib import Path
from random import Random

import pytest
import yaml  # type: ignore[import-untyped] # as plain data

from chassis.settings import DatabaseSettings
from lab.model.assumptions import read_assumptions
from lab.model.balancers import GO_BY_THEIR_OWN, POLICIES, at_random_exactly, respond
from lab.model.caches import caches_table, first_second_calls, flush_factor, origin_calls_per_s
from lab.model.checks import checks_table
from lab.model.connections import connections_table
from lab.model.durations import Exponential
from lab.model.estimates import RUNS, of_batches
from lab.model.retries import calls, retries_table
from lab.model.setting import DAY_S, Setting
from lab.model.windows import rollouts_table, second_failure, windows_table
from stack.settings import ROOT

ASSUMPTIONS = read_assumptions()


class Tier:
    """Calls the next, and again as often as it may while that fails; the last one only counts."""

    def __init__(self, below: "Tier | None", retries: int) -> None:
        self.below, self.retries, self.called = below, retries, 0

    def call(self) -> None:
        self.called += 1
        if self.below:
            for _ in range(1 + self.retries):
                self.below.call()


@pytest.mark.parametrize("tiers", [1, 2, 3, 4])
@pytest.mark.parametrize("retries", [0, 1, 2])
def test_retries_multiply_as_counting_them_says(tiers: int, retries: int) -> None:
    deepest = tier = Tier(None, 0)
    for _ in range(tiers):
        tier = Tier(tier, retries)
    tier.call()
    assert deepest.called == calls(tiers, retries)


def test_a_budget_keeps_five_tiers_below_one_tier_without() -> None:
    rows = retries_table().rows
    assert rows[4]["with_budget"] < rows[0]["at_every_tier"]
    assert rows[4]["at_every_tier"] == 3**5


def test_the_connections_are_those_of_the_settings() -> None:
    assert ASSUMPTIONS.database_pool.value == DatabaseSettings.model_fields["database_pool_size"].default
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    command = compose["services"]["postgres"]["command"]
    assert f"max_connections={ASSUMPTIONS.database_connections.value:.0f}" in command


def test_databases_are_counted_up() -> None:
    by_replicas = {row["replicas"]: row for row in connections_table(ASSUMPTIONS).rows}
    assert by_replicas[30]["open_at_most"] == 180
    assert by_replicas[300]["databases_by_connections"] == math.ceil(1800 / 397) == 5
    assert by_replicas[30]["databases_by_load"] == math.ceil(
        30 * ASSUMPTIONS.searches_per_s_of_a_replica.value / ASSUMPTIONS.searches_per_s_of_a_database.value
    )


@pytest.mark.parametrize(("gateways", "fresh_s"), [(1, 2.0), (10, 2.0), (50, 0.5)])
def test_what_passes_private_caches_is_what_counting_says(gateways: int, fresh_s: float) -> None:
    random, now, fresh_until, passed = Random(1), 0.0, [0.0] * gateways, 0
    while now < 2000:
        now += random.expovariate(100)
        gateway = random.randrange(gateways)
        if now >= fresh_until[gateway]:
            passed, fresh_until[gateway] = passed + 1, now + fresh_s
    assert passed / 2000 == pytest.approx(origin_calls_per_s(100, gateways, fresh_s), rel=0.02)


@pytest.mark.parametrize("gateways", [1, 10, 100, 1000])
def test_in_the_first_second_after_a_flush_so_many_gateways_are_asked_as_counting_says(gateways: int) -> None:
    random, runs, asked = Random(1), 200, 0
    for _ in range(runs):
        now, cold = random.expovariate(100), set(range(gateways))
        while now < 1:
            cold.discard(random.randrange(gateways))
            now += random.expovariate(100)
        asked += gateways - len(cold)
    assert asked / runs == pytest.approx(first_second_calls(100, gateways), rel=0.03)


def test_no_more_gateways_fetch_an_answer_in_a_second_than_ask_for_it() -> None:
    for row in caches_table(ASSUMPTIONS).rows:
        assert row["flushed_private"] <= min(row["gateways"], ASSUMPTIONS.popular_key_per_s.value)
        assert row["flushed_shared"] == pytest.approx(1)


def test_a_flush_brings_back_what_the_cache_kept_away() -> None:
    assert flush_factor(0.95) == pytest.approx(20)


def test_checks_are_replicas_times_those_who_ask_over_the_interval() -> None:
    row = next(row for row in checks_table(ASSUMPTIONS).rows if row["replicas"] == 3000)
    assert (row["by_balancer_per_s"], row["by_gateways_per_s"]) == (3000 * 3 / 10, 3000 * 1000 / 10)
    assert row["connections_to_some"] == 1000 * 20


def test_the_interval_of_checks_is_the_balancer_s() -> None:
    group = Path(ROOT / "infra/aws/modules/service/load_balancer.tf").read_text()
    assert re.search(rf"\binterval += {ASSUMPTIONS.check_interval_s.value:g}\n", group)
    assert re.search(rf"\bunhealthy_threshold += {ASSUMPTIONS.unhealthy_after.value:g}\n", group)
    assert re.search(rf"\btimeout += {ASSUMPTIONS.check_timeout_s.value:g}\n", group)


def test_a_replica_that_hangs_just_after_a_check_is_noticed_when_the_last_one_that_it_may_fail_times_out() -> None:
    checks_at_s = [(number + 1) * ASSUMPTIONS.check_interval_s.value for number in range(10)]
    failed_at_s = [at_s + ASSUMPTIONS.check_timeout_s.value for at_s in checks_at_s]
    noticed_s = failed_at_s[int(ASSUMPTIONS.unhealthy_after.value) - 1]
    assert f"noticed after up to {noticed_s:g} s" in checks_table(ASSUMPTIONS).note
    group = Path(ROOT / "infra/aws/modules/service/load_balancer.tf").read_text()
    assert f"one that hangs after {noticed_s:g} s" in group


@pytest.mark.parametrize("replicas", [2, 30])
def test_a_second_failure_falls_into_the_window_as_often_as_drawing_says(replicas: int) -> None:
    setting, random = Setting(replicas, mtbf_s=DAY_S), Random(2)
    others = Exponential(setting.mtbf_s / (replicas - 1))
    draws = 200_000
    hit = sum(others.draw(random) < setting.replacement.draw(random) for _ in range(draws))
    assert hit / draws == pytest.approx(second_failure(setting), rel=0.15)


def test_failures_grow_with_the_fleet_and_are_as_frequent_as_assumed() -> None:
    rows = {row["replicas"]: row for row in windows_table(ASSUMPTIONS).rows}
    assert rows[30]["failures_a_day"] == pytest.approx(30 / ASSUMPTIONS.mtbf_days.value)
    assert rows[3000]["days_between"] < 1 < rows[30]["days_between"]


def test_a_deployment_of_many_takes_batches_and_the_scheduler_s_time() -> None:
    rows = {(row["replicas"], row["minimum_healthy"], row["surge"]): row for row in rollouts_table(ASSUMPTIONS).rows}
    assert (rows[3, 66, 0]["batches"], rows[3, 66, 0]["minutes"]) == (3, pytest.approx((3 * 90 + 3 / 500 * 60) / 60))
    assert (rows[3000, 99, 0]["spare"], rows[3000, 99, 0]["batches"]) == (30, 100)
    assert rows[3000, 100, 3000]["minutes"] == pytest.approx(3000 / 500 + 1.5)


@pytest.mark.parametrize(("utilisation", "balancers"), [(0.5, 1), (0.8, 1), (0.8, 100)])
def test_random_choice_is_the_queue_of_the_textbook(utilisation: float, balancers: int) -> None:
    """M/M/1: exponential, with a mean response of 1 / (1 - utilisation)."""
    runs = [respond(POLICIES["random"], balancers, 30, utilisation, seed, requests=30_000) for seed in range(RUNS)]
    for found, exactly in (
        (of_batches([run.mean for run in runs]), 1 / (1 - utilisation)),
        (of_batches([run.p99 for run in runs]), at_random_exactly(utilisation, 99)),
    ):
        # Twice the 95 % interval: four standard errors.
        assert abs(found.mean - exactly) < found.high - found.low
    assert at_random_exactly(0.8, 99) == pytest.approx(5 * math.log(100))


@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_the_number_of_balancers_matters_to_those_who_go_by_their_own_count_alone(policy: str) -> None:
    one, many = (respond(POLICIES[policy], balancers, 30, 0.8, seed=1, requests=20_000) for balancers in (1, 1000))
    assert (one == many) == (policy not in GO_BY_THEIR_OWN)


def test_one_balancer_knows_best_and_a_thousand_know_hardly_more_than_chance() -> None:
    p99 = {
        (name, balancers): respond(choose, balancers, 30, 0.8, seed=1, requests=40_000).p99
        for name, choose in POLICIES.items()
        for balancers in (1, 1000)
    }
    told = "two choices, told by the replica"
    assert p99["least_conn", 1] < p99["two choices, own count", 1] < p99["random", 1]
    assert p99["least_conn", 1000] > 2 * p99[told, 1000]
