"""Logs the events that change the state of a pattern. Single calls are not logged here."""

import structlog

from resilience.events import Event, RetryBudgetSpent, StateChanged

log = structlog.get_logger("gateway")


def log_event(event: Event) -> None:
    if isinstance(event, StateChanged):
        log.warning(
            "circuit_changed",
            dependency=event.name,
            before=event.before,
            after=event.after,
            cause=event.cause,
            next_probe_in_s=None if event.wait_s is None else round(event.wait_s, 3),
        )
    elif isinstance(event, RetryBudgetSpent):
        log.info("retry_budget_spent", dependency=event.name)
