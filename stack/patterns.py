"""The patterns of a running stack's gateways: which are switched on, and what state each is in.

Every gateway has its own, for the time that it runs: a new one begins with all of them on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stack.asking import Replies, ask_each
from stack.errors import NothingRuns
from stack.runtime import Runtime

ALL = "all"
_PATH = "/patterns"


@dataclass(frozen=True)
class Patterns:
    """Each gateway's own document, `{"switches": ..., "dependencies": ...}`; and who could not be asked, and why."""

    gateways: Mapping[str, dict[str, Any]]
    unanswered: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        return {"gateways": dict(self.gateways), "unanswered": dict(self.unanswered)}


def look(runtime: Runtime) -> Patterns:
    """The patterns at this moment."""
    replies = ask_each(runtime, _gateways(runtime), "GET", _PATH)
    given = Replies(replies.given).check()
    missing = {name: str(why) for name, why in replies.missing.items()}
    return Patterns({name: reply.json() for name, reply in given.items()}, missing)


def switch(runtime: Runtime, switches: Mapping[str, bool]) -> Patterns:
    """Switch patterns on or off at every gateway; `all` stands for each that is not named itself.

    A StackError where one refuses, or cannot be asked: the others are switched then.
    """
    names = _gateways(runtime)
    named = {name: on for name, on in switches.items() if name != ALL}
    if ALL in switches:
        known = ask_each(runtime, names, "GET", _PATH).check()
        every = {name for reply in known.values() for name in reply.json()["switches"]}
        named = dict.fromkeys(sorted(every), switches[ALL]) | named
    switched = ask_each(runtime, names, "PUT", _PATH, named).check()
    return Patterns({name: reply.json() for name, reply in switched.items()}, {})


def _gateways(runtime: Runtime) -> list[str]:
    names = [replica.name for replica in runtime.status().of("gateway")]
    if not names:
        raise NothingRuns
    return names
