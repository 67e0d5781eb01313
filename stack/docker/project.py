"""The Compose project of this checkout: its name, its files, its containers."""

import json
import re
import subprocess
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from stack import nginx_template
from stack.docker.command import docker
from stack.docker.containers import Container, inspect
from stack.errors import StackError
from stack.runtime import Announce, silent
from stack.settings import ROOT, StackSettings, tools_environment
from stack.state_folder import StateFolder, write_private

_SERVICES = ("migrate", "products", "customers", "orders", "gateway", "dashboard")


class Project:
    """`docker compose` for the files of this checkout, with the user's settings handed on to every service."""

    def __init__(self, settings: StackSettings, folder: Path) -> None:
        self._settings = settings
        self._handed_on = folder / "settings.json"
        self.name = settings.compose_project_name or name_of(ROOT)

    def compose(self, *arguments: str, announce: Announce = silent) -> str:
        """`docker compose` with its output read."""
        # Compose hands it to the dashboard alone.
        token = StateFolder(self._settings.state_dir).control_token()
        environment = {**tools_environment(self._settings), "AFLOAT_CONTROL_TOKEN": token}
        return docker(*self._arguments(*arguments), folder=ROOT, environment=environment, announce=announce)

    def print_logs(self, *, follow: bool) -> None:
        """`docker compose logs`, straight to the terminal."""
        arguments = self._arguments("logs", "--tail", "20", *(["--follow"] if follow else []))
        subprocess.run(["docker", *arguments], cwd=ROOT, env=tools_environment(self._settings), check=False)

    def _arguments(self, *arguments: str) -> list[str]:
        files = [ROOT / "docker-compose.yml", *([self._handed_on] if self._handed_on.exists() else [])]
        options = [part for file in files for part in ("--file", str(file))]
        return ["compose", "--project-name", self.name, "--project-directory", str(ROOT), *options, *arguments]

    def containers(self) -> list[Container]:
        """Those of this checkout, running or not."""
        return [container for container in self._everyones() if container.folder == ROOT]

    def check_alone(self) -> None:
        """StackError where another checkout uses the same project name: Compose would take its containers for ours."""
        others = {str(each.folder) for each in self._everyones() if each.folder != ROOT}
        if others:
            raise StackError(
                f"The Compose project {self.name} runs from {', '.join(sorted(others))}: "
                f"choose another name here, as in `COMPOSE_PROJECT_NAME={self.name}2 make up`."
            )

    def hand_on(self, environment: Mapping[str, str]) -> None:
        """Write the user's settings as a second Compose file, for this `up` and what follows it."""
        if not environment:
            self._handed_on.unlink(missing_ok=True)
            return
        # Compose replaces $NAME in this file too.
        escaped = {name: value.replace("$", "$$") for name, value in environment.items()}
        # envsubst would put anything into nginx.conf.
        try:
            nginx_template.check(
                {name: value for name, value in environment.items() if name in nginx_template.DEFAULTS}
            )
        except ValueError as error:
            raise StackError(str(error)) from None
        for_lb = {name: value for name, value in escaped.items() if name in nginx_template.DEFAULTS}
        services: dict[str, Any] = {service: {"environment": escaped} for service in _SERVICES}
        if for_lb:
            services["lb"] = {"environment": for_lb}
        write_private(self._handed_on, json.dumps({"services": services}, indent=2) + "\n")

    @cached_property
    def networks(self) -> Mapping[str, list[str]]:
        """The names of the networks that each service is in."""
        config = json.loads(self.compose("config", "--format", "json"))
        return {
            service: [config["networks"][network]["name"] for network in description.get("networks", {})]
            for service, description in config["services"].items()
        }

    def _everyones(self) -> list[Container]:
        label = f"label=com.docker.compose.project={self.name}"
        return inspect(docker("container", "ls", "--all", "--quiet", "--no-trunc", "--filter", label).split())


def name_of(folder: Path) -> str:
    """The project name that Compose gives a folder."""
    return re.sub(r"[^a-z0-9_-]", "", folder.name.lower()).lstrip("_-") or "afloat"
