"""Between `terraform apply` and the first task: passwords that nobody sees, and the migrate task."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.aws.account import REGION, Account

prepare = pytest.importorskip(
    "infra.aws.prepare", reason="make test-aws runs this, where boto3 is", exc_type=ImportError
)

DATABASE = {"address": "afloat.abc.rds.example", "port": 5432, "name": "afloat"}
TASK = {
    "task_definition": "afloat-migrate:1",
    "subnets": ["subnet-1"],
    "security_group": "sg-1",
    "assign_public_ip": True,
    "log_group": "/afloat/migrate",
}


@pytest.fixture
def secrets(moto_url: str) -> Any:
    return Account(moto_url).client("secretsmanager")


@pytest.fixture
def empty_secret(secrets: Any) -> Any:
    made = secrets.create_secret(Name="products-database-url")
    yield made["ARN"]
    secrets.delete_secret(SecretId=made["ARN"], ForceDeleteWithoutRecovery=True)


def value(secrets: Any, arn: str) -> str:
    return str(secrets.get_secret_value(SecretId=arn)["SecretString"])


def test_an_empty_secret_gets_a_url_with_a_long_password(secrets: Any, empty_secret: str) -> None:
    assert prepare.fill_database_url(secrets, empty_secret, "products", DATABASE) == "has a new password"
    prefix, password = value(secrets, empty_secret).removesuffix("@afloat.abc.rds.example:5432/afloat").rsplit(":", 1)
    assert prefix == "postgresql://products"
    assert len(password) == 32
    assert password.isalnum()


def test_a_second_time_changes_nothing(secrets: Any, empty_secret: str) -> None:
    prepare.fill_database_url(secrets, empty_secret, "products", DATABASE)
    before = value(secrets, empty_secret)
    assert prepare.fill_database_url(secrets, empty_secret, "products", DATABASE) == "has its password"
    assert value(secrets, empty_secret) == before


def test_a_new_database_keeps_the_password_under_its_new_address(secrets: Any, empty_secret: str) -> None:
    prepare.fill_database_url(secrets, empty_secret, "products", DATABASE)
    before = value(secrets, empty_secret)
    moved = {**DATABASE, "address": "afloat.xyz.rds.example"}
    assert "another address" in prepare.fill_database_url(secrets, empty_secret, "products", moved)
    assert value(secrets, empty_secret) == before.replace("abc", "xyz")


def test_a_control_token_is_made_once(secrets: Any, empty_secret: str) -> None:
    assert prepare.fill_token(secrets, empty_secret) == "is new"
    token = value(secrets, empty_secret)
    assert prepare.fill_token(secrets, empty_secret) == "is there"
    assert value(secrets, empty_secret) == token


@dataclass
class FakeEcs:
    """ECS with one task that ends as it is told to. moto's tasks end without an exit code."""

    container: Mapping[str, Any]
    failures: list[dict[str, str]] = field(default_factory=list)
    asked: dict[str, Any] = field(default_factory=dict)

    def run_task(self, **asked: Any) -> dict[str, Any]:
        self.asked = asked
        return {"tasks": [] if self.failures else [{"taskArn": "task-1"}], "failures": self.failures}

    def get_waiter(self, name: str) -> "FakeEcs":
        assert name == "tasks_stopped"
        return self

    def wait(self, **_: Any) -> None:
        pass

    def describe_tasks(self, **_: Any) -> dict[str, Any]:
        return {"tasks": [{"containers": [self.container], "stoppedReason": "Essential container in task exited"}]}


def test_the_migrate_task_runs_where_the_services_do() -> None:
    ecs = FakeEcs({"exitCode": 0})
    prepare.migrate(ecs, "afloat", TASK)
    assert ecs.asked["taskDefinition"] == "afloat-migrate:1"
    assert ecs.asked["networkConfiguration"]["awsvpcConfiguration"] == {
        "subnets": ["subnet-1"],
        "securityGroups": ["sg-1"],
        "assignPublicIp": "ENABLED",
    }


@pytest.mark.parametrize(
    ("ecs", "why"),
    [
        (FakeEcs({"exitCode": 1}), r"Essential container.*its log is /afloat/migrate"),
        (FakeEcs({"reason": "CannotPullContainerError"}), "CannotPullContainerError"),
        (FakeEcs({}, failures=[{"reason": "Capacity is unavailable"}]), "Capacity is unavailable"),
    ],
)
def test_a_migrate_task_that_failed_says_why(ecs: FakeEcs, why: str) -> None:
    with pytest.raises(prepare.MigrateFailed, match=why):
        prepare.migrate(ecs, "afloat", TASK)


def test_all_of_it_is_told_line_by_line(secrets: Any, empty_secret: str) -> None:
    said: list[str] = []
    outputs = {
        "region": REGION,
        "cluster": "afloat",
        "database": DATABASE,
        "database_url_secrets": {"products": empty_secret},
        "control_token_secret": None,
        "migrate_task": TASK,
    }
    prepare.prepare(outputs, secrets, FakeEcs({"exitCode": 0}), said.append)
    assert said == ["products: has a new password", "migrated and seeded"]
