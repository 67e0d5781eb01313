"""The docker command line: run, read, and its failures as sentences."""

import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

from stack.errors import StackError
from stack.runtime import Announce, silent

ENGINE_TIMEOUT_S = 10.0
"""How long an engine may take that is only looked at: one on another machine may be lost."""

_HINTS = (
    (
        ("port is already allocated", "address already in use"),
        "The port is taken: end what listens there, or choose another, as in `AFLOAT_PORT=8081 make up`.",
    ),
    (
        (
            "pull access denied",
            "failed to resolve source",
            "no such host",
            "i/o timeout",
            "TLS handshake",
            'Get "https://',
        ),
        "Where no image registry can be reached, `make offline-images` builds stand-ins for the base images.",
    ),
    (("Cannot connect to the Docker daemon",), "No Docker engine answers: start it, or use RUNTIME=local."),
    (("permission denied while trying to connect",), "You may not use the Docker engine: join its group, or use sudo."),
)


def engine_answers() -> bool:
    """Whether there is a docker command, an engine behind it, and Compose."""
    return answers() and _succeeds("docker", "compose", "version")


def answers(host: str | None = None) -> bool:
    """Whether there is a docker command, and an engine at `host`, or at the docker command's own."""
    return _succeeds(*command_for(host, "version"))


def check_engine() -> None:
    """StackError that says what of it is missing."""
    check_answers()
    if not _succeeds("docker", "compose", "version"):
        raise StackError("Docker has no Compose here: install its plugin of version 2, or use RUNTIME=local.")


def check_answers(host: str | None = None) -> None:
    """StackError where there is no engine behind the docker command."""
    if not answers(host):
        raise StackError("No Docker engine answers: start it, or use RUNTIME=local.")


def docker(
    *arguments: str,
    host: str | None = None,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    announce: Announce = silent,
    timeout_s: float | None = None,
) -> str:
    """What `docker ARGUMENTS` prints, asked of the engine at `host`, or of the docker command's own.

    What it says meanwhile is announced, line by line; or, where nobody listens, it may have a timeout.
    """
    command = command_for(host, *arguments)
    said: deque[str] = deque(maxlen=20)
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if announce is not silent else subprocess.PIPE,
        text=True,
        errors="replace",
    ) as process:
        if announce is silent:
            try:
                output, complaint = process.communicate(timeout=timeout_s)
            except subprocess.TimeoutExpired:
                process.kill()
                raise StackError(sentence(["docker", *arguments], [f"no answer within {timeout_s:g} s"])) from None
            said.extend(complaint.splitlines())
        else:
            output = ""
            for line in process.stdout or ():
                if line.strip():
                    said.append(line.strip())
                    announce(line.strip())
    if process.returncode:
        raise StackError(sentence(["docker", *arguments], said))
    return output


def command_for(host: str | None, *arguments: str) -> list[str]:
    """`docker ARGUMENTS` for the engine at `host`."""
    return ["docker", *(["--host", host] if host else []), *arguments]


def _succeeds(*command: str) -> bool:
    try:
        finished = subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, timeout=ENGINE_TIMEOUT_S, check=False
        )
    except (FileNotFoundError, PermissionError, subprocess.TimeoutExpired):
        return False
    return finished.returncode == 0


def sentence(command: Sequence[str], said: Sequence[str]) -> str:
    """What went wrong, from the last lines that a docker command said."""
    text = "\n".join(said)
    for signs, hint in _HINTS:
        if any(sign in text for sign in signs):
            return f"{said[-1]}\n{hint}"
    return f"`{' '.join(command[:4])} ...` failed: {said[-1] if said else 'it does not say why'}"
