"""The database is stopped for ten seconds: what visitors are told meanwhile, and how soon they are served again."""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

import aiohttp

from lab.hands import mend, patiently
from stack.runtime import Runtime

OUTAGE_S = 10.0
_TIMEOUT_S = 10.0
_EVERY_S = 0.1
_PATIENCE_S = 60.0
_LOOK_S = 0.5
_NEED_THE_DATABASE = ("products", "customers", "orders")
_PATHS = ("/products/search?q=lamp", "/api/products/1", "/api/customers/7", "/api/orders?customer_id=7")


@dataclass(frozen=True)
class Visit:
    """One answer: `reason` is the problem document's, or None; status 0 is none at all."""

    path: str
    status: int
    content_type: str
    reason: str | None
    took_s: float
    stale: bool = False

    @property
    def served(self) -> bool:
        """Answered, and not from memory."""
        return self.status == 200 and not self.stale


@dataclass(frozen=True)
class Outage:
    """`during` are the visits made while PostgreSQL was down, `states` the replicas' states at its end."""

    during: Sequence[Visit]
    states: Mapping[str, str]
    served_again_s: float

    def sentence(self) -> str:
        """The figures for people."""
        slowest_s = max(visit.took_s for visit in self.during)
        kinds = Counter("stale 200" if visit.stale else str(visit.status) for visit in self.during)
        statuses = ", ".join(f"{count} x {kind}" for kind, count in kinds.items())
        return (
            f"The database away for {OUTAGE_S:g} s: {statuses}, the slowest answer {slowest_s * 1000:.0f} ms; "
            f"everything served again {self.served_again_s:.1f} s after its return."
        )


async def outage(runtime: Runtime) -> Outage:
    """Stop PostgreSQL, ask for everything for ten seconds, start it again, and wait until everything is served."""
    status = await patiently(runtime.status)
    await mend(runtime, status)
    url = status.url
    timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
    async with aiohttp.ClientSession(url, timeout=timeout) as session:
        await patiently(runtime.stop, "postgres")
        stopped_s = monotonic()
        during: list[Visit] = []
        while monotonic() < stopped_s + OUTAGE_S:
            during += await asyncio.gather(*(_visit(session, path) for path in _PATHS))
            await asyncio.sleep(_EVERY_S)
        states = await _states_once_noticed(runtime)
        await patiently(runtime.start, "postgres")
        started_s = monotonic()
        while not all(visit.served for visit in await asyncio.gather(*(_visit(session, path) for path in _PATHS))):
            if monotonic() > started_s + _PATIENCE_S:
                raise TimeoutError(f"Not everything is served again {_PATIENCE_S:g} s after PostgreSQL came back.")
            await asyncio.sleep(_EVERY_S)
    return Outage(during, states, monotonic() - started_s)


async def _states_once_noticed(runtime: Runtime) -> dict[str, str]:
    """Every replica's state as soon as none of those that need the database is ready: Docker asks them now and then."""
    since_s = monotonic()
    while True:
        replicas = (await patiently(runtime.status)).replicas
        needing = [replica for replica in replicas if replica.service in _NEED_THE_DATABASE]
        if all(replica.state != "ready" for replica in needing) or monotonic() > since_s + _PATIENCE_S:
            return {replica.name: replica.state for replica in replicas}
        await asyncio.sleep(_LOOK_S)


async def _visit(session: aiohttp.ClientSession, path: str) -> Visit:
    asked_s = monotonic()
    try:
        async with session.get(path) as answer:
            body = await answer.read()
            status, content_type = answer.status, answer.content_type
            # RFC 9211: a hit whose time to live is over.
            stale = "hit; ttl=-" in answer.headers.get("Cache-Status", "")
    except (aiohttp.ClientError, TimeoutError):
        return Visit(path, 0, "", None, monotonic() - asked_s)
    reason = json.loads(body).get("reason") if content_type == "application/problem+json" else None
    return Visit(path, status, content_type, reason, monotonic() - asked_s, stale)
