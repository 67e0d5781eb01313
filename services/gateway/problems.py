"""How a call of a dependency fails, and what the client then gets: a problem document (RFC 9457).

    CallFailed           (in resilience/errors.py, as the errors of the patterns)
    ├── Unreachable      there is no connection: the request was not sent
    ├── ConnectionBroke  the request was sent, and the connection broke before the whole answer had arrived
    └── UpstreamError    the dependency answered with an error, or its answer is not usable

Every other exception is a bug of our own. It is never turned into a problem document here: the client gets a 500, and
the log the traceback.
"""

from dataclasses import replace
from math import ceil

from pydantic import ValidationError

from chassis.problems import CONTENT_TYPE, Problem, ProblemDocument
from resilience.errors import AttemptTimeout, BulkheadFull, CallFailed, CircuitOpen, DeadlineExceeded, Rejection
from resilience.outcome import Outcome
from services.gateway.answer import Answer, list_patterns, patterns_header

# With these statuses a service explains its failure. The body of a 500 may contain anything.
_EXPLAINED = frozenset({502, 503, 504})
_RETRY_AFTER_S = 1


class Unreachable(CallFailed):
    """There is no connection to the dependency."""

    reason = "unreachable"


class ConnectionBroke(CallFailed):
    """It is unknown whether the dependency did its work."""

    reason = "unreachable"


class UpstreamError(CallFailed):
    """The dependency failed. `answer` is what it said, if that was HTTP.

    A 500 may be about this one request: another request may well succeed. The other 5xx are about the dependency.
    """

    reason = "upstream_error"

    def __init__(self, detail: str, answer: Answer | None = None) -> None:
        super().__init__(detail)
        self.answer = answer
        if answer is not None:
            self.retry_after_s = answer.retry_after_s
            self.outcome = Outcome.REQUEST_FAILURE if answer.status == 500 else Outcome.FAILURE


# Status, sentence, and the seconds after which a new request may succeed.
_PROBLEMS: dict[type[Exception], tuple[int, str, int | None]] = {
    Unreachable: (503, "{} cannot be reached.", _RETRY_AFTER_S),
    ConnectionBroke: (502, "The connection to {} broke before its answer was complete.", _RETRY_AFTER_S),
    UpstreamError: (502, "{} failed to answer.", _RETRY_AFTER_S),
    AttemptTimeout: (504, "{} did not answer in time.", _RETRY_AFTER_S),
    # The client gave too little time. A new request with as little time fails too.
    DeadlineExceeded: (504, "The time of the request was over before {} answered.", None),
    CircuitOpen: (503, "{} has failed too often and is not called for a moment.", _RETRY_AFTER_S),
    BulkheadFull: (503, "{} already has as many calls as it may have.", _RETRY_AFTER_S),
}
PATTERN_OF: dict[type[Exception], str] = {
    CircuitOpen: "circuit_breaker",
    BulkheadFull: "bulkhead",
    AttemptTimeout: "timeout",
    DeadlineExceeded: "deadline",
}


def problem(failure: CallFailed | Rejection, dependency: str, attempts: int) -> Problem:
    """The problem document for a failed call. The details of the failure stay in the log."""
    status, sentence, retry_after_s = _PROBLEMS[type(failure)]
    if isinstance(failure, CircuitOpen):
        # None: only the operator can close a circuit that is forced open.
        retry_after_s = None if failure.retry_after_s is None else max(1, ceil(failure.retry_after_s))
    detail = sentence.format(dependency.capitalize())
    found = Problem(status, detail, dependency=dependency, reason=failure.reason, retry_after_s=retry_after_s)
    pattern = PATTERN_OF.get(type(failure))
    patterns = list_patterns(dependency, attempts, f"{pattern};dependency={dependency}" if pattern else "")
    found.headers = {**(found.headers or {}), **patterns_header(patterns)}
    return found


def explanation(failure: Exception, dependency: str) -> Answer | None:
    """The problem document in which the dependency itself explains its failure (its database is away, for example).

    It has only the members that the contract names. It names the dependency if the dependency did not.
    """
    answer = failure.answer if isinstance(failure, UpstreamError) else None
    if answer is None or answer.status not in _EXPLAINED or answer.media_type != CONTENT_TYPE:
        return None
    try:
        document = ProblemDocument.model_validate_json(answer.body)
    except ValidationError:
        return None
    names = {"dependency": document.dependency or dependency, "reason": document.reason or UpstreamError.reason}
    body = document.model_copy(update=names).model_dump_json(exclude_none=True)
    return replace(answer, headers=answer.headers | {b"content-type": CONTENT_TYPE.encode()}, body=body.encode())
