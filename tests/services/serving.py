"""A service as a process of its own, as the stack runs it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

import httpx

from stack.local.ports import free_port
from tests.chassis.postgres import PATIENT

_START_S = 60


@contextmanager
def serving(service: str, database_url: str) -> Iterator[str]:
    """Run `python -m services.<service>` until the end of the block; gives its URL once it is ready."""
    port = free_port(())
    environment = os.environ | {
        "AFLOAT_DATABASE_URL": database_url,
        "AFLOAT_LISTEN_PORT": str(port),
        "AFLOAT_REPLICA": f"{service}-1",
        "AFLOAT_DRAIN_S": "0",
    }
    environment |= {f"AFLOAT_{name.upper()}": str(value) for name, value in PATIENT.items()}
    process = subprocess.Popen([sys.executable, "-m", f"services.{service}"], env=environment)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_ready(process, url)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_until_ready(process: "subprocess.Popen[bytes]", url: str) -> None:
    give_up_at = monotonic() + _START_S
    while monotonic() < give_up_at:
        assert process.poll() is None, "the service stopped; what it printed says why"
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        sleep(0.05)
    raise AssertionError(f"the service was not ready within {_START_S} s")
