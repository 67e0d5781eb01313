"""What tests of several folders ask for."""

import os
import threading
from collections.abc import Iterator

import pytest
from hypothesis import settings

from lab.priority import go_first

# Examples are judged by what they do: a machine that is busy with something else makes some of them slow.
# Here, as `@given` takes its settings from the profile when its file is imported.
settings.register_profile("afloat", deadline=None)
settings.load_profile("afloat")


@pytest.fixture
def punctual() -> Iterator[None]:
    """The load that the test sends goes before others, where the system lets it: what it heaps up is turned away."""
    first = go_first()
    yield
    if first:
        os.sched_setscheduler(threading.get_native_id(), os.SCHED_OTHER, os.sched_param(0))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Of a test that gets a second go pytest itself does not say why."""
    if report.outcome == "rerun":  # type: ignore[comparison-overlap]  # pytest-rerunfailures' own
        print(f"\n{report.nodeid} gets a second go:\n{report.longreprtext}")
