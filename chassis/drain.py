"""A uvicorn server that drains: after SIGTERM it is not ready, but it serves requests for a while before it stops.

During the drain, every answer has the header `Connection: close`, which uvicorn does not send by itself. So the load
balancer closes its idle connections before the server stops.
"""

import asyncio
import socket
from types import FrameType

import structlog
import uvicorn

from chassis.health import Drain

log = structlog.get_logger("chassis")


class DrainingServer(uvicorn.Server):
    """Serves for another `drain_s` after the first SIGTERM or SIGINT. A second signal stops it at once."""

    def __init__(self, config: uvicorn.Config, drain: Drain, drain_s: float) -> None:
        super().__init__(config)
        self._drain = drain
        self._drain_s = drain_s
        self._loop: asyncio.AbstractEventLoop | None = None

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().serve(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._drain.started or self._loop is None:
            self.should_exit = self.force_exit = True
            return
        self._drain.started = True
        self._loop.call_soon_threadsafe(self._serve_on)

    def _serve_on(self) -> None:
        log.info("draining", serving_on_s=self._drain_s)
        asyncio.get_running_loop().call_later(self._drain_s, self._stop)

    def _stop(self) -> None:
        self.should_exit = True
