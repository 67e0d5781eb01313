"""What is in an AWS account, read with boto3 in the shapes that the tests compare."""

from collections.abc import Mapping
from typing import Any

import pytest

ONLY_THERE = "make test-aws runs this, where boto3, moto and checkov are"
boto3 = pytest.importorskip("boto3", reason=ONLY_THERE)

REGION = "us-east-1"


class Account:
    """The account behind one endpoint."""

    def __init__(self, url: str) -> None:
        self._url = url

    def client(self, service: str) -> Any:
        """A boto3 client that can reach nothing but the endpoint."""
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self._url,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 # moto takes anything
        )

    def services(self) -> Mapping[str, Any]:
        """The ECS services, by name."""
        ecs = self.client("ecs")
        arns = ecs.list_services(cluster="afloat")["serviceArns"]
        return {
            each["serviceName"]: each for each in ecs.describe_services(cluster="afloat", services=arns)["services"]
        }

    def task_definition(self, family: str) -> Mapping[str, Any]:
        """The newest of a family."""
        return dict(self.client("ecs").describe_task_definition(taskDefinition=family)["taskDefinition"])

    def container(self, family: str) -> Mapping[str, Any]:
        """The one container of a task definition."""
        definition = self.task_definition(family)
        [container] = definition["containerDefinitions"]
        return {
            **container,
            "execution_role": definition["executionRoleArn"],
            "task_role": definition.get("taskRoleArn"),
        }

    def scaling(self) -> Mapping[str, tuple[int, int]]:
        """Between how many tasks autoscaling chooses, by service."""
        targets = self.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="ecs")
        return {
            each["ResourceId"].rpartition("/")[2]: (each["MinCapacity"], each["MaxCapacity"])
            for each in targets["ScalableTargets"]
        }

    def target_groups(self) -> Mapping[str, Any]:
        """The load balancer's target groups, by name, with their attributes."""
        elb = self.client("elbv2")
        groups = elb.describe_target_groups()["TargetGroups"]
        for group in groups:
            attributes = elb.describe_target_group_attributes(TargetGroupArn=group["TargetGroupArn"])["Attributes"]
            group["attributes"] = {each["Key"]: each["Value"] for each in attributes}
        return {each["TargetGroupName"]: each for each in groups}

    def routes(self) -> Mapping[str, tuple[str, ...]]:
        """Which methods and paths the listener sends on, by target group's ARN; the default's are under ''."""
        elb = self.client("elbv2")
        [balancer] = elb.describe_load_balancers()["LoadBalancers"]
        [listener] = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
        found = {}
        for rule in elb.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]:
            values = [value for condition in rule["Conditions"] for value in _values(condition)]
            found[rule["Actions"][0].get("TargetGroupArn", "")] = tuple(sorted(values))
        return found

    def open_ports(self) -> set[tuple[str, str, int]]:
        """Who may reach whom at which port: names of security groups, or addresses; -1 is every port."""
        return {(peer, own, port) for own, peer, port in self._rules(egress=False)}

    def ways_out(self) -> set[tuple[str, str, int]]:
        """Who may ask whom at which port, in the same way."""
        return self._rules(egress=True)

    def _rules(self, *, egress: bool) -> set[tuple[str, str, int]]:
        """The own group, the other side and the port of every rule of our groups."""
        ec2 = self.client("ec2")
        names = {each["GroupId"]: each["GroupName"] for each in ec2.describe_security_groups()["SecurityGroups"]}
        return {
            (names[rule["GroupId"]], _peer(rule, names), rule["FromPort"])
            for rule in ec2.describe_security_group_rules()["SecurityGroupRules"]
            if rule["IsEgress"] == egress and names[rule["GroupId"]].startswith("afloat-")
        }

    def role_statements(self, role: str) -> list[Mapping[str, Any]]:
        """The statements of a role's inline policies."""
        iam = self.client("iam")
        names = iam.list_role_policies(RoleName=role)["PolicyNames"]
        policies = [iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in names]
        return [statement for policy in policies for statement in policy["Statement"]]

    def trusted(self, role: str) -> Mapping[str, Any]:
        """The one statement that says who may take on a role."""
        [statement] = self.client("iam").get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]["Statement"]
        return dict(statement)

    def roles(self) -> list[str]:
        """Every role that Terraform made."""
        return [each["RoleName"] for each in self.client("iam").list_roles()["Roles"] if "afloat" in each["RoleName"]]

    def alarms(self) -> tuple[list[Any], list[Any]]:
        """The alarms on metrics, and those on alarms."""
        found = self.client("cloudwatch").describe_alarms()
        return found["MetricAlarms"], found["CompositeAlarms"]


def _values(condition: Mapping[str, Any]) -> list[str]:
    for config in ("PathPatternConfig", "HttpRequestMethodConfig"):
        if config in condition:
            return list(condition[config]["Values"])
    return []


def _peer(rule: Mapping[str, Any], names: Mapping[str, str]) -> str:
    if "ReferencedGroupInfo" in rule:
        return names[rule["ReferencedGroupInfo"]["GroupId"]]
    return str(rule.get("CidrIpv4"))
