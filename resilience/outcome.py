"""Outcome: what the end of a call says about the health of the service that was called."""

from collections.abc import Callable
from enum import Enum


class Outcome(Enum):
    SUCCESS = "success"
    FAILURE = "failure"
    # A failure that may be about this one request and not about the service: a bare 500.
    REQUEST_FAILURE = "request_failure"
    # It says nothing about the service: a cancellation, a full bulkhead, a bug of our own.
    IGNORED = "ignored"


ClassifyAnswer = Callable[[object], Outcome]


def every_answer_is_a_success(answer: object) -> Outcome:
    """The default: a service that fails makes the called code raise CallFailed."""
    return Outcome.SUCCESS
