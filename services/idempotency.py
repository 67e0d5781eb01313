"""The `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header): a string that identifies one order.

Orders requires the key. The gateway checks it too, before it passes a request on.
"""

import re
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Depends, Header, Request

from chassis.problems import Problem

HEADER = "Idempotency-Key"

# A string of a structured field (RFC 9651) is quoted, with \" and \\ escaped. Most clients send a bare UUID instead.
_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
_BARE = re.compile(r"[!#-~][ -~]*")
_MAX_LENGTH = 255


async def _idempotency_key(
    request: Request,
    value: Annotated[
        str,
        Header(
            alias=HEADER,
            description="The same for every try of one order, and another one for every other order.",
            openapi_examples={"a UUID": {"value": "8e03978e-40d5-43e8-bc93-6894a57f9324"}},
            json_schema_extra={"pattern": "^[!#-~]+$", "minLength": 1, "maxLength": _MAX_LENGTH},
        ),
    ],
) -> str:
    """The key of this request. Raises a 400 problem if it is malformed or there is more than one."""
    key = _parse(value) if len(request.headers.getlist(HEADER)) == 1 else ""
    if not 1 <= len(key) <= _MAX_LENGTH:
        raise Problem(400, f"{HEADER} must be one string of 1 to {_MAX_LENGTH} printable ASCII characters.")
    return key


IdempotencyKey = Annotated[str, Depends(_idempotency_key)]
CALL_ID = "X-Call-Id"
CallId = Annotated[UUID, Header(alias=CALL_ID, default_factory=uuid4, include_in_schema=False)]
"""Identifies one request of a client. Retries by nginx or the gateway have the same id, so they are not replays."""


def _parse(value: str) -> str:
    """The key in a header's value, without quotes. Empty if the value is malformed."""
    quoted = _QUOTED.fullmatch(value)
    if quoted:
        return re.sub(r"\\(.)", r"\1", quoted[1])
    return value if _BARE.fullmatch(value) else ""


PLACED: dict[int | str, dict[str, Any]] = {
    201: {
        "headers": {
            "Location": {"description": "The order.", "schema": {"type": "string"}},
            "Idempotency-Replayed": {
                "description": "`true` if an earlier request with this key placed the order.",
                "schema": {"type": "string", "enum": ["true"]},
            },
        }
    }
}
"""OpenAPI's `responses` of a route that places an order. In FastAPI, response headers have no model."""
