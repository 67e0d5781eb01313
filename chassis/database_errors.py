"""What the errors of PostgreSQL and asyncpg mean: whether the connection is lost, and what the client is told.

SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

import asyncpg

from chassis.problems import Problem

BUSY = "bulkhead_full"

# The server ended the session, or will not begin one.
_SESSION_ENDED = ("08", "57P")
_TIMED_OUT = ("57014", "55P03")
# Before the migration: no such role, database, schema or table, or no right to it.
_NOT_MIGRATED = ("28", "3D000", "3F000", "42P01", "42501")
# No connection, memory or disk left; a deadlock or a conflict that the same call would hardly meet again.
_OVERLOADED = ("53", "40")
# A value that no column could hold: too large a number, a null byte.
_VALUE_REFUSED = ("22003", "22021", "22P05")


def connection_lost(error: BaseException, *, closed: bool) -> bool:
    """Whether the connection died under the call, so that the call might succeed on another."""
    if isinstance(error, asyncpg.PostgresError):
        return _in(_SESSION_ENDED, error)
    if isinstance(error, asyncpg.InternalClientError):
        return True  # the server's last word had come in before the statement could be sent
    if isinstance(error, asyncpg.InterfaceError):
        return closed  # on an open connection it says that asyncpg was misused
    return isinstance(error, OSError) and not isinstance(error, TimeoutError)


def problem_of(error: BaseException, *, closed: bool = False) -> Problem | None:
    """What the client is told; None if the fault is the service's own: a 500, and the error in its log."""
    if isinstance(error, TimeoutError):
        return _problem(504, "The database did not answer in time.", "timeout")
    if connection_lost(error, closed=closed):
        return unreachable()
    if isinstance(error, asyncpg.PostgresError):
        return _problem_of_statement(error)
    return None


def unreachable() -> Problem:
    """There is no connection to the database."""
    return _problem(503, "The database cannot be reached.", "unreachable")


def exhausted() -> Problem:
    """The pool has no connection to spare.

    Not a 503: the load balancer would ask the other replicas, which are as busy, and take this one out of rotation.
    """
    return _problem(429, "Every connection to the database is in use.", BUSY)


def overloaded(error: BaseException) -> bool:
    """Whether the server is there, but takes no more at the moment."""
    return isinstance(error, asyncpg.PostgresError) and _in(_OVERLOADED, error)


def _problem_of_statement(error: asyncpg.PostgresError) -> Problem | None:
    if _in(_TIMED_OUT, error):
        return _problem(504, "The database did not answer in time.", "timeout")
    if _in(_NOT_MIGRATED, error):
        return _problem(503, "The database is not set up for this service yet.", "upstream_error")
    if _in(_OVERLOADED, error):
        return _problem(503, "The database is overloaded.", "upstream_error")
    # Some are refused by asyncpg before they are sent: half a character is one that JSON's escapes can hold.
    if _in(_VALUE_REFUSED, error) or isinstance(error.__cause__, OverflowError | UnicodeEncodeError):
        return Problem(422, "A value in the request is out of range, or no text.")
    return None


def _in(states: tuple[str, ...], error: asyncpg.PostgresError) -> bool:
    return (error.sqlstate or "").startswith(states)


def _problem(status: int, detail: str, reason: str) -> Problem:
    return Problem(status, detail, dependency="postgres", reason=reason, retry_after_s=1)
