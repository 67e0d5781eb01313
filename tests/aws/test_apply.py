"""The whole stack made, looked at, changed and removed again, in an account that moto simulates.

moto starts no task: this shows that what Terraform asks for is taken, is what was meant, and is complete, not that it
runs. The tests stand in the order of a stack's life; each takes what it needs from the ones before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from infra.aws import cost
from tests.aws.account import Account
from tests.aws.terraform import Terraform

# The provider looks at a new load balancer for the first time after a minute, at a new database after 70 s.
pytestmark = pytest.mark.timeout(400)

IN_PARALLEL = "-parallelism=30"
TAG = "-var=image_tag=a1b2c3d"
SERVICES = {"products", "gateway", "customers", "orders"}
FLOWS = {
    ("afloat-lb", "afloat-products", 8000),
    ("afloat-lb", "afloat-gateway", 8000),
    ("afloat-gateway", "afloat-products", 8000),
    ("afloat-gateway", "afloat-customers", 8000),
    ("afloat-gateway", "afloat-orders", 8000),
    ("afloat-products", "afloat-database", 5432),
    ("afloat-customers", "afloat-database", 5432),
    ("afloat-orders", "afloat-database", 5432),
    ("afloat-migrate", "afloat-database", 5432),
}


@dataclass(frozen=True)
class Stack:
    """What was applied, and where to look at it."""

    terraform: Terraform
    account: Account

    def apply(self, *arguments: str) -> None:
        self.terraform.run("apply", "-auto-approve", IN_PARALLEL, TAG, *arguments, timeout_s=300)

    def destroy(self) -> None:
        self.terraform.run("destroy", "-auto-approve", IN_PARALLEL, TAG, "-refresh=false", timeout_s=300)


@pytest.fixture(scope="module")
def stack(new_terraform: Callable[[str], Terraform], moto_url: str) -> Stack:
    """The stack as it is made by default."""
    stack = Stack(new_terraform(moto_url), Account(moto_url))
    stack.apply()
    return stack


@pytest.fixture(scope="module")
def smaller(stack: Stack) -> Stack:
    """The same after Products went from three tasks to two."""
    stack.apply("-var=configuration=two_tasks_100", "-refresh=false")
    return stack


@pytest.fixture(scope="module")
def removed(smaller: Stack) -> Stack:
    """Nothing, if all goes well."""
    smaller.destroy()
    return smaller


def test_a_second_plan_has_nothing_to_change(stack: Stack) -> None:
    code, output = stack.terraform.exit_code("plan", "-detailed-exitcode", IN_PARALLEL, TAG)
    assert code == 0, output


def test_every_service_but_the_dashboard_runs_on_fargate(stack: Stack) -> None:
    services = stack.account.services()
    assert services.keys() == SERVICES
    assert {each["launchType"] for each in services.values()} == {"FARGATE"}


def test_products_are_three_of_which_two_stay_up(stack: Stack) -> None:
    products = stack.account.services()["products"]
    assert products["desiredCount"] == 3
    deployment = products["deploymentConfiguration"]
    assert (deployment["minimumHealthyPercent"], deployment["maximumPercent"]) == (66, 200)
    assert deployment["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert stack.account.scaling()["products"] == (3, 6)


def test_what_runs_can_be_compared_with_what_was_applied(stack: Stack) -> None:
    running = {name: service["taskDefinition"] for name, service in stack.account.services().items()}
    assert stack.terraform.outputs()["task_definitions"] == running


def test_every_service_can_be_called_by_its_name(stack: Stack) -> None:
    for name, service in stack.account.services().items():
        [connected] = service["deployments"][0]["serviceConnectConfiguration"]["services"]
        assert connected["clientAliases"] == [{"port": 8000, "dnsName": name}]


def test_the_balancer_sends_on_what_nginx_does_and_answers_404_to_the_rest(stack: Stack) -> None:
    groups = {group["TargetGroupArn"]: name for name, group in stack.account.target_groups().items()}
    routes = {groups.get(arn, "nobody"): values for arn, values in stack.account.routes().items()}
    assert routes == {
        "afloat-products": ("/products/*", "GET"),
        "afloat-gateway": ("/api/*", "GET", "POST"),
        "nobody": (),
    }


def test_targets_are_checked_every_10_s_and_chosen_by_what_they_have_in_hand(stack: Stack) -> None:
    for group in stack.account.target_groups().values():
        assert (group["HealthCheckPath"], group["HealthCheckIntervalSeconds"]) == ("/readyz", 10)
        assert group["UnhealthyThresholdCount"] == 2
        assert group["attributes"]["load_balancing.algorithm.type"] == "least_outstanding_requests"
        assert int(group["attributes"]["deregistration_delay.timeout_seconds"]) == 15


def test_a_container_is_as_shut_as_under_compose(stack: Stack) -> None:
    for name in SERVICES | {"migrate"}:
        container = stack.account.container(f"afloat-{name}")
        assert container["command"] == ["python", "-m", f"services.{name}"]
        assert container["readonlyRootFilesystem"] is True
        assert container["user"] == "10001"
        assert container["task_role"] is None


def test_a_container_has_to_be_ready_once_and_then_to_live(stack: Stack) -> None:
    for name in SERVICES:
        check = stack.account.container(f"afloat-{name}")["healthCheck"]
        assert check["command"][-2:] == ["chassis/probe.py", "http://127.0.0.1:8000/readyz?once=true"]
    assert "healthCheck" not in stack.account.container("afloat-migrate")


def test_a_stopped_task_is_given_longer_than_it_takes_to_drain(stack: Stack) -> None:
    for name in SERVICES:
        container = stack.account.container(f"afloat-{name}")
        settings = {each["name"]: each["value"] for each in container["environment"]}
        drain_s = float(settings["AFLOAT_DRAIN_S"]) + float(settings["AFLOAT_STOP_TIMEOUT_S"])
        assert container["stopTimeout"] > drain_s


def test_only_the_load_balancer_is_reached_from_outside_and_everybody_else_by_those_who_must(stack: Stack) -> None:
    assert stack.account.open_ports() == {("0.0.0.0/0", "afloat-lb", 80), *FLOWS}


def test_nobody_gets_out_but_to_those_whom_he_asks_and_the_tasks_to_aws(stack: Stack) -> None:
    to_aws = {(f"afloat-{name}", "0.0.0.0/0", 443) for name in SERVICES | {"migrate"}}
    assert stack.account.ways_out() == FLOWS | to_aws


def test_no_role_may_do_anything_to_everything_but_log_in_to_the_registry(stack: Stack) -> None:
    for role in stack.account.roles():
        for statement in stack.account.role_statements(role):
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            assert not [action for action in actions if "*" in action]
            if statement["Resource"] == "*":
                assert actions == ["ecr:GetAuthorizationToken"]


def test_ecs_takes_on_a_role_for_this_account_only(stack: Stack) -> None:
    account = stack.account.client("sts").get_caller_identity()["Account"]
    for role in stack.account.roles():
        trusted = stack.account.trusted(role)
        assert trusted["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
        assert trusted["Condition"] == {"StringEquals": {"aws:SourceAccount": account}}


def test_a_service_can_read_no_other_services_secret_and_the_gateway_none(stack: Stack) -> None:
    secrets = stack.terraform.outputs()["database_url_secrets"]
    readable = {
        name: {
            statement["Resource"]
            for statement in stack.account.role_statements(f"afloat-{name}-execution")
            if statement["Action"] == "secretsmanager:GetSecretValue"
        }
        for name in SERVICES
    }
    assert readable == {**{name: {arn} for name, arn in secrets.items()}, "gateway": set()}


def test_the_state_holds_no_password(stack: Stack) -> None:
    state = (stack.terraform.folder / "terraform.tfstate").read_text()
    assert '"aws_secretsmanager_secret_version"' not in state
    assert '"secret_string"' not in state


def test_the_database_is_shut_encrypted_and_insists_on_tls(stack: Stack) -> None:
    rds = stack.account.client("rds")
    [database] = rds.describe_db_instances()["DBInstances"]
    assert (database["StorageEncrypted"], database["PubliclyAccessible"], database["MultiAZ"]) == (True, False, False)
    parameters = rds.describe_db_parameters(DBParameterGroupName="afloat")["Parameters"]
    assert {each["ParameterName"]: each["ParameterValue"] for each in parameters}["rds.force_ssl"] == "1"


def test_alarms_watch_errors_latency_unhealthy_hosts_and_the_error_budget(stack: Stack) -> None:
    of_metrics, of_alarms = stack.account.alarms()
    names = {each["AlarmName"].removeprefix("afloat-") for each in of_metrics}
    assert names >= {"5xx", "products-slow", "gateway-slow", "products-unhealthy", "gateway-unhealthy"}
    for alarm in of_alarms:
        assert {f"{alarm['AlarmName'].removeprefix('afloat-')}-{window}" for window in ("long", "short")} <= names
    assert {each["AlarmName"] for each in of_alarms} == {"afloat-burn-fast", "afloat-burn-slow"}


def test_a_budget_burns_by_what_failed_of_all_requests_in_a_long_window_and_a_short_one(stack: Stack) -> None:
    of_metrics, of_alarms = stack.account.alarms()
    ratios = {each["AlarmName"].removeprefix("afloat-"): each for each in of_metrics if each.get("Metrics")}
    assert {name: (_window_s(each), each["Threshold"]) for name, each in ratios.items()} == {
        "5xx": (60, pytest.approx(0.01)),
        "burn-fast-long": (3600, pytest.approx(0.0144)),
        "burn-fast-short": (300, pytest.approx(0.0144)),
        "burn-slow-long": (21600, pytest.approx(0.006)),
        "burn-slow-short": (1800, pytest.approx(0.006)),
    }
    for each in ratios.values():
        watched = {
            query["Id"]: query["MetricStat"]["Metric"]["MetricName"]
            for query in each["Metrics"]
            if "MetricStat" in query
        }
        assert watched == {
            "requests": "RequestCount",
            "without_target": "HTTPCode_ELB_503_Count",
            "by_targets": "HTTPCode_Target_5XX_Count",
            "by_balancer": "HTTPCode_ELB_5XX_Count",
        }
    assert {each["AlarmName"]: each["AlarmRule"] for each in of_alarms} == {
        f"afloat-burn-{speed}": f'ALARM("afloat-burn-{speed}-long") AND ALARM("afloat-burn-{speed}-short")'
        for speed in ("fast", "slow")
    }


@pytest.mark.parametrize(
    ("requests", "without_target", "by_targets", "by_balancer", "share"),
    [
        pytest.param(98, 2, 2, 3, 0.05, id="some of each kind"),
        pytest.param(100, 0, 100, 0, 1, id="all at the targets"),
        pytest.param(100, 0, 0, 100, 1, id="all 502 or 504"),
        pytest.param(0, 100, 0, 100, 1, id="all 503"),
    ],
)
def test_a_failed_request_is_one_of_all_requests_once(
    stack: Stack, requests: float, without_target: float, by_targets: float, by_balancer: float, share: float
) -> None:
    sums = {
        "requests": requests,
        "without_target": without_target,
        "by_targets": by_targets,
        "by_balancer": by_balancer,
    }
    of_metrics, _ = stack.account.alarms()
    shares = [_share_that_failed(each, **sums) for each in of_metrics if each.get("Metrics")]
    assert shares == [pytest.approx(share)] * 5


def test_the_bill_is_for_what_there_is(stack: Stack) -> None:
    bill = cost.THREE_TASKS
    scaling = stack.account.scaling()
    assert scaling["products"][0] == bill.products
    assert sum(least for name, (least, _) in scaling.items() if name != "products") == bill.others
    for name, service in stack.account.services().items():
        task = stack.account.task_definition(f"afloat-{name}")
        assert (int(task["cpu"]) / 1024, int(task["memory"]) / 1024) == (cost.TASK_VCPU, cost.TASK_GB)
        # Which each task's price has an address for.
        assert service["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"] == "ENABLED"
    of_metrics, of_alarms = stack.account.alarms()
    watched = sum(
        len([query for query in each.get("Metrics", ()) if "MetricStat" in query]) or 1 for each in of_metrics
    )
    assert (watched, len(of_alarms)) == (cost.ALARM_METRICS, cost.COMPOSITE_ALARMS)
    assert len(stack.account.client("secretsmanager").list_secrets()["SecretList"]) == cost.SECRETS
    [database] = stack.account.client("rds").describe_db_instances()["DBInstances"]
    assert (database["DBInstanceClass"], database["AllocatedStorage"]) == (cost.DATABASE_CLASS, cost.STORAGE_GB)
    [balancer] = stack.account.client("elbv2").describe_load_balancers()["LoadBalancers"]
    assert len(balancer["AvailabilityZones"]) == cost.ZONES


def test_three_become_two_which_both_stay_up_and_autoscaling_decides_when(smaller: Stack) -> None:
    products = smaller.account.services()["products"]
    assert products["deploymentConfiguration"]["minimumHealthyPercent"] == 100
    assert smaller.account.scaling()["products"] == (cost.TWO_TASKS.products, 6)
    assert products["desiredCount"] == 3


def test_a_destroy_leaves_nothing(removed: Stack) -> None:
    assert removed.terraform.run("state", "list") == ""
    assert removed.account.services() == {} or {each["status"] for each in removed.account.services().values()} == {
        "INACTIVE"
    }
    assert removed.account.client("rds").describe_db_instances()["DBInstances"] == []
    assert removed.account.client("elbv2").describe_load_balancers()["LoadBalancers"] == []
    assert removed.account.client("secretsmanager").list_secrets()["SecretList"] == []
    assert removed.account.roles() == []
    assert removed.account.alarms() == ([], [])


def _window_s(alarm: Mapping[str, Any]) -> int:
    """The one period of all metrics that an alarm reckons with."""
    [seconds] = {query["MetricStat"]["Period"] for query in alarm["Metrics"] if "MetricStat" in query}
    return int(seconds)


def _share_that_failed(alarm: Mapping[str, Any], **sums: float) -> float:
    """What an alarm's expression comes to; its FILL takes the place of a sum that is missing."""
    [expression] = [query["Expression"] for query in alarm["Metrics"] if "Expression" in query]
    return float(eval(expression, {"FILL": lambda value, _: value, **sums}))  # noqa: S307 # our own file's
