"""A shop of fake replicas behind the real load balancer."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from stack import upstreams
from tests.lb.balancer import Balancer
from tests.lb.fake_replica import FakeReplica, Received

# Long enough for a busy machine to answer, short enough for a test in which a replica hangs.
SHORT = "2s"


@dataclass(frozen=True)
class Shop:
    lb: Balancer
    products: Sequence[FakeReplica]
    gateways: Sequence[FakeReplica]
    dashboards: Sequence[FakeReplica]

    @property
    def received(self) -> list[Received]:
        """Every request that reached a replica."""
        return [
            request for replica in (*self.products, *self.gateways, *self.dashboards) for request in replica.received
        ]


class OpenShop(Protocol):
    """Starts the shop.

    `edits` replaces text of the rendered configuration: for limits that are no settings but too long for a test.
    `nobody` is an address more in the group of products.
    `read_timeout` is SHORT where a replica hangs; elsewhere a slow machine must not look like a hang.
    `marks_last` is for how long a server that failed is left out: a test that counts must not depend on its own speed.
    """

    async def __call__(
        self,
        products: int = 3,
        gateways: int = 1,
        *,
        dashboards: int = 0,
        nobody: str | None = None,
        read_timeout: str = "25s",
        marks_last: str = "1h",
        edits: Mapping[str, str] | None = None,
        **settings: str,
    ) -> Shop: ...


@pytest.fixture
async def open_shop(tmp_path: Path) -> AsyncIterator[OpenShop]:
    async with AsyncExitStack() as shop:

        async def replicas(service: str, count: int) -> list[FakeReplica]:
            started = [FakeReplica(f"{service}-{number}") for number in range(1, count + 1)]
            for replica in started:
                await replica.start()
                shop.push_async_callback(replica.kill)
            return started

        async def start(
            products: int = 3,
            gateways: int = 1,
            *,
            dashboards: int = 0,
            nobody: str | None = None,
            read_timeout: str = "25s",
            marks_last: str = "1h",
            edits: Mapping[str, str] | None = None,
            **settings: str,
        ) -> Shop:
            counts = {"products": products, "gateway": gateways, "dashboard": dashboards}
            groups = {service: await replicas(service, count) for service, count in counts.items()}
            addresses = {name: [replica.address for replica in group] for name, group in groups.items()}
            addresses["products"] += [nobody] if nobody else []
            conf = upstreams.render(addresses)
            conf = conf.replace("fail_timeout=2s", f"fail_timeout={marks_last}")
            timeouts = dict.fromkeys(("AFLOAT_LB_READ_TIMEOUT", "AFLOAT_LB_GATEWAY_READ_TIMEOUT"), read_timeout)
            timeouts["AFLOAT_LB_TRIES_TIMEOUT"] = "60s"
            lb = Balancer(tmp_path, conf, timeouts | settings, edits or {})
            shop.push_async_callback(lb.stop)
            await lb.start()
            return Shop(lb, groups["products"], groups["gateway"], groups["dashboard"])

        yield start
