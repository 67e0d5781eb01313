"""Faults in the services of a running stack: put in, looked at, ended. What each kind does is in `chassis/faults/`.

They stay behind the load balancer: each replica is asked on its own port.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stack.asking import Replies, ask_each, askable_names
from stack.errors import BrokeOff, NotPossibleHere, NotRunning
from stack.model import find_all
from stack.reply import Reply, check_askable
from stack.runtime import Runtime

_PATH = "/faults"
# A blocked event loop hears nothing for up to ten seconds.
_CLEAR_TIMEOUT_S = 12.0
_CLOSED = "This stack takes no faults: AFLOAT_FAULTS_ENABLED is false. Set it to true, then `make up`."


@dataclass(frozen=True)
class Active:
    """The faults that are on, by replica, each as it was asked for with `left_s`; and who could not be asked, and why.

    Replicas that do not run are in neither: a fault ends with its process.
    """

    faults: Mapping[str, list[dict[str, Any]]]
    unanswered: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        on = [{"replica": name, **each} for name, faults in self.faults.items() for each in faults]
        return {"faults": on, "unanswered": dict(self.unanswered)}


def inject(runtime: Runtime, target: str, fault: Mapping[str, object]) -> list[str]:
    """Begin a fault at a replica, or at all replicas of a service, whose names are returned.

    `fault` is a body of `PUT /faults`. It begins wherever it can; a StackError then says where it could not.
    """
    names = find_all(target, [replica.name for replica in runtime.status().replicas])
    for name in names:
        check_askable(name)
    replies = ask_each(runtime, names, "PUT", _PATH, fault)
    if fault.get("kind") == "crash":
        # It may have come before its answer.
        crashed = {name for name, why in replies.missing.items() if isinstance(why, BrokeOff)}
        replies = Replies(replies.given, {name: why for name, why in replies.missing.items() if name not in crashed})
    _check(replies)
    return names


def clear(runtime: Runtime, target: str | None = None) -> None:
    """End every fault, of one target or of all the stack."""
    status = runtime.status()
    names = find_all(target, [each.name for each in status.replicas]) if target else askable_names(status)
    for name in names:
        check_askable(name)
    _check(_running(ask_each(runtime, names, "DELETE", _PATH, timeout_s=_CLEAR_TIMEOUT_S)))


def active(runtime: Runtime) -> Active:
    """What is on at this moment, everywhere."""
    replies = _running(ask_each(runtime, askable_names(runtime.status()), "GET", _PATH))
    faults = {name: _faults(reply) for name, reply in replies.given.items() if reply.status == 200}
    closed = {name: _CLOSED for name, reply in replies.given.items() if reply.status != 200}
    return Active(faults, {**{name: str(why) for name, why in replies.missing.items()}, **closed})


def _faults(reply: Reply) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = reply.json()["faults"]
    return found


def _running(replies: Replies) -> Replies:
    """Without those that do not run, and so have no faults."""
    missing = {name: why for name, why in replies.missing.items() if not isinstance(why, NotRunning)}
    return Replies(replies.given, missing)


def _check(replies: Replies) -> Mapping[str, Reply]:
    if any(reply.status == 404 for reply in replies.given.values()):
        raise NotPossibleHere(_CLOSED)
    return replies.check()
