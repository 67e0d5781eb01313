"""Exhausted pool: every connection to the database is taken, as by transactions that somebody forgot to end."""

from typing import Literal

from chassis.faults.fault import Fault
from chassis.faults.host import Host
from chassis.problems import Problem


class ExhaustPool(Fault):
    """Takes each connection as soon as it is free, before anyone who waits for it."""

    kind: Literal["exhaust_pool"]

    def inject(self, host: Host) -> None:
        if host.pool is None:
            raise Problem(422, "This service has no database, so it has no pool to exhaust.")
        host.pool.seize()

    def clear(self, host: Host) -> None:
        if host.pool is not None:
            host.pool.release()
