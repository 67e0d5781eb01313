"""The log of the gateway, as a process of its own."""

from typing import Any

from tests.chassis.process import running
from tests.chassis.upstream import Upstream, answer


async def test_a_call_that_succeeds_is_not_logged_and_a_failed_call_is() -> None:
    async with Upstream().running() as upstream:
        urls: Any = dict.fromkeys(("products_url", "customers_url", "orders_url"), upstream.url)
        async with running("services.gateway", replica="gateway-1", drain_s=0, **urls) as gateway:
            assert (await gateway.get("/api/customers/7")).status == 200
            upstream.behave = answer(500)
            assert (await gateway.get("/api/customers/8")).status == 502
            gateway.terminate()
            await gateway.exit_code()
        logged = [line["event"] for line in gateway.log() if not line["logger"].startswith("uvicorn")]
    assert sorted(logged) == ["call_failed", "draining"]
