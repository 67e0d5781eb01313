"""Which runtime: the one that is told, the one that is up, or the one that this machine has."""

from collections.abc import Iterator

from stack.docker.command import answers, check_answers, check_engine, engine_answers
from stack.docker.runtime import DockerRuntime
from stack.errors import NothingRuns, StackError
from stack.local.runtime import LocalRuntime
from stack.runtime import Announce, Runtime, silent
from stack.settings import StackSettings
from stack.swarm.runtime import SwarmRuntime

__all__ = ["choose", "find_running", "silent"]


def choose(settings: StackSettings, announce: Announce = silent) -> Runtime:
    """See stack.open_runtime."""
    up = next(_up(settings, announce), None)
    if up and settings.runtime in (None, up.name):
        return up
    if up:
        raise StackError(f"The stack is up already with RUNTIME={up.name}: `make down` ends it.")
    if settings.runtime == "swarm":
        check_answers(settings.docker_host)
        return SwarmRuntime(settings, announce=announce)
    if settings.runtime == "docker":
        check_engine()
    if settings.runtime == "docker" or (settings.runtime is None and engine_answers()):
        return DockerRuntime(settings, announce=announce)
    return LocalRuntime(settings, announce=announce)


def find_running(settings: StackSettings, announce: Announce = silent) -> Runtime:
    """See stack.running_runtime."""
    for runtime in _up(settings, announce):
        if settings.runtime in (None, runtime.name):
            return runtime
    raise NothingRuns


def available(settings: StackSettings, announce: Announce = silent) -> list[Runtime]:
    """Every runtime that could hold something of this stack, such as data of one that is down."""
    runtimes: list[Runtime] = [LocalRuntime(settings, announce=announce)]
    if engine_answers():
        runtimes.append(DockerRuntime(settings, announce=announce))
    if settings.runtime == "swarm":
        check_answers(settings.docker_host)
    if answers(settings.docker_host):
        runtimes.append(SwarmRuntime(settings, announce=announce))
    return [each for each in runtimes if settings.runtime in (None, each.name)]


def _up(settings: StackSettings, announce: Announce) -> Iterator[Runtime]:
    """The runtimes whose stack is up; Docker is asked last, as it takes longest."""
    local = LocalRuntime(settings, announce=announce)
    if local.is_up():
        yield local
    if engine_answers():
        docker = DockerRuntime(settings, announce=announce)
        if docker.is_up():
            yield docker
    # Needs no Compose, and may be on another engine: its own first question says whether one answers.
    swarm = SwarmRuntime(settings, announce=announce)
    if swarm.is_up():
        yield swarm
