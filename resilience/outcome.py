"""Outcome: what the result of a call says about the health of the called service."""

from collections.abc import Callable
from enum import Enum


class Outcome(Enum):
    SUCCESS = "success"
    FAILURE = "failure"
    # A failure that this one request may have caused, such as a 500: other requests may succeed.
    REQUEST_FAILURE = "request_failure"
    # The result says nothing about the service: a cancellation, a full bulkhead, or a bug in our own code.
    IGNORED = "ignored"


ClassifyAnswer = Callable[[object], Outcome]


def every_answer_is_a_success(answer: object) -> Outcome:
    """The default. The called code raises CallFailed if the service failed, so every answer is a success."""
    return Outcome.SUCCESS
