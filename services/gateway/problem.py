"""What the client is told when a call failed: which dependency, why, and whether waiting helps."""

from chassis.problems import Problem
from resilience.errors import AttemptTimeout, DeadlineExceeded, Rejection
from services.gateway.failures import CallFailed, ConnectionBroke, Unreachable, UpstreamError

_RETRY_AFTER_S = 1

# Status, sentence, and the seconds after which asking again may help.
_TOLD: dict[type[Exception], tuple[int, str, int | None]] = {
    Unreachable: (503, "{} cannot be reached.", _RETRY_AFTER_S),
    ConnectionBroke: (502, "The connection to {} broke before its answer was complete.", _RETRY_AFTER_S),
    UpstreamError: (502, "{} failed to answer.", _RETRY_AFTER_S),
    AttemptTimeout: (504, "{} did not answer in time.", _RETRY_AFTER_S),
    # The client's own time was too short: waiting does not lengthen it.
    DeadlineExceeded: (504, "The request's time was up before {} had answered.", None),
}


def problem(failure: CallFailed | Rejection, dependency: str) -> Problem:
    """The problem document for a failed call; what exactly went wrong stays in the log."""
    status, sentence, retry_after_s = _TOLD[type(failure)]
    detail = sentence.format(dependency.capitalize())
    return Problem(status, detail, dependency=dependency, reason=failure.reason, retry_after_s=retry_after_s)
