"""Reset, over real connections: what the client's socket says."""

import pytest

from tests.chassis.faults.faulty import clear_faults, put_fault
from tests.chassis.process import running

QUICK = b"GET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nab"


@pytest.mark.parametrize("request_", [QUICK, POST])
async def test_a_connection_is_cut_with_rst_and_no_answer(request_: bytes) -> None:
    async with running(faults_enabled=True) as service:
        assert (await put_fault(service, "reset")).status == 200
        async with service.wire() as wire:
            await wire.send(request_)
            # A FIN would be an empty answer here.
            with pytest.raises(ConnectionResetError):
                await wire.reader.read()
        assert (await service.get("/readyz")).status == 200
        assert (await clear_faults(service)).status == 200
        assert (await service.get("/quick")).body == b"done"
        assert [line for line in service.log() if line["level"] == "error"] == []
        assert b'status="499"} 1.0' in (await service.get("/metrics")).body
