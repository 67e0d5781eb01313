"""What infra/swarm/stack.yml promises, read from the file and held against docker-compose.yml: no engine is needed."""

import re
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped] # plain data

from stack.nginx_template import DEFAULTS
from stack.settings import StackSettings
from stack.swarm import scheduler
from stack.swarm.deployment import STACK_FILE
from tests.architecture.test_compose import COMPOSE, default_of

TEXT = STACK_FILE.read_text()
STACK: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = STACK["services"]
LONG_RUNNING = sorted(SERVICES.keys() - {"migrate"})
IMAGES = {"lb": "AFLOAT_NGINX_IMAGE", "postgres": "AFLOAT_POSTGRES_IMAGE"}
OWN = ["customers", "dashboard", "gateway", "migrate", "orders", "products"]


def test_it_has_the_services_and_settings_of_the_compose_file() -> None:
    assert SERVICES.keys() == COMPOSE["services"].keys()
    assert STACK["x-settings"] == COMPOSE["x-settings"]
    assert STACK["networks"].keys() == COMPOSE["networks"].keys()


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_runs_the_same_program_of_the_same_image_in_the_same_networks(name: str) -> None:
    here, there = SERVICES[name], COMPOSE["services"][name]
    assert here["command"] == there["command"]
    assert set(here["networks"]) == set(there["networks"])
    assert here["image"] == ("${AFLOAT_SWARM_IMAGE}" if name in OWN else f"${{{IMAGES[name]}:-{there['image']}}}")
    assert here["deploy"]["resources"] == there["deploy"]["resources"]
    assert {key: here.get(key) for key in ("user", "read_only", "cap_drop", "logging", "stop_grace_period")} == {
        key: there.get(key) for key in ("user", "read_only", "cap_drop", "logging", "stop_grace_period")
    }


def test_nginx_is_the_same_with_the_same_defaults() -> None:
    assert SERVICES["lb"]["environment"] == COMPOSE["services"]["lb"]["environment"]
    assert {key: default_of(SERVICES["lb"]["environment"][key]) for key in DEFAULTS} == dict(DEFAULTS)
    files = {config["file"] for config in STACK["configs"].values()}
    assert files == {"../../lb/nginx.conf", "../../lb/upstreams.conf"}


def test_no_secret_is_in_the_environment() -> None:
    assert "PASSWORD:" not in TEXT.replace("_PASSWORD_FILE:", "")
    assert not re.search(r"^ +AFLOAT_\w*(DATABASE_URL|TOKEN):", TEXT, re.MULTILINE)
    mounted = {name: {each["target"] for each in SERVICES[name].get("secrets", ())} for name in OWN}
    assert mounted["gateway"] == set()
    assert mounted["dashboard"] == {"afloat_control_token"}
    assert mounted["products"] == mounted["customers"] == mounted["orders"] == {"afloat_database_url"}


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_a_service_needs_no_virtual_address_and_is_checked_replaced_and_rolled_back(name: str) -> None:
    service, deploy = SERVICES[name], SERVICES[name]["deploy"]
    assert deploy["endpoint_mode"] == "dnsrr"
    assert all(port["mode"] == "host" for port in service.get("ports", ()))
    assert deploy["restart_policy"] == {"condition": "any", "delay": "${AFLOAT_REPLACEMENT_S:-1.0}s"}
    assert deploy["update_config"]["failure_action"] == "rollback"
    assert deploy["update_config"]["monitor"] == scheduler._MONITOR
    assert service["healthcheck"]["interval"] == "2s"


@pytest.mark.parametrize("name", sorted(set(OWN) - {"migrate"}))
def test_a_service_is_ended_for_being_dead_and_not_for_its_database(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][-1].endswith("/readyz?once=true")
    assert SERVICES[name]["deploy"]["placement"] == {"preferences": [{"spread": "node.id"}]}


def test_without_settings_products_are_replaced_one_at_a_time_by_the_default_of_the_settings() -> None:
    update = SERVICES["products"]["deploy"]["update_config"]
    assert (default_of(update["order"]), default_of(update["parallelism"])) == ("stop-first", "1")
    assert StackSettings.model_fields["minimum_healthy"].default == 66
    assert StackSettings.model_fields["replacement_s"].default == 1.0
