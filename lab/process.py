"""A module of ours in a process of its own, for as long as a block lasts."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

_PATIENCE_S = 30.0


@contextmanager
def process(module: str, *arguments: str, **environment: str) -> Iterator[None]:
    """Runs `python -m module arguments`; at the end it is asked to stop, and waited for."""
    settings = [f"{name}={value}" for name, value in environment.items()]
    started = subprocess.Popen(["env", *settings, sys.executable, "-m", module, *arguments], stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(_PATIENCE_S)


def wait_for(url: str) -> None:
    """Return when there is a good answer; raises what the last attempt did after half a minute."""
    started_s = monotonic()
    while True:
        try:
            with urlopen(url, timeout=5) as answer:  # noqa: S310  # on loopback
                answer.read()
        except (URLError, ConnectionError):
            if monotonic() > started_s + _PATIENCE_S:
                raise
            sleep(0.05)
        else:
            return
