"""`/control`: what the page shows, as data, and the changes, which need the control token."""

from collections.abc import Awaitable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, StrictBool, model_validator
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from chassis.problems import CONTENT_TYPE, documented
from services.dashboard.access import Access
from services.dashboard.board import Board
from services.dashboard.channel import Channel
from services.dashboard.commands import Commands, Refused, Result
from services.dashboard.document import PATTERNS
from services.dashboard.settings import VisitorsRate
from services.dashboard.show import Show
from services.dashboard.visitors import Visitors
from services.dashboard.words import listed

EVENTS = "/control/events"
Target = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=100)]


class Patterns(BaseModel):
    """The switches to change, at least one."""

    model_config = ConfigDict(extra="forbid")

    timeouts: StrictBool | None = None
    circuit_breakers: StrictBool | None = None
    bulkheads: StrictBool | None = None
    retries: StrictBool | None = None
    retry_budgets: StrictBool | None = None
    fallbacks: StrictBool | None = None

    @model_validator(mode="after")
    def _some(self) -> "Patterns":
        if not self.chosen:
            raise ValueError("Name at least one pattern")
        return self

    @property
    def chosen(self) -> dict[str, bool]:
        return self.model_dump(exclude_none=True)


class VisitorsOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rate: VisitorsRate


class _EventStream(Response):
    """The stream of the channel. A page counts from before its answer begins until its connection ends."""

    def __init__(self, channel: Channel) -> None:
        super().__init__()
        self._channel = channel

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {"Cache-Control": "no-store"}
        with self._channel.page() as stream:
            answer = StreamingResponse(stream, media_type="text/event-stream", headers=headers)
            await answer(scope, receive, send)


def seeing(board: Board, channel: Channel, access: Access) -> APIRouter:
    """The routes that need no token."""
    routes = APIRouter(prefix="/control", dependencies=[Depends(access.check_reader)], responses=documented(403, 421))

    @routes.get("/state")
    async def state() -> Response:
        return JSONResponse(board.full, headers={"Cache-Control": "no-store"})

    @routes.get("/events")
    async def events() -> Response:
        return _EventStream(channel)

    @routes.get("/session")
    async def session(request: Request) -> Response:
        return JSONResponse({"may_change": access.has_ticket(request)}, headers={"Cache-Control": "no-store"})

    return routes


def changing(board: Board, commands: Commands, visitors: Visitors, show: Show, access: Access) -> APIRouter:
    """The routes that need the token. Each change is in the log of the page."""
    routes = APIRouter(
        prefix="/control", dependencies=[Depends(access.check)], responses=documented(401, 403, 404, 409, 421, 502)
    )

    def note(text: str, failed: list[str]) -> None:
        board.note(f"{text} {listed(failed)} could not be reached." if failed else text)

    async def carry_out(command: Awaitable[Result], text: str) -> Response:
        """The answer names the replicas that carried out the command. A refusal of a replica is passed on unchanged."""
        try:
            result = await command
        except Refused as refused:
            return Response(refused.document, 422, media_type=CONTENT_TYPE)
        note(text, result.failed)
        return JSONResponse(asdict(result))

    @routes.put("/session", status_code=204)
    async def enter(request: Request) -> Response:
        answer = Response(status_code=204)
        access.give_ticket(request, answer)
        return answer

    @routes.put("/patterns")
    async def switch(patterns: Patterns) -> Response:
        answer = await carry_out(commands.switch(patterns.chosen), _switched(patterns.chosen))
        show.leave()
        return answer

    @routes.put("/faults/{target}")
    async def inject(target: Target, fault: Annotated[dict[str, Any], Body()]) -> Response:
        kind = str(fault.get("kind", "")).replace("_", " ")
        return await carry_out(commands.inject(target, fault), f"You injected {kind} into {target}.")

    @routes.delete("/faults/{target}")
    async def clear(target: Target) -> Response:
        return await carry_out(commands.clear(target), f"You cleared the faults of {target}.")

    @routes.delete("/faults")
    async def clear_all() -> Response:
        answer = await carry_out(commands.clear(), "You cleared all faults.")
        await show.stop()
        return answer

    @routes.put("/visitors")
    async def send_visitors(order: VisitorsOrder) -> Response:
        visitors.send_at(order.rate)
        board.note(f"You let in {order.rate:g} visitors a second." if order.rate else "You let no more visitors in.")
        return JSONResponse({"rate": order.rate})

    @routes.put("/show")
    async def show_failure() -> Response:
        note("You switched all patterns off for 40 s, to show the failure.", await show.start())
        return JSONResponse({"left_s": show.left_s})

    @routes.delete("/show")
    async def end_show() -> Response:
        note("You switched the patterns on again.", await show.stop())
        return JSONResponse({"left_s": show.left_s})

    @routes.delete("/downtime")
    async def reset_downtime() -> Response:
        board.reset_downtime()
        board.note("You set the downtime to zero.")
        return JSONResponse(board.downtime.describe())

    return routes


def _switched(patterns: dict[str, bool]) -> str:
    on = [name.replace("_", " ") for name, wanted in patterns.items() if wanted]
    off = [name.replace("_", " ") for name, wanted in patterns.items() if not wanted]
    parts = [
        f"{listed(names) if len(names) < len(PATTERNS) else 'all patterns'} {word}"
        for names, word in ((on, "on"), (off, "off"))
        if names
    ]
    return f"You switched {' and '.join(parts)}."
