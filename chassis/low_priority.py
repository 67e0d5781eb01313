"""Imports a module with low priority: a replica that starts must not slow down the replicas that serve.

The imports of a service take more than a second of CPU time. If two of three replicas start at the same time on two
cores, the third one would be too slow for all visitors.
"""

import os
import sys
import threading
from importlib import import_module

NICE = 10


def import_with_low_priority(name: str) -> None:
    """Import a module. On Linux every thread has its own priority, so only the importing thread gets a low one."""
    errors: list[BaseException] = []

    def import_it() -> None:
        try:
            if sys.platform == "linux":
                thread_id = threading.get_native_id()
                # A process that is low already may not raise its priority.
                os.setpriority(os.PRIO_PROCESS, thread_id, max(NICE, os.getpriority(os.PRIO_PROCESS, thread_id)))
            import_module(name)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=import_it)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
