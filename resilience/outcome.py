"""Outcome: what a call's end says about the health of the service that was called."""

from collections.abc import Callable
from enum import Enum

from resilience.errors import AttemptTimeout, Rejection


class Outcome(Enum):
    SUCCESS = "success"
    FAILURE = "failure"
    IGNORED = "ignored"


ClassifyAnswer = Callable[[object], Outcome]
ClassifyError = Callable[[Exception], Outcome]


def classify_error(error: Exception) -> Outcome:
    """The default: every error is the service's, but for the rejections of a deeper pattern.

    A cancellation, and whatever else is no Exception, never reaches a classification: it is always ignored.
    """
    if isinstance(error, Rejection) and not isinstance(error, AttemptTimeout):
        return Outcome.IGNORED
    return Outcome.FAILURE
