"""Caches and fallbacks in a test's own time."""

from resilience.fallback import Fallback
from resilience.options import StaleCacheOptions
from resilience.stale_cache import StaleCache
from tests.resilience.conftest import FakeTime


def cache_of(options: StaleCacheOptions | None = None) -> StaleCache[str]:
    return StaleCache(options, size_of=len)


def fallback_in(time: FakeTime, **more: object) -> Fallback[str]:
    arguments = {"clock": time.clock, "call_later": time.call_later, **more}
    return Fallback("service", cache_of(), **arguments)  # type: ignore[arg-type]  # checked by the class itself
