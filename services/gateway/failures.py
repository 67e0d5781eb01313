"""How a call of a dependency can fail, other than by its time running out (`resilience.errors`).

CallFailed
├── Unreachable      no connection could be made: nothing was asked
├── ConnectionBroke  it was asked, and the connection ended before the answer did
└── UpstreamError    it answered with an error, or with something that is no answer
"""

from typing import TYPE_CHECKING

from resilience.errors import CallFailed

if TYPE_CHECKING:
    from services.gateway.answer import Answer


class Unreachable(CallFailed):
    """No connection to the dependency."""

    reason = "unreachable"


class ConnectionBroke(CallFailed):
    """Whether the dependency did what it was asked is not known."""

    reason = "unreachable"


class UpstreamError(CallFailed):
    """The dependency failed by its own account, which `explanation` holds where it is fit for the client;
    `retry_after_s` is the patience that it asks for."""

    reason = "upstream_error"

    def __init__(self, what: str, explanation: "Answer | None" = None, retry_after_s: float | None = None) -> None:
        super().__init__(what)
        self.explanation = explanation
        self.retry_after_s = retry_after_s
