"""Parts of sentences for the page: faults, shares, times and lists of names."""

from collections.abc import Mapping, Sequence
from typing import Any


def named(service: str) -> str:
    """The name at the start of a sentence. A replica keeps the spelling that commands use."""
    return service.capitalize() if service.isalpha() else service


def possessive(service: str) -> str:
    return named(service) + ("'" if service.endswith("s") else "'s")


def listed(names: Sequence[str]) -> str:
    """One, two and three."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else "nobody"


def share(part: float) -> str:
    """A share of the visitors: `1 in 4 visitors`, `40 % of visitors`, `all visitors`."""
    if part >= 1:
        return "all visitors"
    if part <= 0:
        return "no visitor"
    one_in = max(2, round(1 / part))
    if abs(1 / one_in - part) <= part / 10:
        return f"1 in {one_in} visitors"
    return f"{min(99, round(part * 100))} % of visitors"


def seconds(time_s: float) -> str:
    """A time with its unit, joined by a no-break space."""
    return f"{time_s:.0f}\u00a0s" if time_s < 120 else f"{time_s / 60:.0f}\u00a0min"


def percent(rate: Any) -> str:
    return f"{float(rate) * 100:.0f} %"


def fault(kind: str, settings: Mapping[str, Any]) -> str:
    """What a fault does to its target, for example `is slow (+3 s)`."""
    rate = float(settings.get("rate", 1))
    some = "" if rate >= 1 else f" {percent(rate)} of the time"
    said = {
        "latency": f"is slow (+{float(settings.get('delay_ms', 0)) / 1000:g} s)",
        "error": f"answers {settings.get('status', 500)}{some}",
        "hang": f"hangs{some}",
        "reset": f"breaks connections{some}",
        "grey": f"fails{some} while it calls itself ready",
        "crash": "crashes",
        "leak": f"leaks memory ({settings.get('mib_per_s', '?')} MiB/s)",
        "block": f"blocks its event loop ({settings.get('block_ms', '?')} ms at a time)",
        "exhaust_pool": "has no database connection left",
    }
    return said.get(kind, f"has the fault {kind}")
