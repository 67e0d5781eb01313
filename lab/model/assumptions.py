"""What the model takes for granted, from a file that says of each value whose word it is."""

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lab.model.durations import Uniform
from lab.model.sentences import sentences
from lab.model.setting import DAY_S, Setting, Shares
from lab.model.table import Column, Table

FILE = Path(__file__).with_name("assumptions.toml")

# The reference's two configurations, as infra/aws has them: two replicas or fewer keep all, three or more keep 66 %.
KEEP_ALL, KEEP_TWO_THIRDS, MAXIMUM = 100, 66, 200


class BadAssumptions(Exception):
    """A file that the model cannot work with; one sentence a line."""


class Assumption(BaseModel):
    """`kind` says what stands behind the value, `why` where it is from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float = Field(ge=0)
    kind: Literal["assumed", "documented", "measured"]
    why: str = Field(min_length=1)


class Assumptions(BaseModel):
    """All of them; the units are in the names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mtbf_days: Assumption
    weibull_shape: Assumption
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
    searches_per_s_of_a_replica: Assumption
    searches_per_s_of_a_database: Assumption
    query_ms: Assumption
    database_connections: Assumption
    database_pool: Assumption
    popular_key_per_s: Assumption
    cache_hits: Assumption
    check_interval_s: Assumption
    check_timeout_s: Assumption
    unhealthy_after: Assumption
    utilisation: Assumption

    @property
    def replacement(self) -> Uniform:
        return Uniform(self.replacement_low_s.value, self.replacement_high_s.value)

    @property
    def shares(self) -> Shares:
        return Shares(pair=self.share_pair.value, zone=self.share_zone.value, every=self.share_every.value)

    def setting(self, replicas: int, **other: Any) -> Setting:
        """So many replicas, failing, healing and deployed as assumed, but for what is given."""
        zones = other.get("zones", int(self.zones.value))
        assumed: dict[str, Any] = {
            "zones": zones,
            "needed": int(self.needed.value),
            "needed_min": int(self.needed_min.value),
            "minimum_healthy": KEEP_ALL if replicas <= 2 else KEEP_TWO_THIRDS,
            "maximum": MAXIMUM,
            "mtbf_s": self.mtbf_days.value * DAY_S,
            "shape": self.weibull_shape.value,
            "shares": self.shares,
            "replacement": self.replacement,
            "deployments_a_month": self.deployments_a_month.value,
            "launches_per_s": self.launches_per_minute.value / 60,
            "zone_over_s": self.zone_elsewhere_s.value if zones > 1 else self.zone_outage_s.value,
            "every_over_s": self.roll_back_s.value,
        }
        return Setting(replicas, **assumed | other)

    def table(self) -> Table:
        """Every assumption as it stands."""
        rows = [{"name": name, **getattr(self, name).model_dump()} for name in type(self).model_fields]
        columns = (Column("name", "what"), Column("value", "value", "g"), Column("kind", "kind"), Column("why", "why"))
        return Table("assumptions", "What is taken for granted", columns, rows)


def read_assumptions(path: Path = FILE) -> Assumptions:
    """From a TOML file; BadAssumptions where it says something impossible."""
    try:
        assumptions = Assumptions.model_validate(tomllib.loads(path.read_text()))
        assumptions.setting(3)
    except ValidationError as error:
        raise BadAssumptions(sentences(path, error)) from None
    except (OSError, ValueError) as error:
        raise BadAssumptions(f"{path}: {error}.") from None
    return assumptions
