"""The settings that all services share. Only this file and each service's `settings.py` read the environment."""

from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)]

PREFIX = "AFLOAT_"
SECRETS = Path("/run/secrets")
"""Docker Swarm mounts a service's secrets here. The file `afloat_database_url` replaces the variable of that name."""


class Settings(BaseSettings):
    """Reads `AFLOAT_*` variables, secrets from files, and OpenTelemetry's own variables. The object is frozen."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, env_ignore_empty=True, extra="ignore", validate_by_name=True
    )

    @classmethod
    def load(cls) -> Self:
        """Read the environment. If values are invalid, exit with one sentence for each of them."""
        try:
            return cls(_secrets_dir=SECRETS if SECRETS.is_dir() else None)
        except ValidationError as error:
            secrets = {field for field, info in cls.model_fields.items() if not info.repr}
            raise SystemExit("\n".join(_sentences(error, secrets))) from None


class ServiceSettings(Settings):
    """The settings of every long-running service."""

    replica: str = Field("", pattern=r"^[a-z0-9-]*$", description="name of this replica; empty: from Docker's DNS")
    listen_host: str = Field("127.0.0.1", description="address to listen on")
    listen_port: Port = Field(8000, description="port to listen on")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="lowest level that is logged")
    drain_s: float = Field(1.5, ge=0, le=60, description="seconds to serve after SIGTERM while not ready")
    stop_timeout_s: int = Field(5, ge=1, le=60, description="seconds that requests in flight may take after the drain")
    keep_alive_s: int = Field(
        75,
        ge=31,
        le=3600,
        description="idle keep-alive; longer than the load balancer's 30 s",
    )
    max_body_bytes: int = Field(65536, ge=0, description="largest request body accepted")
    max_header_bytes: int = Field(16384, ge=1024, description="largest request head (target and headers) accepted")
    request_timeout_s: Seconds = Field(3.0, description="longest time for one request")
    faults_enabled: bool = Field(False, description="allow fault injection at `/faults` of a service's own port")
    otlp_endpoint: str = Field(
        "",
        validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        pattern=r"^(https?://[^\s?#]+)?$",
        repr=False,
        description="URL of an OpenTelemetry collector, such as `http://collector:4318`; empty: no traces",
    )
    trace_ratio: float = Field(
        1.0,
        validation_alias="OTEL_TRACES_SAMPLER_ARG",
        ge=0,
        le=1,
        description="share of the requests that are traced; a caller's sampling decision wins",
    )


class DatabaseSettings(ServiceSettings):
    """The settings of a service with a schema in PostgreSQL."""

    database_url: str = Field(
        ..., pattern=r"^postgres(ql)?://", repr=False, description="URL of PostgreSQL, with the role"
    )
    database_pool_size: int = Field(6, ge=1, le=50, description="maximum connections to PostgreSQL, per replica")
    database_connect_timeout_s: Seconds = Field(0.5, description="longest wait for a new connection")
    database_acquire_timeout_s: Seconds = Field(0.3, description="longest wait for a free connection of the pool")
    # This must be shorter than the time that the load balancer waits for the replica (1 s).
    database_query_timeout_s: Seconds = Field(0.8, description="longest time for one query")


@dataclass(frozen=True, slots=True)
class Variable:
    """One line of a table of settings. `default` is None if the variable must be set."""

    name: str
    default: str | None
    description: str


def variables(*settings: type[Settings]) -> list[Variable]:
    """The environment variables that these classes read, in order and without duplicates."""
    found: dict[str, Variable] = {}
    for settings_class in settings:
        for field, info in settings_class.model_fields.items():
            name = str(info.validation_alias or PREFIX + field.upper())
            default = None if info.is_required() else str(info.default)
            found.setdefault(name, Variable(name, default, info.description or ""))
    return list(found.values())


def _sentences(error: ValidationError, secrets: Set[object]) -> list[str]:
    lines = []
    for problem in error.errors(include_url=False, include_context=False):
        field = "_".join(str(part) for part in problem["loc"])
        name = field if field.isupper() else PREFIX + field.upper()
        if problem["type"] == "missing":
            lines.append(f"{name} is not set. Set it and start again.")
            continue
        # A URL can contain a password.
        hidden = "URL" in name or "ENDPOINT" in name or not secrets.isdisjoint(problem["loc"])
        given = "is not valid" if hidden else f"is {problem['input']!r}"
        lines.append(f"{name} {given}: {problem['msg'][0].lower()}{problem['msg'][1:]}. Set {name} and start again.")
    return lines
