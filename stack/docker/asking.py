"""A question to a service in a container that publishes nothing: asked from inside, by a script of its image."""

import re
import subprocess

from stack.docker.command import command_for, sentence
from stack.errors import StackError
from stack.reply import Reply, broke_off, does_not_run, is_paused, is_silent, is_starting

_URL = "http://127.0.0.1:8000"
# What the engine may take to start a process in a container on a busy machine.
_ENGINE_S = 10.0


def ask(
    name: str, container: str, method: str, path: str, body: bytes, timeout_s: float, host: str | None = None
) -> Reply:
    """What the replica `name` answers on its own port; its container is on the engine at `host`."""
    script = ["python", "-I", "-S", "chassis/ask.py", f"{timeout_s:g}", method, _URL + path, body.decode()]
    command = command_for(host, "exec", container, *script)
    try:
        finished = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout_s + _ENGINE_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise is_silent(name, timeout_s + _ENGINE_S) from None
    # Not by the exit code: the question may have been answered with the end of the container.
    reply = _read(finished.stdout)
    if reply is not None:
        return reply
    raise _why_unanswered(name, finished.stderr.decode(errors="replace").strip(), command, timeout_s)


def _read(output: bytes) -> Reply | None:
    """The reply, if all of it is there."""
    head, _, body = output.partition(b"\n")
    match = re.fullmatch(rb"(\d{3}) (\d+)", head)
    if match is None or len(body) != int(match[2]):
        return None
    return Reply(int(match[1]), body)


def _why_unanswered(name: str, said: str, command: list[str], timeout_s: float) -> StackError:
    if "is paused" in said:
        return is_paused(name)
    if "is restarting" in said or "Connection refused" in said:
        return is_starting(name)
    if any(sign in said for sign in ("is not running", "stopped container", "No such container")):
        return does_not_run(name)
    if "timed out" in said:
        return is_silent(name, timeout_s)
    if not said or "without an answer" in said or "reset by peer" in said:
        return broke_off(name)
    return StackError(sentence(command, said.splitlines()))
