"""Breakers under a test's control: their time, their dice, and the results that they are told."""

from collections.abc import Callable

from resilience.circuit_breaker import CircuitBreaker
from resilience.events import Announcer, Event
from resilience.options import CircuitBreakerOptions
from resilience.outcome import Outcome
from tests.resilience.conftest import FakeTime

OPTIONS = CircuitBreakerOptions()
SUCCESS, FAILURE, IGNORED = Outcome.SUCCESS, Outcome.FAILURE, Outcome.IGNORED


def breaker_in(
    time: FakeTime, options: CircuitBreakerOptions = OPTIONS, listen: Callable[[Event], None] | None = None
) -> CircuitBreaker:
    announcer = Announcer([listen] if listen else [])
    return CircuitBreaker("service", options, clock=time.clock, random=lambda: 0.5, announcer=announcer)


def result(breaker: CircuitBreaker, time: FakeTime, outcome: Outcome, duration_s: float = 0.0) -> None:
    permit = breaker.permit()
    time.pass_by(duration_s)
    permit.settle(outcome)


def results(breaker: CircuitBreaker, time: FakeTime, outcome: Outcome, times: int) -> None:
    for _ in range(times):
        result(breaker, time, outcome)


def opened(time: FakeTime, listen: Callable[[Event], None] | None = None) -> CircuitBreaker:
    breaker = breaker_in(time, listen=listen)
    results(breaker, time, FAILURE, 5)
    assert breaker.snapshot().state == "open"
    return breaker


def half_open(time: FakeTime) -> CircuitBreaker:
    breaker = opened(time)
    time.pass_by(5)
    return breaker
