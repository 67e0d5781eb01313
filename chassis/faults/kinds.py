"""All kinds of faults. If several act on one request, they do so in this order: delays first, then failures."""

from typing import Annotated, TypeAlias

from pydantic import Field

from chassis.faults.block import Block
from chassis.faults.crash import Crash
from chassis.faults.error import Error
from chassis.faults.exhaust_pool import ExhaustPool
from chassis.faults.grey import Grey
from chassis.faults.hang import Hang
from chassis.faults.latency import Latency
from chassis.faults.leak import Leak
from chassis.faults.reset import Reset

AnyFault: TypeAlias = Annotated[
    Latency | Hang | Reset | Error | Grey | Crash | Leak | Block | ExhaustPool, Field(discriminator="kind")
]
"""The body of `PUT /faults`."""

KINDS = ("latency", "hang", "reset", "error", "grey", "crash", "leak", "block", "exhaust_pool")
