"""PostgreSQL is stopped for ten seconds and comes back. `make failover` shows how soon that is noticed and mended."""

import pytest

from lab.hands import patiently
from lab.outage import outage
from stack.runtime import Runtime

pytestmark = pytest.mark.timeout(600)


async def test_services_outlive_the_database_and_recover_by_themselves(stack_runtime: Runtime) -> None:
    before = (await patiently(stack_runtime.status)).replicas

    seen = await outage(stack_runtime)

    assert seen.during, "nobody asked"
    assert {(v.status, v.content_type) for v in seen.during if not v.stale} == {(503, "application/problem+json")}
    # Only the gateway remembers anything.
    assert all(visit.path.startswith("/api/") for visit in seen.during if visit.stale)
    assert {state for name, state in seen.states.items() if name.startswith(("products", "customers", "orders"))} == {
        "not_ready"
    }
    after = (await patiently(stack_runtime.status)).replicas
    services = [(each.name, each.pid, each.restarts) for each in after if each.service != "postgres"]
    assert services == [(each.name, each.pid, each.restarts) for each in before if each.service != "postgres"]
