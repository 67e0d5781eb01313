"""Apps served in this process, each on a port of its own, where they can be killed and started again."""

import asyncio
from contextlib import suppress

import uvicorn
from fastapi import FastAPI

from chassis.faults.reset import ResettableProtocol
from tests.chassis.own_port import bound

_PATIENCE_S = 60


class Served:
    """An app on a loopback port, which is its own until `let_go`, also while it is down."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self._kept = bound(0)
        self.port: int = self._kept.getsockname()[1]
        self._server: uvicorn.Server | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_up(self) -> bool:
        return self._server is not None

    async def start(self) -> None:
        class Connection(ResettableProtocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
                super().connection_made(transport)
                # Let in while the server ended, it would be served for as long as its client keeps it.
                if server.should_exit:
                    transport.abort()

        config = uvicorn.Config(
            self.app,
            http=Connection,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )
        self._server = server = _Quiet(config)
        self._task = asyncio.create_task(server.serve([bound(self.port)]))
        async with asyncio.timeout(_PATIENCE_S):
            while not server.started:
                await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """As SIGTERM without a drain."""
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            await self._task
        self._server = None

    async def kill(self) -> None:
        """As SIGKILL: every connection breaks."""
        server = self._server
        if server is None:
            return
        server.force_exit = True
        for connection in list(server.server_state.connections):
            with suppress(AttributeError):
                connection.transport.abort()
        await self.stop()
        # A process would take what it had opened with it; in this one it is left to us.
        await server.lifespan.shutdown()

    def let_go(self) -> None:
        """Leave the port to others, once the app is down for good."""
        self._kept.close()


class _Quiet(uvicorn.Server):
    def handle_exit(self, sig: int, frame: object) -> None:
        """Signals are the test run's."""
