"""The ends of several logs, and what is added to them."""

import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

_LINES = 20
_POLL_S = 0.2


def tail(folder: Path, *, follow: bool) -> Iterator[str]:
    """Lines as `name: text`: the last of every log, then, with `follow`, each new one for ever."""
    read: dict[Path, int] = {}
    for path in sorted(folder.glob("*.log")):
        with path.open(errors="replace") as log:
            for line in deque(log, maxlen=_LINES):
                yield f"{path.stem}: {line.rstrip()}"
            read[path] = log.tell()
    while follow:
        time.sleep(_POLL_S)
        for path in sorted(folder.glob("*.log")):
            yield from _added(path, read)


def _added(path: Path, read: dict[Path, int]) -> Iterator[str]:
    """The lines after those that were read; a log that has become shorter was turned over and begins anew."""
    known = read.get(path, 0)
    with path.open(errors="replace") as log:
        log.seek(known if known <= path.stat().st_size else 0)
        for line in iter(log.readline, ""):
            if not line.endswith("\n"):
                break
            read[path] = log.tell()
            yield f"{path.stem}: {line.rstrip()}"
