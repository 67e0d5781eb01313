"""Block: the event loop is blocked again and again, as by a synchronous call or a long computation.

While it is blocked, the process serves no request and no probe, and runs no timer, not even the end of this fault.
"""

from typing import Literal

from pydantic import Field, PrivateAttr

from chassis.faults.fault import Fault
from chassis.faults.host import Host, Timer

# Between two blocks, the event loop runs for this time. It can then also end the fault.
PAUSE_S = 0.05


class Block(Fault):
    """Blocks for `block_ms`, pauses, and blocks again, until the end of `for_s`."""

    kind: Literal["block"]
    block_ms: int = Field(ge=1, le=10_000)

    _timer: Timer | None = PrivateAttr(None)

    def inject(self, host: Host) -> None:
        ends_at = host.clock() + self.for_s

        def block() -> None:
            host.block(max(0.0, min(self.block_ms / 1000, ends_at - host.clock())))
            self._timer = host.call_later(PAUSE_S, block)

        self._timer = host.call_later(PAUSE_S, block)

    def clear(self, host: Host) -> None:
        if self._timer is not None:
            self._timer.cancel()
