"""How a call of a dependency fails, and the problem document (RFC 9457) that the client then gets.

    CallFailed           (in resilience/errors.py, with the errors of the patterns)
    ├── Unreachable      there is no connection: the request was not sent
    ├── ConnectionBroke  the request was sent, and the connection broke before the whole answer had arrived
    └── UpstreamError    the dependency answered with an error, or its answer is not usable

Every other exception is a bug in the gateway. It is not handled here: the client gets a 500, and the traceback is
logged.
"""

from dataclasses import replace
from math import ceil

from pydantic import ValidationError

from chassis.problems import CONTENT_TYPE, Problem, ProblemDocument
from resilience.errors import AttemptTimeout, BulkheadFull, CallFailed, CircuitOpen, DeadlineExceeded, Rejection
from resilience.outcome import Outcome
from services.gateway.answer import Answer, list_patterns, patterns_header

# A service explains its failure in the body of these statuses. The body of a 500 may contain anything.
_EXPLAINED = frozenset({502, 503, 504})
_RETRY_AFTER_S = 1


class Unreachable(CallFailed):
    """The gateway cannot connect to the dependency, so the request was not sent."""

    reason = "unreachable"


class ConnectionBroke(CallFailed):
    """The connection broke. It is unknown whether the dependency carried out the request."""

    reason = "unreachable"


class UpstreamError(CallFailed):
    """The dependency failed. `answer` is its answer, None if that was not valid HTTP.

    A 500 may be caused by this one request: other requests may succeed. The other 5xx are failures of the dependency.
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
    # The client allowed too little time. A new request with the same time fails too.
    DeadlineExceeded: (504, "The time of the request was over before {} answered.", None),
    CircuitOpen: (503, "{} has failed too often and is not called for a short time.", _RETRY_AFTER_S),
    BulkheadFull: (503, "{} already has the maximum number of calls.", _RETRY_AFTER_S),
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
        # It is None if the circuit is forced open: only the operator can close it.
        retry_after_s = None if failure.retry_after_s is None else max(1, ceil(failure.retry_after_s))
    detail = sentence.format(dependency.capitalize())
    failed = Problem(status, detail, dependency=dependency, reason=failure.reason, retry_after_s=retry_after_s)
    pattern = PATTERN_OF.get(type(failure))
    patterns = list_patterns(dependency, attempts, f"{pattern};dependency={dependency}" if pattern else "")
    failed.headers = {**(failed.headers or {}), **patterns_header(patterns)}
    return failed


def explanation(failure: Exception, dependency: str) -> Answer | None:
    """The dependency's own problem document, for example about its database. None if there is none.

    Members that are not in the contract are removed. The members `dependency` and `reason` are added if they are
    missing.
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
