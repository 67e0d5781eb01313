"""The text of `supervisord.conf`. Its folder is where supervisord runs, so that logs need no path."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stack.errors import StackError

USER = "afloat"


@dataclass(frozen=True)
class Program:
    """A process to keep running (or, with `once`, to run to its end): started by name, never by itself.

    It works where supervisord does: that is how its leftovers are known.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    stop_signal: str = "TERM"
    stop_wait_s: int = 10
    once: bool = False


def render(port: int, password: str, user: str | None, programs: Sequence[Program]) -> str:
    """`user` names root where that is who runs supervisord, which wants to be told."""
    sections = [
        _section("supervisord", logfile="logs/supervisord.log", logfile_maxbytes="5MB", logfile_backups=1, user=user)
        + "pidfile = supervisord.pid\n",
        _section("inet_http_server", port=f"127.0.0.1:{port}", username=USER, password=password),
        _section(
            "rpcinterface:supervisor",
            **{"supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"},
        ),
        _section("rpcinterface:afloat", **{"supervisor.rpcinterface_factory": "stack.local.supervisor_extension:make"}),
    ]
    return "\n".join(sections + [_program(program) for program in programs])


def _program(program: Program) -> str:
    environment = ",".join(f'{name}="{_quotable(value)}"' for name, value in sorted(program.environment.items()))
    return _section(
        f"program:{program.name}",
        command=shlex.join(program.command).replace("%", "%%"),
        environment=environment.replace("%", "%%") or None,
        user=program.user,
        autostart="false",
        autorestart="false" if program.once else "true",
        startsecs=0 if program.once else 1,
        # For ever, in effect: it waits a second longer after each try.
        startretries=0 if program.once else 1000,
        stopsignal=program.stop_signal,
        stopwaitsecs=program.stop_wait_s,
        redirect_stderr="true",
        stdout_logfile=f"logs/{program.name}.log",
        stdout_logfile_maxbytes="10MB",
        stdout_logfile_backups=1,
    )


def _section(name: str, **options: str | int | None) -> str:
    lines = [f"{option} = {_one_line(str(value))}" for option, value in options.items() if value is not None]
    return "\n".join([f"[{name}]", *lines, ""])


def _one_line(value: str) -> str:
    if re.search(r"[\r\n]|\s[;#]", value):
        raise StackError(
            f"{value!r} cannot be used: no space before ; or #, and no line break. Change that and try again."
        )
    return value


def _quotable(value: str) -> str:
    if re.search(r"[\"'\r\n]", value):
        raise StackError(f"{value!r} cannot be the value of a setting: it may have no quotes and no line break.")
    return value
