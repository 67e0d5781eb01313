"""Error: which requests fail, and as what."""

import pytest

from tests.chassis.client import problem_in
from tests.chassis.faults.faulty import faulty


@pytest.mark.parametrize("status", [400, 429, 500, 503, 504])
async def test_a_request_fails_with_the_status_that_was_asked_for(status: int) -> None:
    async with faulty() as service:
        await service.inject("error", status=status)
        answer = await service.client.get("/items/7")
        assert (problem_in(answer)["status"], "Retry-After" in answer.headers) == (status, status in {429, 503})


async def test_the_service_does_nothing_for_a_request_that_fails() -> None:
    async with faulty() as service:
        await service.inject("error", status=503)
        # The route itself would have raised a LookupError, and a path's number is not looked at.
        assert (await service.client.get("/items/faults/error")).status_code == 503
        assert (await service.client.get("/items/none")).status_code == 503


async def test_only_that_share_of_the_requests_fails() -> None:
    async with faulty() as service:
        await service.inject("error", rate=0.25)
        assert 30 <= (await service.statuses(200)).count(500) <= 70
        await service.clear()
        assert set(await service.statuses(20)) == {200}
