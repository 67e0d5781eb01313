"""A question to a replica's own port, which the load balancer does not route, and what came back."""

import json
from dataclasses import dataclass
from typing import Any

from stack.errors import BrokeOff, NotPossibleHere, NotRunning, StackError, Unanswered
from stack.model import numbered

ASK_TIMEOUT_S = 5.0

_NOT_OURS = ("lb", "postgres")


@dataclass(frozen=True)
class Reply:
    """What a replica answered, whatever its status."""

    status: int
    body: bytes

    def json(self) -> Any:
        """The body as data; a StackError where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise StackError(f"A replica answered with what is no JSON: {self.body[:80]!r}.") from None

    def explanation(self) -> str:
        """What a problem document says; of any other answer, its status."""
        try:
            problem = json.loads(self.body)
            errors = [_error(each["loc"], each["msg"]) for each in problem.get("errors", ())]
            return "; ".join(errors) or str(problem["detail"]).removesuffix(".")
        except (ValueError, KeyError, TypeError, AttributeError):
            return f"status {self.status}"


def _error(location: list[str | int], message: str) -> str:
    """The body and, where there are several kinds of it, the kind say nothing that the user has not said."""
    return message if len(location) == 1 else f"{location[-1]}: {message[0].lower()}{message[1:]}"


def askable(service: str) -> bool:
    """Whether its replicas have a port of their own for such questions: only the services written here do."""
    return service not in _NOT_OURS


def check_askable(replica: str) -> None:
    """Refuse what is not askable."""
    if not askable(numbered(replica)[0]):
        raise NotPossibleHere(f"{replica} cannot be asked: only the services written here have a port for that.")


def encoded(body: object | None) -> bytes:
    """What is sent: nothing, or JSON."""
    return b"" if body is None else json.dumps(body).encode()


def does_not_run(name: str) -> NotRunning:
    return NotRunning(f"{name} does not run: start it with `make start TARGET={name}`.")


def is_starting(name: str) -> NotRunning:
    return NotRunning(f"{name} is being started: ask again in a moment.")


def is_paused(name: str) -> Unanswered:
    return Unanswered(f"{name} is paused: `make resume TARGET={name}` lets it go on.")


def is_silent(name: str, timeout_s: float) -> Unanswered:
    return Unanswered(f"{name} gives no answer within {timeout_s:g} s.")


def broke_off(name: str) -> BrokeOff:
    return BrokeOff(f"{name} broke the connection off instead of answering.")
