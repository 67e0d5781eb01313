"""What a pattern can say no with.

Rejection                the call was not made, or not to its end, because a pattern said so
├── DeadlineExceeded     the request's own time is up
├── AttemptTimeout       one attempt took longer than it may: the one rejection that is the service's failure
├── CircuitOpen          the service has failed too often lately and is left alone
└── BulkheadFull         as many calls as the service may have are under way, and as many wait

Every rejection is a new object: a shared one would gather the tracebacks of all who met it.
"""


class Rejection(Exception):
    """A pattern ended the call; `reason` is the word that problem documents and metrics use.

    The constructors leave `args` to Exception's own `__new__`, which has set them: rejections have to be cheap.
    """

    reason: str


class DeadlineExceeded(Rejection):
    """The time that the whole request had is used up."""

    reason = "deadline_exceeded"


class AttemptTimeout(Rejection):
    """The attempt was granted its whole time and did not answer."""

    reason = "timeout"


class CircuitOpen(Rejection):
    """The breaker lets nothing through.

    `retry_after_s` is the time until it lets a probe through: 0 while probes are under way, None if only a person
    will close it.
    """

    reason = "circuit_open"

    def __init__(self, name: str, retry_after_s: float | None) -> None:
        self.name = name
        self.retry_after_s = retry_after_s

    def __str__(self) -> str:
        return f"the circuit of {self.name} is open"


class BulkheadFull(Rejection):
    """No slot was free, and either no place in the queue or none in time."""

    reason = "bulkhead_full"

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return f"the bulkhead of {self.name} is full"
