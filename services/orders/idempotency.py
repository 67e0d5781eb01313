"""The `Idempotency-Key` header, as in draft-ietf-httpapi-idempotency-key-header: a string that names one attempt."""

import re
from typing import Any

from fastapi import Request

from chassis.problems import Problem

HEADER = "Idempotency-Key"

# A structured field's string (RFC 9651) is quoted, with \" and \\ escaped. Most clients send a bare UUID instead.
_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
_BARE = re.compile(r"[!#-~][ -~]*")
_MAX_LENGTH = 255

OPENAPI: dict[str, Any] = {
    "parameters": [
        {
            "name": HEADER,
            "in": "header",
            "required": True,
            "description": "The same for every try of one order, and for no other order.",
            "schema": {"type": "string", "pattern": "^[!#-~]+$", "minLength": 1, "maxLength": _MAX_LENGTH},
        }
    ]
}


def idempotency_key(request: Request) -> str:
    """The key of this request; raises a 400 problem if there is none, or more than one, or a malformed one."""
    values = request.headers.getlist(HEADER)
    if not values:
        raise Problem(400, f"{HEADER} is missing: without it, a retry could order twice.")
    key = _parse(values[0]) if len(values) == 1 else ""
    if not 1 <= len(key) <= _MAX_LENGTH:
        raise Problem(400, f"{HEADER} must be one string of 1 to {_MAX_LENGTH} printable ASCII characters.")
    return key


def _parse(value: str) -> str:
    """The key that a header's value stands for: quoted or not, it is the same key. Empty if malformed."""
    quoted = _QUOTED.fullmatch(value)
    if quoted:
        return re.sub(r"\\(.)", r"\1", quoted[1])
    return value if _BARE.fullmatch(value) else ""
