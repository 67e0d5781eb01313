"""What a pattern can say no with.

Rejection                the call was not made, or not to its end, because a pattern said so
├── DeadlineExceeded     the request's own time is up
└── AttemptTimeout       one attempt took longer than it may
"""


class Rejection(Exception):
    """A pattern ended the call; `reason` is the word that problem documents and metrics use."""

    reason: str


class DeadlineExceeded(Rejection):
    """The time that the whole request had is used up."""

    reason = "deadline_exceeded"


class AttemptTimeout(Rejection):
    """The attempt was granted its whole time and did not answer."""

    reason = "timeout"
