"""The same question to several replicas at once."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from stack.errors import Refused, StackError
from stack.model import Status
from stack.reply import ASK_TIMEOUT_S, Reply, askable
from stack.runtime import Runtime

# Each costs a process under Docker: more at once, and they would take the time of those that serve.
_AT_ONCE = 8


@dataclass(frozen=True)
class Replies:
    """What each replica said, and why the others said nothing."""

    given: Mapping[str, Reply] = field(default_factory=dict)
    missing: Mapping[str, StackError] = field(default_factory=dict)

    def check(self) -> Mapping[str, Reply]:
        """All of them; a StackError with a sentence for each replica that refused, or gave none."""
        problems = [*self.missing.values(), *self._refusals()]
        if problems:
            raise problems[0] if len(problems) == 1 else StackError("\n".join(str(each) for each in problems))
        return self.given

    def _refusals(self) -> Iterator[Refused]:
        """One for all those that give the same reason."""
        reasons = {name: reply.explanation() for name, reply in self.given.items() if reply.status >= 400}
        for reason in dict.fromkeys(reasons.values()):
            names = [name for name, each in reasons.items() if each == reason]
            yield Refused(f"{', '.join(names)} {'refuses' if len(names) == 1 else 'refuse'}: {reason}.")


def ask_each(
    runtime: Runtime,
    names: Sequence[str],
    method: str,
    path: str,
    body: object | None = None,
    *,
    timeout_s: float = ASK_TIMEOUT_S,
) -> Replies:
    """Ask these replicas, in parallel."""

    def ask(name: str) -> Reply | StackError:
        try:
            return runtime.ask(name, method, path, body, timeout_s=timeout_s)
        except StackError as error:
            return error

    if not names:
        return Replies()
    with ThreadPoolExecutor(min(_AT_ONCE, len(names))) as pool:
        said = dict(zip(names, pool.map(ask, names), strict=True))
    return Replies(
        {name: each for name, each in said.items() if isinstance(each, Reply)},
        {name: each for name, each in said.items() if isinstance(each, StackError)},
    )


def askable_names(status: Status) -> list[str]:
    """The replicas that can be asked, running or not."""
    return [each.name for each in status.replicas if askable(each.service)]
