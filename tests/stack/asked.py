"""A stack that is nothing but the replicas that are asked, each with what it answers."""

import json
from collections.abc import Callable, Sequence

from stack.errors import StackError
from stack.model import Replica, Status
from stack.reply import Reply
from tests.lab.fake_stack import FakeRuntime

Answer = Callable[[str, str, object], Reply | StackError]


class AskedRuntime(FakeRuntime):
    """`answer` gets the replica, `METHOD /path` and the body; `asked` keeps them."""

    def __init__(self, names: Sequence[str], answer: Answer) -> None:
        super().__init__()
        self._replicas = names
        self._answer = answer
        self.asked: list[tuple[str, str, object]] = []

    def status(self) -> Status:
        replicas = [Replica(name, name.rpartition("-")[0], "ready", pid=1) for name in self._replicas]
        return Status(self.name, "", "", replicas)

    def ask(self, replica: str, method: str, path: str, body: object | None = None, *, timeout_s: float = 1.0) -> Reply:
        question = (replica, f"{method} {path}", body)
        self.asked.append(question)
        answer = self._answer(*question)
        if isinstance(answer, StackError):
            raise answer
        return answer


def replies(document: object, status: int = 200) -> Reply:
    return Reply(status, json.dumps(document).encode())
