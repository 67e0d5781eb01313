"""Block: the event loop stands still again and again, as under a synchronous call or a long computation.

Nothing gets through meanwhile: no request, no probe, no timer; not even the end of the fault.
"""

from typing import Literal

from pydantic import Field, PrivateAttr

from chassis.faults.fault import Fault
from chassis.faults.host import Host, Timer

# The loop's turn between two blocks, in which it also hears that the fault is to end.
BREATH_S = 0.05


class Block(Fault):
    """Blocks for `block_ms`, breathes, blocks again; never for longer than the fault is to last."""

    kind: Literal["block"]
    block_ms: int = Field(ge=1, le=10_000)

    _timer: Timer | None = PrivateAttr(None)

    def inject(self, host: Host) -> None:
        ends_at = host.clock() + self.for_s

        def block() -> None:
            host.block(max(0.0, min(self.block_ms / 1000, ends_at - host.clock())))
            self._timer = host.call_later(BREATH_S, block)

        self._timer = host.call_later(BREATH_S, block)

    def clear(self, host: Host) -> None:
        if self._timer is not None:
            self._timer.cancel()
