"""What the model assumes, from a TOML file that gives the source of every value."""

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lab.model.setting import DAY_S, Setting, Shares, Uniform

FILE = Path(__file__).with_name("assumptions.toml")

# As infra/aws deploys: up to two replicas all stay healthy, from three on 66 %.
KEEP_ALL, KEEP_TWO_THIRDS, MAXIMUM = 100, 66, 200


class BadAssumptions(Exception):
    """The file is incomplete or impossible; one sentence a line."""


class Assumption(BaseModel):
    """`kind` and `why` say where the value comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float = Field(ge=0)
    kind: Literal["assumed", "documented", "measured"]
    why: str = Field(min_length=1)


class Assumptions(BaseModel):
    """All of them; the units are in the names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mtbf_days: Assumption
    share_pair: Assumption
    share_zone: Assumption
    share_every: Assumption
    replacement_low_s: Assumption
    replacement_high_s: Assumption
    launches_per_minute: Assumption
    zone_elsewhere_s: Assumption
    zone_outage_s: Assumption
    roll_back_s: Assumption
    deployments_a_month: Assumption
    needed: Assumption
    needed_min: Assumption
    zones: Assumption

    @property
    def replacement(self) -> Uniform:
        return Uniform(self.replacement_low_s.value, self.replacement_high_s.value)

    @property
    def shares(self) -> Shares:
        return Shares(pair=self.share_pair.value, zone=self.share_zone.value, every=self.share_every.value)

    def setting(self, replicas: int, **other: Any) -> Setting:
        """A setting with these assumptions, except for what `other` gives."""
        zones = other.get("zones", int(self.zones.value))
        assumed: dict[str, Any] = {
            "zones": zones,
            "needed": int(self.needed.value),
            "needed_min": int(self.needed_min.value),
            "minimum_healthy": KEEP_ALL if replicas <= 2 else KEEP_TWO_THIRDS,
            "maximum": MAXIMUM,
            "mtbf_s": self.mtbf_days.value * DAY_S,
            "shares": self.shares,
            "replacement": self.replacement,
            "deployments_a_month": self.deployments_a_month.value,
            "launches_per_s": self.launches_per_minute.value / 60,
            "zone_outage_s": self.zone_elsewhere_s.value if zones > 1 else self.zone_outage_s.value,
            "every_outage_s": self.roll_back_s.value,
        }
        return Setting(replicas, **assumed | other)


def read_assumptions(path: Path = FILE) -> Assumptions:
    """Raises BadAssumptions if the file does not hold valid assumptions."""
    try:
        assumptions = Assumptions.model_validate(tomllib.loads(path.read_text()))
        assumptions.setting(3)  # together they must be possible
    except ValidationError as error:
        problems = [(".".join(map(str, problem["loc"])), problem["msg"]) for problem in error.errors()]
        raise BadAssumptions("\n".join(f"{path}: {where}: {what}." for where, what in problems)) from None
    except (OSError, ValueError) as error:
        raise BadAssumptions(f"{path}: {error}.") from None
    return assumptions
