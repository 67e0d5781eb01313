"""Plain apps (`lab/plain_search.py`) that take the place of a stack's replicas of Products."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus
from urllib.request import urlopen

from lab.process import process, wait_for
from lab.request import WANTED
from stack.errors import StackError
from stack.local.ports import free_port
from stack.local.topology import Place, Topology

SELECTIVE = "brass lantern"
BROAD = "black"


@contextmanager
def plain_apps(topology: Topology, database_url: str) -> Iterator[Topology]:
    """Run as many plain apps as there are replicas; gives the topology in which they are the products."""
    taken = {place.port for place in topology.places}
    places = [place for place in topology.places if place.service != "products"]
    statement = _statement()
    with ExitStack() as processes:
        for replica in topology.of("products"):
            place = replace(replica, port=free_port(taken))
            taken.add(place.port)
            processes.enter_context(process("lab.plain_search", str(place.port), database_url, statement))
            wait_for(f"http://{place.address}{search_path(SELECTIVE)}")
            _check_same(replica, place)
            places.append(place)
        yield replace(topology, places=tuple(places))


def search(url: str, words: str) -> dict[str, Any]:
    """The page that a service or nginx answers."""
    with urlopen(f"{url}{search_path(words)}", timeout=10) as answer:  # noqa: S310  # our own stack
        page: dict[str, Any] = json.load(answer)
    return page


def search_path(words: str) -> str:
    return f"/products/search?q={quote_plus(words)}"


def _statement() -> str:
    """The SQL of the service's search and its arguments, as JSON."""
    command = [sys.executable, "-m", "services.products.sql", f"q={quote_plus(SELECTIVE)}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _check_same(replica: Place, plain: Place) -> None:
    """A comparison means nothing unless both answer with the same products."""
    for words in (SELECTIVE, BROAD, *WANTED[:5]):
        one, other = (search(f"http://{place.address}", words) for place in (replica, plain))
        if one["products"] != other["products"]:
            raise StackError(f"For {words!r}, the plain app and {replica.name} answer with different products.")
