"""The rolling window beside a list of all calls."""

from hypothesis import given
from hypothesis import strategies as st

from resilience.rolling_window import BUCKETS, RollingWindow

START_S = 1000.0
calls = st.lists(
    st.tuples(st.integers(0, 320).map(lambda n: n / 64), st.booleans(), st.booleans()), min_size=1, max_size=60
)


@given(calls, st.integers(0, 2000).map(lambda n: n / 64))
def test_it_counts_exactly_the_calls_of_the_newest_ten_buckets(
    passing: list[tuple[float, bool, bool]], until_end_s: float
) -> None:
    window = RollingWindow(10.0, START_S)
    seen: list[tuple[int, bool, bool]] = []
    now_s = START_S
    for after_s, failed, slow in [*passing, (until_end_s, True, True)]:
        now_s += after_s
        window.add(now_s, failed, slow)
        newest = int(now_s - START_S)
        seen.append((newest, failed, slow))
        counted = [call for call in seen if call[0] > newest - BUCKETS]
        assert window.calls == len(counted)
        assert window.failures == sum(failed for _, failed, _ in counted)
        assert window.slow == sum(slow for _, _, slow in counted)


def test_a_burst_across_two_buckets_is_counted_completely() -> None:
    """Property 12: nothing is forgotten all at once."""
    for tenth in range(400):
        window = RollingWindow(10.0, START_S)
        middle_s = START_S + 0.5 + tenth / 10
        for n in range(20):
            window.add(middle_s - 0.5 + n / 20, failed=True)
        assert window.calls == window.failures == 20, tenth


def test_after_its_whole_length_nothing_is_left() -> None:
    window = RollingWindow(10.0, START_S)
    window.add(START_S, failed=True, slow=True)
    window.forget_old(START_S + 10)
    assert (window.calls, window.failures, window.slow) == (0, 0, 0)
