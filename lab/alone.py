"""Without the dashboard's own visitors: the machine's time and the figures belong to the load that is measured."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from lab.hands import patiently
from lab.journal import Journal, Undo
from stack import visitors
from stack.errors import StackError
from stack.runtime import Runtime


@asynccontextmanager
async def alone(runtime: Runtime, journal: Journal) -> AsyncIterator[None]:
    """The stack's own visitors stay away meanwhile. A dashboard that does not answer sends none that would count."""
    back: Undo | None = None
    with suppress(StackError):
        status = await patiently(runtime.status)
        if came := await patiently(visitors.rate, status):
            back = Undo("visitors", value=came)
            journal.add(back)
            await patiently(visitors.send, status, 0)
    try:
        yield
    finally:
        if back is not None and back in journal.entries:
            with suppress(StackError):
                await patiently(back.do, runtime)
            journal.done(back)
