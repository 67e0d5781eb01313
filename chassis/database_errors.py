"""Turns an error of PostgreSQL into a Problem for the client.

SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

import structlog
from sqlalchemy.exc import DBAPIError

from chassis.problems import Problem

BUSY = "bulkhead_full"

log = structlog.get_logger("chassis")

_TIMED_OUT = ("57014", "55P03")
# The server ended the session, or refuses a new one.
_SESSION_ENDED = ("08", "57P")
# The migration has not run: the role, the database, the schema, the table or a permission is missing.
_NOT_MIGRATED = ("28", "3D000", "3F000", "42P01", "42501")
# The server has no more connections, memory or disk space. Or there was a deadlock or a conflict: a retry can succeed.
_OVERLOADED = ("53", "40")
# The statement is wrong: a bug of the service.
_BUG = ("42", "26", "34", "0A")


def problem_of(error: DBAPIError) -> Problem | None:
    """The Problem for the client. None if the error is a bug of the service: it then becomes a 500.

    PostgreSQL refuses values with many different states, even with "internal error" (XX000). So a state means that a
    value of the request is wrong, unless this file lists it as a problem of the server or of the statement.
    """
    state = _state(error)
    if state.startswith(_TIMED_OUT):
        return not_in_time()
    if error.connection_invalidated or state.startswith(_SESSION_ENDED):
        return unreachable()
    if state.startswith(_NOT_MIGRATED):
        return _problem(503, "The database is not set up for this service yet.", "upstream_error")
    if overloaded(error):
        return _problem(503, "The database is overloaded.", "upstream_error")
    if not state or state.startswith(_BUG) or isinstance(_cause(error), TypeError):
        return None
    log.warning("value_refused", sqlstate=state, error=type(error.driver_exception).__name__)
    return Problem(422, "The database refuses a value of this request.")


def connect_problem(error: Exception) -> Problem:
    """The Problem for a client whose call got no connection because of this error."""
    return (problem_of(error) if isinstance(error, DBAPIError) else None) or unreachable()


def overloaded(error: Exception) -> bool:
    """Whether the server runs but cannot accept more work."""
    return isinstance(error, DBAPIError) and _state(error).startswith(_OVERLOADED)


def unreachable() -> Problem:
    """The service cannot connect to the database."""
    return _problem(503, "The database cannot be reached.", "unreachable")


def not_in_time() -> Problem:
    """The database is too slow."""
    return _problem(504, "The database did not answer in time.", "timeout")


def pool_exhausted() -> Problem:
    """Every connection of the pool is in use.

    This is a 429 and not a 503. After a 503, nginx would send the request to the other replicas, which are as busy, and
    would stop using this one (docs/decisions/0001).
    """
    return _problem(429, "Every connection to the database is in use.", BUSY)


def _state(error: DBAPIError) -> str:
    return getattr(error.driver_exception, "sqlstate", None) or ""


def _cause(error: DBAPIError) -> BaseException | None:
    """The cause of the driver's error. It is a TypeError if asyncpg refused a value because of its type."""
    return error.driver_exception.__cause__


def _problem(status: int, detail: str, reason: str) -> Problem:
    return Problem(status, detail, dependency="postgres", reason=reason, retry_after_s=1)
