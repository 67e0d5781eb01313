"""Crash: the process dies at once. It drains nothing, closes nothing and tells nobody."""

from typing import Literal

from pydantic import PrivateAttr

from chassis.faults.fault import Fault
from chassis.faults.host import Host, Timer

EXIT_CODE = 70
# As long as it takes to tell whoever asked for it that it will happen, from inside a container too.
_ANSWER_S = 0.1


class Crash(Fault):
    """Whatever restarts the process also ends the fault."""

    kind: Literal["crash"]

    _timer: Timer | None = PrivateAttr(None)

    def inject(self, host: Host) -> None:
        self._timer = host.call_later(min(_ANSWER_S, self.for_s / 2), lambda: host.die(EXIT_CODE))

    def clear(self, host: Host) -> None:
        if self._timer is not None:
            self._timer.cancel()
