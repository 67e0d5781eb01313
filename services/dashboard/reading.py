"""What one look at one replica found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from services.dashboard.exposition import Counts

State = Literal["ready", "not_ready", "silent", "down", "gone"]
"""`silent` takes connections and says nothing, `down` takes none, `gone` is an address that is there no more."""


@dataclass(frozen=True, slots=True)
class Reading:
    """`detail` says why a replica is not ready; the rest is what it told, None where it told nothing.

    Not `named`: where it is found does not tell its name and it has not said it yet, so that its address stands for it.
    """

    name: str
    service: str
    state: State
    detail: str = ""
    named: bool = True
    counts: Counts | None = None
    patterns: Mapping[str, Any] | None = None
    faults: tuple[Mapping[str, Any], ...] | None = None
