"""Breakers under a test's control: their time, their random numbers, and the results of their calls."""

from collections.abc import Callable

from resilience.circuit_breaker import CircuitBreaker
from resilience.events import Announcer, Event
from resilience.options import CircuitBreakerOptions
from resilience.outcome import Outcome
from tests.resilience.conftest import FakeClock

OPTIONS = CircuitBreakerOptions()
SUCCESS, FAILURE, REQUEST_FAILURE, IGNORED = Outcome


def breaker_in(
    clock: FakeClock, options: CircuitBreakerOptions = OPTIONS, listen: Callable[[Event], None] | None = None
) -> CircuitBreaker:
    announcer = Announcer([listen] if listen else [])
    return CircuitBreaker("service", options, clock=clock, random=lambda: 0.5, announcer=announcer)


def result(breaker: CircuitBreaker, clock: FakeClock, outcome: Outcome, duration_s: float = 0.0) -> None:
    permit = breaker.acquire()
    clock.pass_by(duration_s)
    permit.settle(outcome)


def results(breaker: CircuitBreaker, clock: FakeClock, outcome: Outcome, times: int) -> None:
    for _ in range(times):
        result(breaker, clock, outcome)


def opened(clock: FakeClock, listen: Callable[[Event], None] | None = None) -> CircuitBreaker:
    breaker = breaker_in(clock, listen=listen)
    results(breaker, clock, FAILURE, 5)
    assert breaker.snapshot().state == "open"
    return breaker


def half_open(clock: FakeClock) -> CircuitBreaker:
    breaker = opened(clock)
    clock.pass_by(5)
    return breaker
