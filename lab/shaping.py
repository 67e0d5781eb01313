"""Give a running stack the shape that a side wants: replicas, gateways with nothing remembered, patterns on or off."""

from collections.abc import Callable

from lab.experiment import Side
from lab.faults import Crash, Kill
from lab.hands import Hands, mend, patiently
from stack.model import Status
from stack.rotation import wait_in_rotation


async def shape(hands: Hands, side: Side, say: Callable[[str], None], scale: float = 1) -> Status:
    """Whole, of this size, with these patterns; what was before is in the journal of the hands.

    A scheduler is told how long a replacement is to take, `scale` times faster than it is written.
    """
    status = await patiently(hands.runtime.status)
    await mend(hands.runtime, status)
    wanted = {"products": side.stack.products}
    if side.load.through_gateway:
        wanted["gateway"] = side.stack.gateways
    for service, count in wanted.items():
        if len(status.of(service)) != count:
            say(f"{service} gets {count} replicas")
            await hands.scale(service, count)
    for service in sorted(_replaced(side)) if hands.runtime.scheduler else ():
        seconds = side.stack.replacement_s / scale if side.stack.replacement_s else None
        say(f"a dead replica of {service} is replaced after {f'{seconds:g} s' if seconds else 'as long as ever'}")
        await hands.replace_after(service, seconds)
    status = await patiently(hands.runtime.status)
    gateways = [replica.name for replica in status.of("gateway")]
    if side.load.through_gateway:
        # A cache, a breaker and a retry budget remember what the side before did to them.
        await hands.kill(*gateways)
        await hands.start(*gateways)
        for name in gateways:
            await patiently(wait_in_rotation, status.url, "gateway", name)
    if side.stack.patterns:
        off: list[str] = [name for name, on in side.stack.patterns.items() if not on]
        say(f"patterns off: {', '.join(off)}" if off else "all patterns on")
        await hands.switch({str(name): on for name, on in side.stack.patterns.items()}, *gateways)
    return await patiently(hands.runtime.status)


def _replaced(side: Side) -> set[str]:
    """The services of which something will die."""
    return {service for fault in side.faults if isinstance(fault, Crash | Kill) for service in fault.services()}
