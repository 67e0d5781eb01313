"""The load generator goes before others where the system lets it: on a small machine the stack would delay it.

Measured on two cores with thirteen processes waiting for them: own lag p99 2 ms with it, 650 ms without.
"""

import os
import sys
import threading
from contextlib import suppress


def go_first() -> bool:
    """Give the calling thread, but nothing that it starts, real-time priority; whether it has it (root may)."""
    if sys.platform == "linux":
        with suppress(OSError):
            lowest = os.sched_param(os.sched_get_priority_min(os.SCHED_RR))
            os.sched_setscheduler(threading.get_native_id(), os.SCHED_RR | os.SCHED_RESET_ON_FORK, lowest)
            return True
    return False
