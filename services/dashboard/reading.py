"""What the dashboard read from one replica."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from services.dashboard.exposition import Counts

State = Literal["ready", "not_ready", "silent", "down", "gone"]
"""`silent`: it accepts connections and does not answer. `down`: it accepts none. `gone`: its address has vanished."""


@dataclass(frozen=True, slots=True)
class Reading:
    """`detail` says why a replica is not ready. The rest is what it reported, or None.

    If it is not `named`, its name is not known yet, and its address takes the place of the name.
    """

    name: str
    service: str
    state: State
    detail: str = ""
    named: bool = True
    counts: Counts | None = None
    patterns: Mapping[str, Any] | None = None
    faults: tuple[Mapping[str, Any], ...] | None = None
