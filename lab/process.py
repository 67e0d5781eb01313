"""A module of ours in a process of its own, for as long as a block lasts."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

_PATIENCE_S = 30.0


@contextmanager
def process(
    module: str, *arguments: str, environment: Mapping[str, str] | None = None, checkout: Path | None = None
) -> Iterator[int]:
    """Run `python -m module arguments`, of another checkout if one is given, and yield its pid.

    At the end of the block it gets SIGTERM, and the block waits for its end.
    """
    settings = [f"{name}={value}" for name, value in (environment or {}).items()]
    command = ["env", *settings, sys.executable, "-m", module, *arguments]
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=checkout)
    try:
        yield started.pid
    finally:
        started.terminate()
        started.wait(_PATIENCE_S)


def wait_for(url: str) -> None:
    """Return when there is a good answer. After half a minute, raise what the last attempt raised."""
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
