"""The faults of `make failover`. Each leaves the stack as it found it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from lab.hands import Hands, patiently
from stack.runtime import Runtime

_HELD_S = 3.0


class Stage:
    """A running stack and what can be done to it."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    async def killed(self, *names: str) -> None:
        """SIGKILL at the same time. Docker does not restart what is killed by hand, so each is started in turn."""
        await self._hands.kill(*names)
        if self._hands.stay_dead:
            await asyncio.sleep(_HELD_S)
            for name in names:
                await self._hands.start(name)

    async def frozen(self, name: str) -> None:
        await self._hands.pause(name)
        await asyncio.sleep(_HELD_S)
        await self._hands.resume()

    async def cut_off(self, name: str) -> None:
        await self._hands.cut(name)
        await asyncio.sleep(_HELD_S)
        await self._hands.join(name)

    async def scaled(self) -> None:
        now = await self._count("products")
        for count in (now + 2, max(1, now - 1), now):
            await self._hands.scale("products", count)

    async def rolled(self) -> None:
        await self._hands.roll("products")

    async def a_gateway_killed(self) -> None:
        now = await self._count("gateway")
        await self._hands.scale("gateway", max(2, now))
        await self.killed("gateway-1")
        await self._hands.scale("gateway", now)

    async def _count(self, service: str) -> int:
        return len((await patiently(self._hands.runtime.status)).of(service))


FAULTS: Mapping[str, Callable[[Stage], Awaitable[None]]] = {
    "kill one": lambda stage: stage.killed("products-1"),
    "kill two": lambda stage: stage.killed("products-1", "products-2"),
    "freeze one": lambda stage: stage.frozen("products-3"),
    "cut one off": lambda stage: stage.cut_off("products-2"),
    "scale 3-5-2": Stage.scaled,
    "restart each": Stage.rolled,
    "kill a gateway": Stage.a_gateway_killed,
}
_NEEDS_A_CUT = "cut one off"


def possible(runtime: Runtime) -> list[str]:
    """The faults that this runtime can do."""
    return [fault for fault in FAULTS if runtime.can_cut or fault != _NEEDS_A_CUT]
