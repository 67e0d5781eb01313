"""Crash: the process dies at once, without a drain and without closing its connections."""

from typing import Literal

from pydantic import PrivateAttr

from chassis.faults.fault import Fault
from chassis.faults.host import Host, Timer

EXIT_CODE = 70
# The time to send the answer of `PUT /faults` before the crash, also through `docker exec`.
_ANSWER_S = 0.1


class Crash(Fault):
    """The process dies once. The restarted process no longer has the fault."""

    kind: Literal["crash"]

    _timer: Timer | None = PrivateAttr(None)

    def inject(self, host: Host) -> None:
        self._timer = host.call_later(min(_ANSWER_S, self.for_s / 2), lambda: host.die(EXIT_CODE))

    def clear(self, host: Host) -> None:
        if self._timer is not None:
            self._timer.cancel()
