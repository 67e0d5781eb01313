"""Fills in `lb/nginx.conf` as `envsubst` does under Docker, but refuses what would give a broken configuration."""

import re
from collections.abc import Mapping
from types import MappingProxyType

# Everything but the two addresses to listen on, AFLOAT_LB_LISTEN and AFLOAT_LB_INTERNAL_LISTEN.
DEFAULTS: Mapping[str, str] = MappingProxyType(
    {
        "AFLOAT_LB_LOG": "/dev/stdout",
        "AFLOAT_LB_CONNECT_TIMEOUT": "80ms",
        "AFLOAT_LB_READ_TIMEOUT": "1s",
        "AFLOAT_LB_NEXT_UPSTREAM": "error timeout http_503",
        "AFLOAT_LB_TRIES": "5",
        "AFLOAT_LB_TRIES_TIMEOUT": "3s",
        "AFLOAT_LB_GATEWAY_READ_TIMEOUT": "4s",
        "AFLOAT_LB_GATEWAY_NEXT_UPSTREAM": "error timeout",
        "AFLOAT_RATE_PER_CLIENT": "2000",
        "AFLOAT_CONNECTIONS_PER_CLIENT": "1000",
    }
)

DESCRIPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "AFLOAT_LB_LOG": "where the access log goes",
        "AFLOAT_LB_CONNECT_TIMEOUT": "what an address that has vanished costs",
        "AFLOAT_LB_READ_TIMEOUT": "what a replica that hangs costs; above the slowest honest answer",
        "AFLOAT_LB_NEXT_UPSTREAM": "failures after which another replica is asked; off: none",
        "AFLOAT_LB_TRIES": "replicas asked at most",
        "AFLOAT_LB_TRIES_TIMEOUT": "time after which no further replica is asked",
        "AFLOAT_LB_GATEWAY_READ_TIMEOUT": "longest that a gateway may take to answer",
        "AFLOAT_LB_GATEWAY_NEXT_UPSTREAM": "failures after which another gateway is asked",
        "AFLOAT_RATE_PER_CLIENT": "requests a second that one address may send before it gets 429",
        "AFLOAT_CONNECTIONS_PER_CLIENT": "requests that one address may have in progress",
    }
)

_PLACEHOLDER = re.compile(r"\$\{(AFLOAT_[A-Z_]+)\}")
_TIME = re.compile(r"[1-9]\d*(ms|s)")
_NUMBER = re.compile(r"[1-9]\d*")
_CONDITIONS = re.compile(r"off|(error|timeout|http_50[234])( (error|timeout|http_50[234]))*")
_WORD = re.compile(r"[^\s;{}\"'$\\#]+")
_PATH = re.compile(r"[^\n\r\"$\\]+")

_RULES = (
    ("_TIMEOUT", _TIME, "a time such as 300ms or 1s"),
    ("_NEXT_UPSTREAM", _CONDITIONS, "off, or some of: error timeout http_502 http_503 http_504"),
    ("_TRIES", _NUMBER, "a whole number of at least 1"),
    ("_LOG", _PATH, "a path without quotes, dollars and backslashes"),
    ("_PER_CLIENT", _NUMBER, "a whole number of at least 1"),
    ("", _WORD, "an address such as 127.0.0.1:8080"),
)


def render(template: str, values: Mapping[str, str]) -> str:
    """The template with `values`, and the DEFAULTS for what they leave out, in place of its `${AFLOAT_...}`.

    ValueError, a sentence for the user, for a value that nginx would misread, one that is missing and one that the
    template has no place for.
    """
    filled = {**DEFAULTS, **values}
    wanted = set(_PLACEHOLDER.findall(template))
    if missing := sorted(wanted - set(filled)):
        raise ValueError(f"The load balancer needs a value for {', '.join(missing)}.")
    if unknown := sorted(set(values) - wanted):
        raise ValueError(f"The load balancer has no setting named {', '.join(unknown)}.")
    check({name: filled[name] for name in wanted})
    return _PLACEHOLDER.sub(lambda match: filled[match[1]], template)


def check(values: Mapping[str, str]) -> None:
    """ValueError, a sentence for the user, for a value that nginx would misread."""
    for name, value in values.items():
        allowed, meaning = next((pattern, meaning) for ending, pattern, meaning in _RULES if name.endswith(ending))
        if not allowed.fullmatch(value):
            raise ValueError(f"{name} is {value!r}: set it to {meaning}.")
