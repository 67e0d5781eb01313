"""What the user can tell the stack. Only this file reads the environment.

`AFLOAT_*` variables that are not the stack's own are the services', as are two of OpenTelemetry's: they are handed on
to every process or container.
"""

import ipaddress
import math
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from dotenv import dotenv_values
from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[1]
DOTENV = ROOT / ".env"  # which Compose reads too

# Of an engine, beyond what the service takes: 15 s by default.
_STOP_MARGIN_S = 8

Port = Annotated[int, Field(ge=1, le=65535)]
Replicas = Annotated[int, Field(ge=1, le=50)]


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise ValueError("use an IP address such as 127.0.0.1 or 0.0.0.0") from None


def _nodes(text: str) -> str:
    for word in text.split():
        if not re.fullmatch(r"[\w.-]+=(ssh|tcp|unix)://\S+", word):
            raise ValueError("write it as in node2=ssh://me@node2 node3=ssh://me@node3")
    return text


def _from_root(path: Path) -> Path:
    """Absolute; a relative one counts from the checkout, wherever the command was given."""
    return (ROOT / path.expanduser()).resolve()


class StackSettings(BaseSettings):
    """Where the stack runs and how large it is; frozen once read."""

    model_config = SettingsConfigDict(
        env_prefix="AFLOAT_", env_file=DOTENV, frozen=True, env_ignore_empty=True, extra="ignore", validate_by_name=True
    )

    runtime: Literal["docker", "local", "swarm"] | None = Field(
        default=None,
        validation_alias="RUNTIME",
        description="docker, local or swarm; empty: docker where an engine answers, else local",
    )
    compose_project_name: str | None = Field(
        default=None,
        validation_alias="COMPOSE_PROJECT_NAME",
        pattern=r"^[a-z0-9][a-z0-9_-]*$",
        description="name of the Compose project or of Swarm's stack; empty: the checkout's folder",
    )
    docker_host: str | None = Field(
        default=None, validation_alias="DOCKER_HOST", description="Docker's own: which engine; empty: this machine's"
    )
    port: Port = Field(default=8080, description="port of the load balancer")
    bind: Annotated[str, AfterValidator(_address)] = Field(
        default="127.0.0.1", description="address of the load balancer"
    )
    state_dir: Annotated[Path, AfterValidator(_from_root)] = Field(
        default=Path(".afloat"), validate_default=True, description="folder for data, logs and the control token"
    )
    products_count: int = Field(default=100_000, ge=1, le=1_000_000, description="generated products")
    products_replicas: Replicas = Field(default=3, description="replicas of products")
    gateway_replicas: Replicas = Field(default=1, description="replicas of gateway")
    faults_enabled: bool = Field(
        default=True, description="let faults be injected, at `/faults` of a service's own port; by itself, it is off"
    )
    swarm_image: str | None = Field(
        default=None, description="Swarm: image of the services, from a registry; empty: built from the checkout"
    )
    swarm_nodes: Annotated[str, AfterValidator(_nodes)] = Field(
        default="", description="Swarm: engines of the other nodes, as in `node2=ssh://me@node2 node3=ssh://me@node3`"
    )
    replacement_s: float = Field(
        default=1.0, ge=0.1, le=3600, description="Swarm: seconds before a dead replica's replacement starts"
    )
    minimum_healthy: int = Field(
        default=66, ge=0, le=100, description="Swarm: share of the replicas, in %, that a deployment keeps ready"
    )
    # The services' own settings, of which the stack has to know that stopping one may take as long as both.
    drain_s: float = Field(default=1.5, ge=0, le=60, description="seconds to serve after SIGTERM while not ready")
    stop_timeout_s: int = Field(
        default=5, ge=1, le=60, description="seconds that requests in flight may take after the drain"
    )

    @classmethod
    def load(cls) -> Self:
        """Read the environment, or stop with one sentence for each bad value."""
        try:
            return cls()
        except ValidationError as error:
            raise SystemExit("\n".join(_sentences(error))) from None

    @property
    def url(self) -> str:
        """Where a client on this machine reaches the load balancer."""
        return url_of(self.bind, self.port)

    @property
    def stop_grace_s(self) -> int:
        """How long a container that was told to stop may take before it is killed."""
        return math.ceil(self.drain_s + self.stop_timeout_s) + _STOP_MARGIN_S

    @property
    def node_engines(self) -> dict[str, str]:
        """Where the engine of each further node of a swarm is."""
        return dict(word.split("=", 1) for word in self.swarm_nodes.split())

    @property
    def replicas(self) -> dict[str, int]:
        """How many of each service an `up` starts."""
        return {
            "postgres": 1,
            "products": self.products_replicas,
            "customers": 1,
            "orders": 1,
            "gateway": self.gateway_replicas,
            "dashboard": 1,
            "lb": 1,
        }


