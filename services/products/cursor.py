"""The cursor of a search: the position where a page ended, in a token that is signed and valid for this search only."""

import base64
import binascii
import struct
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from hmac import compare_digest

from chassis.problems import Problem
from services.contract import Sort
from services.products.shape import Key, Shape

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SIGNATURE_BYTES = 16
_POSITION = {"rank": struct.Struct(">dq"), "number": struct.Struct(">qq")}


def encode(shape: Shape, search: bytes, position: tuple[Key, int], secret: bytes) -> str:
    """The token for the page after `position` (the key and the id of a product). `search` identifies the search."""
    key, product_id = position
    number = (key - _EPOCH) // _MICROSECOND if isinstance(key, datetime) else key
    packed = _struct(shape).pack(number, product_id)
    return base64.urlsafe_b64encode(packed + _signature(packed, search, secret)).rstrip(b"=").decode()


def decode(shape: Shape, search: bytes, token: str, secret: bytes) -> tuple[Key, int]:
    """The position in a token that `encode` made for the same search. Raises a 400 problem for any other token."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _forged() from None
    packed, signature = raw[:-_SIGNATURE_BYTES], raw[-_SIGNATURE_BYTES:]
    if not compare_digest(signature, _signature(packed, search, secret)):
        raise _forged()
    key, product_id = _struct(shape).unpack(packed)
    return (_EPOCH + key * _MICROSECOND if shape.sort is Sort.NEWEST else key), product_id


def _struct(shape: Shape) -> struct.Struct:
    return _POSITION["rank" if shape.ranked else "number"]


def _signature(packed: bytes, search: bytes, secret: bytes) -> bytes:
    return blake2b(packed + search, key=secret, digest_size=_SIGNATURE_BYTES).digest()


def _forged() -> Problem:
    return Problem(400, "The cursor is not one that this search gave.")
