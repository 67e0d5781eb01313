"""The errors that the patterns know.

    Rejection                a pattern ended the call, or did not start it
    ├── DeadlineExceeded     the time of the whole request is over
    ├── AttemptTimeout       one attempt took too long; the only rejection that is a failure of the service
    ├── CircuitOpen          the service failed too often and is not called for a while
    └── BulkheadFull         all slots of the service are in use and its queue is full
    CallFailed               the service failed; the called code raises it

Every other exception is a bug in the calling program. The patterns raise it unchanged: it is not retried, it does not
open the circuit, and it is not replaced by a stale answer.
"""

from typing import ClassVar

from resilience.outcome import Outcome


class Rejection(Exception):
    """A pattern ended the call; `reason` is the word that problem documents and metrics use."""

    reason: ClassVar[str]
    outcome: ClassVar[Outcome] = Outcome.IGNORED


class DeadlineExceeded(Rejection):
    """The whole request had no time left."""

    reason = "deadline_exceeded"


class AttemptTimeout(Rejection):
    """The service did not answer within the whole timeout of the attempt."""

    reason = "timeout"
    outcome = Outcome.FAILURE


class CircuitOpen(Rejection):
    """The breaker does not let the call through.

    `retry_after_s` is the time until the breaker lets a probe through: 0 while probes are under way, None if only an
    operator can close the circuit.
    """

    reason = "circuit_open"

    def __init__(self, name: str, retry_after_s: float | None) -> None:
        super().__init__(f"the circuit of {name} is open")
        self.retry_after_s = retry_after_s


class BulkheadFull(Rejection):
    """No slot was free, and the queue was full or the wait too long."""

    reason = "bulkhead_full"

    def __init__(self, name: str) -> None:
        super().__init__(f"the bulkhead of {name} is full")


class CallFailed(Exception):
    """The service failed. Subclasses and instances can set these three values.

    `reason` is as in Rejection. `outcome` is FAILURE, or REQUEST_FAILURE if the request itself may be the cause.
    `retry_after_s` is how long the service asks its caller to wait.
    """

    reason: str = "call_failed"
    outcome: Outcome = Outcome.FAILURE
    retry_after_s: float | None = None


def outcome_of(error: BaseException) -> Outcome:
    """What an error says about the health of the service: nothing, if it is a bug."""
    return error.outcome if isinstance(error, Rejection | CallFailed) else Outcome.IGNORED
