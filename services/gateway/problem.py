"""What the client is told when a call failed: which dependency, why, and whether waiting helps."""

from math import ceil

from chassis.problems import Problem
from resilience.errors import AttemptTimeout, BulkheadFull, CallFailed, CircuitOpen, DeadlineExceeded, Rejection
from services.gateway.failures import ConnectionBroke, Unreachable, UpstreamError
from services.gateway.reply import PATTERNS, patterns_of_failure

_RETRY_AFTER_S = 1

# Status, sentence, and the seconds after which asking again may help.
_TOLD: dict[type[Exception], tuple[int, str, int | None]] = {
    Unreachable: (503, "{} cannot be reached.", _RETRY_AFTER_S),
    ConnectionBroke: (502, "The connection to {} broke before its answer was complete.", _RETRY_AFTER_S),
    UpstreamError: (502, "{} failed to answer.", _RETRY_AFTER_S),
    AttemptTimeout: (504, "{} did not answer in time.", _RETRY_AFTER_S),
    # The client's own time was too short: waiting does not lengthen it.
    DeadlineExceeded: (504, "The request's time was up before {} had answered.", None),
    CircuitOpen: (503, "{} has been failing and is left alone for a moment.", _RETRY_AFTER_S),
    BulkheadFull: (503, "{} has as many calls under way as it may have.", _RETRY_AFTER_S),
}


def problem(failure: CallFailed | Rejection, dependency: str, attempts: int) -> Problem:
    """The problem document for a failed call; what exactly went wrong stays in the log."""
    status, sentence, retry_after_s = _TOLD[type(failure)]
    if isinstance(failure, CircuitOpen):
        # Nobody can say when somebody will close what was forced open.
        retry_after_s = None if failure.retry_after_s is None else max(1, ceil(failure.retry_after_s))
    detail = sentence.format(dependency.capitalize())
    told = Problem(status, detail, dependency=dependency, reason=failure.reason, retry_after_s=retry_after_s)
    acted = patterns_of_failure(dependency, failure.reason, attempts)
    if acted:
        told.headers = {**(told.headers or {}), PATTERNS: ", ".join(acted)}
    return told
