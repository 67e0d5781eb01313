"""Runs inside supervisord: counts how often it started each process again, and clears up after one that ended.

Only what supervisord needs is imported here.
"""

import os
import signal
from collections import Counter
from contextlib import suppress
from typing import Any

from supervisor import events


class Extension:
    """Answers XML-RPC as `afloat.*`."""

    def __init__(self) -> None:
        self._restarts: Counter[str] = Counter()
        for by_itself in (events.ProcessStateExitedEvent, events.ProcessStateBackoffEvent):
            events.subscribe(by_itself, self._died)
        for ended in (events.ProcessStateStoppedEvent, events.ProcessStateExitedEvent, events.ProcessStateBackoffEvent):
            events.subscribe(ended, self._clear_up)

    def restarts(self) -> dict[str, int]:
        """How often each process ended without being told to, and was started again."""
        return dict(self._restarts)

    def _died(self, event: Any) -> None:
        self._restarts[event.process.config.name] += 1

    def _clear_up(self, event: Any) -> None:
        """Workers of a killed nginx go on serving and keep its port: the next one could not start."""
        if event.process.pid:  # 0 where the program could not be started, which would mean our own group
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(event.process.pid, signal.SIGKILL)


def make(_: object) -> Extension:
    """What supervisord calls, with itself."""
    return Extension()
