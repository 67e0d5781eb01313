"""What moto's server leaves out and Terraform needs, put in: without it an apply hangs, or a second plan has changes.

Every function here stands in for, or goes around, one of moto's own and keeps to what AWS documents.
"""

import json
from collections.abc import Callable
from typing import Any

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.cloudwatch.responses import CloudWatchResponse
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.rds.models import DBParameterGroup

# moto keeps none of these of a service.
_TOLD_AS_GIVEN = {
    "deploymentConfiguration": "deployment_configuration",
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "availabilityZoneRebalancing": "availability_zone_rebalancing",
}


def fill_in() -> None:
    """Change moto in this process."""
    _keep_tags_of_scalable_targets(ApplicationAutoScalingResponse)
    # It knows composite alarms in every other respect, and has written this one for both.
    CloudWatchResponse.put_composite_alarm = CloudWatchResponse.put_metric_alarm
    SecurityGroupRule.description = property(_description)
    DBParameterGroup.update_parameters = _from_user(DBParameterGroup.update_parameters)
    for action in ("create_service", "update_service"):
        setattr(EC2ContainerServiceResponse, action, _remembering(getattr(EC2ContainerServiceResponse, action)))


def _keep_tags_of_scalable_targets(responses: Any) -> None:
    """ListTagsForResource of Application Auto Scaling: moto does not know it, and an apply would wait for ever."""
    tags: dict[str, dict[str, str]] = {}
    register = responses.register_scalable_target

    def register_scalable_target(response: Any) -> str:
        answer: str = register(response)
        tags.setdefault(json.loads(answer)["ScalableTargetARN"], response._get_param("Tags") or {})
        return answer

    def list_tags_for_resource(response: Any) -> str:
        return json.dumps({"Tags": tags.get(response._get_param("ResourceARN"), {})})

    responses.register_scalable_target = register_scalable_target
    responses.list_tags_for_resource = list_tags_for_resource


def _description(rule: Any) -> str | None:
    """A rule's description, wherever it was given: moto looks for it at addresses only, not at groups."""
    for given in (rule.ip_range, rule.source_group):
        if given and "Description" in given:
            return str(given["Description"])
    return None


def _from_user(update: Callable[..., None]) -> Callable[..., None]:
    """A parameter that was set has its source: Terraform looks at those with `user` only."""

    def updated(group: Any, new_parameters: Any) -> None:
        update(group, [{**parameter, "Source": "user"} for parameter in new_parameters])

    return updated


def _remembering(act: Callable[..., Any]) -> Callable[..., Any]:
    """Creating and updating a service keeps everything that describing it must tell."""

    def acted(response: Any) -> Any:
        given = response._get_params()
        answer = act(response)
        service = answer.result["service"]
        for name, attribute in _TOLD_AS_GIVEN.items():
            if name in given:
                setattr(service, attribute, given[name])
        if "serviceConnectConfiguration" in given:
            service.deployments[0]["serviceConnectConfiguration"] = given["serviceConnectConfiguration"]
        return answer

    return acted
