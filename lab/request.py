"""What a load is made of: an endless mix of requests."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

# What the generated shop sells, in a shopper's words: some find a few products, some find many.
WANTED = (
    *("wireless desk lamp", "dimmable floor lamp", "solar lantern", "smart night light", "lamp"),
    *("wireless headphones", "bluetooth speaker", "portable radio", "noise cancelling headset", "earbuds"),
    *("mechanical keyboard", "ergonomic mouse", "backlit keyboard", "portable monitor", "webcam"),
    *("electric kettle", "ceramic frying pan", "programmable coffee maker", "stainless steel saucepan", "kettle"),
    *("oak dining table", "swivel office chair", "velvet sofa", "wool blanket", "cotton duvet cover"),
    *("waterproof backpack", "lightweight tent", "merino jumper", "quilted jacket", "rechargeable bike light"),
)
_MISSPELT = ("hedphones", "keybord", "blankett", "wireles lamp")
_MISSPELT_SHARE = 0.02
_ODD_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Request:
    """One request to be sent; `path` holds the query, encoded.

    `sections`: its answer is a storefront. `keep_body`: its answer's body is wanted.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    kind: str = ""
    sections: bool = False
    keep_body: bool = False


def searches(prefix: str = "/products", seed: int = 1) -> Iterator[Request]:
    """Product searches as shoppers type them, now and then misspelt.

    With the prefix `/api/products` they go through the gateway. Every other one has capitals like hardly any before it,
    which no search minds: half of what is measured is the service, not what the gateway remembers of it.
    """
    shopper = random.Random(seed)
    while True:
        text = shopper.choice(_MISSPELT if shopper.random() < _MISSPELT_SHARE else WANTED)
        if shopper.random() < _ODD_SHARE:
            text = "".join(letter.upper() if shopper.random() < 0.5 else letter for letter in text)
        yield Request("GET", f"{prefix}/search?{urlencode({'q': text})}")


def in_turn(*streams: Iterator[Request]) -> Iterator[Request]:
    """One of each, again and again."""
    while True:
        for stream in streams:
            yield next(stream)