# What only the stack reads, and what it says itself to each replica: not the user's to hand on.
_STACKS_OWN = {
    *("PORT", "BIND", "STATE_DIR", "PRODUCTS_REPLICAS", "GATEWAY_REPLICAS", "PRODUCTS_COUNT", "CONTROL_TOKEN"),
    *("SWARM_IMAGE", "SWARM_NODES", "REPLACEMENT_S", "MINIMUM_HEALTHY"),
    *("PROMETHEUS_PORT", "GRAFANA_PORT"),
}
# What the services read under the name that OpenTelemetry gives it.
_OPEN_TELEMETRY = {"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_SAMPLER_ARG"}
_PER_REPLICA = {"REPLICA", "LISTEN_HOST", "LISTEN_PORT", "LB_LISTEN", "LB_INTERNAL_LISTEN", "TOPOLOGY_FILE"}


def services_environment() -> Mapping[str, str]:
    """The variables of the user that are for the services and the load balancer."""
    given = {**dotenv_values(DOTENV), **os.environ}
    return {name: value for name, value in given.items() if value and _is_handed_on(name)}


def processes_environment() -> dict[str, str]:
    """The environment of plain processes but for the settings, which each is given by name."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AFLOAT_")}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))}


def tools_environment(settings: StackSettings) -> dict[str, str]:
    """The environment of the docker command, which reads the stack's settings from there."""
    own = {
        "AFLOAT_PORT": settings.port,
        "AFLOAT_BIND": settings.bind,
        "AFLOAT_PRODUCTS_COUNT": settings.products_count,
        "AFLOAT_PRODUCTS_REPLICAS": settings.products_replicas,
        "AFLOAT_GATEWAY_REPLICAS": settings.gateway_replicas,
        "AFLOAT_STOP_GRACE_S": settings.stop_grace_s,
    }
    return {**os.environ, **{name: str(value) for name, value in own.items()}}


def url_of(host: str, port: int) -> str:
    """How a client on this machine writes an address that something listens on."""
    address = ipaddress.ip_address(host)
    if address.is_unspecified:
        address = ipaddress.ip_address("127.0.0.1" if address.version == 4 else "::1")
    return f"http://[{address}]:{port}" if address.version == 6 else f"http://{address}:{port}"


def _is_handed_on(name: str) -> bool:
    if name in _OPEN_TELEMETRY:
        return True
    setting = name.removeprefix("AFLOAT_")
    if setting == name or setting in _STACKS_OWN | _PER_REPLICA:
        return False
    return not setting.endswith(("_URL", "_PASSWORD"))


def _sentences(error: ValidationError) -> list[str]:
    lines = []
    for problem in error.errors(include_url=False, include_context=False):
        field = str(problem["loc"][0])
        name = field if field.isupper() else f"AFLOAT_{field.upper()}"
        message = problem["msg"].removeprefix("Value error, ")
        lines.append(f"{name} is {problem['input']!r}: {message[0].lower()}{message[1:]}.")
    return lines
