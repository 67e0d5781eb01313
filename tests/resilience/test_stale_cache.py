"""The stale cache."""

import gc
import sys
from collections.abc import Callable
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from resilience.options import StaleCacheOptions
from tests.resilience.service import cache_of

sizes = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 40), st.sampled_from(["put", "get", "forget"])), max_size=80
)


@given(sizes)
def test_the_cache_keeps_the_most_recently_used_answers_within_both_bounds(steps: list[tuple[int, int, str]]) -> None:
    cache = cache_of(StaleCacheOptions(max_entries=5, max_bytes=100))
    model: list[tuple[int, str]] = []
    for key, size, step in steps:
        known = dict(model).get(key)
        if step == "get":
            found = cache.get(key, 0)
            assert (found.answer if found else None) == known
            if known is not None:
                model = [entry for entry in model if entry[0] != key] + [(key, known)]
        else:
            model = [entry for entry in model if entry[0] != key]
            if step == "put":
                cache.put(key, "x" * size, 0)
                model.append((key, "x" * size))
            else:
                cache.forget(key)
        while len(model) > 5 or sum(len(answer) for _, answer in model) > 100:
            model.pop(0)
        assert len(cache) == len(model)
        assert cache.size_bytes == sum(len(answer) for _, answer in model) <= 100


def test_an_answer_larger_than_the_whole_cache_is_not_remembered_and_removes_nothing() -> None:
    cache = cache_of(StaleCacheOptions(max_bytes=10))
    cache.put("small", "x", 0)
    cache.put("large", "x" * 11, 0)
    assert cache.get("small", 0)
    assert cache.get("large", 0) is None


def test_an_answer_that_is_too_old_is_forgotten() -> None:
    cache = cache_of()
    cache.put("key", "x", 0)
    assert cache.get("key", 300)
    assert cache.get("key", 300.1) is None
    assert cache.size_bytes == len(cache) == 0


def test_a_read_is_outdated_by_what_is_stored_or_forgotten_while_it_is_under_way() -> None:
    cache = cache_of()
    changes: list[Callable[[], None]] = [lambda: cache.put("key", "x", 0), lambda: cache.forget("key")]
    for change in changes:
        with cache.reading("key") as read, cache.reading("other key") as other:
            assert not read.outdated
            change()
            assert read.outdated
            assert not other.outdated
        with cache.reading("key") as read:
            assert not read.outdated


def test_nothing_is_kept_of_reads_that_have_ended() -> None:
    cache = cache_of()
    gc.collect()
    before = sys.getallocatedblocks()
    for key in range(10_000):
        with suppress(LookupError), cache.reading(key):
            raise LookupError
    gc.collect()
    assert sys.getallocatedblocks() - before < 100
