"""Fill the secrets and run the migrate task: what has to happen between `terraform apply` and the first task.

    terraform -chdir=infra/aws output -json | .venv-aws/bin/python -m infra.aws.prepare

Secrets Manager itself makes the passwords; they are in no file, no argument and no state. It can be run again at any
time: a secret that has a value keeps its password, and the migrate job changes nothing that is there.
"""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import boto3

POLL_S, POLLS = 5, 180


class MigrateFailed(Exception):
    """The migrate task did not end with success; the text says where to look."""


def prepare(outputs: Mapping[str, Any], secrets: Any, ecs: Any, say: Callable[[str], None]) -> None:
    """All of it, with boto3 clients of Secrets Manager and ECS."""
    for role, arn in outputs["database_url_secrets"].items():
        say(f"{role}: {fill_database_url(secrets, arn, role, outputs['database'])}")
    if token := outputs.get("control_token_secret"):
        say(f"control token: {fill_token(secrets, token)}")
    migrate(ecs, outputs["cluster"], outputs["migrate_task"])
    say("migrated and seeded")


def fill_database_url(secrets: Any, arn: str, role: str, database: Mapping[str, Any]) -> str:
    """Give the secret the URL of the database as this role; says what was done."""
    before = _value(secrets, arn)
    password = urlsplit(before).password if before else None
    where = f"{database['address']}:{database['port']}/{database['name']}"
    url = f"postgresql://{role}:{password or _random(secrets)}@{where}"
    if url == before:
        return "has its password"
    secrets.put_secret_value(SecretId=arn, SecretString=url)
    return "keeps its password, at another address" if password else "has a new password"


def fill_token(secrets: Any, arn: str) -> str:
    """Give the secret a token, if it has none; says what was done."""
    if _value(secrets, arn):
        return "is there"
    secrets.put_secret_value(SecretId=arn, SecretString=_random(secrets))
    return "is new"


def migrate(ecs: Any, cluster: str, task: Mapping[str, Any]) -> None:
    """Run the migrate task to its end; raises MigrateFailed."""
    network = {
        "subnets": task["subnets"],
        "securityGroups": [task["security_group"]],
        "assignPublicIp": "ENABLED" if task["assign_public_ip"] else "DISABLED",
    }
    started = ecs.run_task(
        cluster=cluster,
        taskDefinition=task["task_definition"],
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": network},
    )
    if started.get("failures"):
        raise MigrateFailed(f"The migrate task was not started: {started['failures'][0].get('reason')}.")
    arn = started["tasks"][0]["taskArn"]
    wait = ecs.get_waiter("tasks_stopped")
    wait.wait(cluster=cluster, tasks=[arn], WaiterConfig={"Delay": POLL_S, "MaxAttempts": POLLS})
    [ended] = ecs.describe_tasks(cluster=cluster, tasks=[arn])["tasks"]
    code = ended["containers"][0].get("exitCode")
    if code != 0:
        why = ended["containers"][0].get("reason") or ended.get("stoppedReason") or f"exit code {code}"
        raise MigrateFailed(f"The migrate task failed ({why}); its log is {task['log_group']}.")


def _value(secrets: Any, arn: str) -> str:
    """The secret's value; empty while it has none."""
    try:
        return str(secrets.get_secret_value(SecretId=arn)["SecretString"])
    except secrets.exceptions.ResourceNotFoundException:
        return ""


def _random(secrets: Any) -> str:
    """Letters and digits only: they mean the same in a URL."""
    return str(secrets.get_random_password(PasswordLength=32, ExcludePunctuation=True)["RandomPassword"])


def main() -> None:
    outputs = {name: output["value"] for name, output in json.load(sys.stdin).items()}
    session = boto3.Session(region_name=outputs["region"])
    try:
        prepare(outputs, session.client("secretsmanager"), session.client("ecs"), print)
    except MigrateFailed as failure:
        raise SystemExit(str(failure)) from None


if __name__ == "__main__":
    main()
