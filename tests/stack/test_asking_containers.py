"""Asking a replica in a container: the docker command is a script here that says what the real one was seen to."""

import shlex
import stat
from pathlib import Path

import pytest

from stack.docker import asking
from stack.errors import BrokeOff, NotRunning, StackError, Unanswered
from stack.reply import Reply

_ID = "5f0c1d"


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that the script is to be written to."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    path = tmp_path / "docker"
    path.touch()
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def does(docker: Path, script: str) -> None:
    docker.write_text(f"#!/bin/sh\n{script}\n")


def ask(body: bytes = b"") -> Reply:
    return asking.ask("products-2", "shop-products-2", "PUT", "/faults", body, 2.5)


def test_the_script_of_the_image_is_told_what_to_ask(docker: Path) -> None:
    does(docker, r"""printf '%s\n' "$@" >"$0.told"; printf '422 8\n{"a": 1}'""")

    reply = ask(b'{"kind": "leak"}')

    told = docker.with_suffix(".told").read_text().splitlines()
    script = ["python", "-I", "-S", "chassis/ask.py"]
    assert told == [
        "exec",
        "shop-products-2",
        *script,
        "2.5",
        "PUT",
        "http://127.0.0.1:8000/faults",
        '{"kind": "leak"}',
    ]
    assert reply == Reply(422, b'{"a": 1}')


def test_an_answer_counts_though_the_container_died_of_it(docker: Path) -> None:
    does(docker, r"printf '200 2\n{}'; exit 137")

    assert ask() == Reply(200, b"{}")


@pytest.mark.parametrize("cut", ["200 9\\n{}", "200", ""])
def test_half_an_answer_is_none(docker: Path, cut: str) -> None:
    does(docker, f"printf '{cut}'; exit 137")

    with pytest.raises(BrokeOff, match="products-2 broke the connection off"):
        ask()


@pytest.mark.parametrize(
    ("said", "kind", "sentence"),
    [
        (
            f"Error response from daemon: Container {_ID} is paused, unpause the container before exec",
            Unanswered,
            "make resume TARGET=products-2",
        ),
        (f"Error response from daemon: container {_ID} is not running", NotRunning, "make start TARGET=products-2"),
        ("Error response from daemon: No such container: shop-products-2", NotRunning, "make start TARGET=products-2"),
        (
            f"Error response from daemon: Container {_ID} is restarting, wait until the container is running",
            NotRunning,
            "being started",
        ),
        (
            "OCI runtime exec failed: exec failed: cannot exec in a stopped container: unknown",
            NotRunning,
            "make start TARGET=products-2",
        ),
        ("[Errno 111] Connection refused", NotRunning, "being started"),
        ("timed out", Unanswered, "no answer within 2.5 s"),
        ("the connection was closed without an answer", BrokeOff, "broke the connection off"),
        ("[Errno 104] Connection reset by peer", BrokeOff, "broke the connection off"),
        ("python: can't open file 'chassis/ask.py'", StackError, "can't open file"),
    ],
)
def test_what_is_wrong_is_a_sentence(docker: Path, said: str, kind: type[StackError], sentence: str) -> None:
    does(docker, f"echo {shlex.quote(said)} >&2; exit 1")

    with pytest.raises(kind, match=sentence):
        ask()


def test_an_engine_that_hangs_is_given_up(docker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_ENGINE_S", -2.4)
    does(docker, "exec sleep 60")

    with pytest.raises(Unanswered, match="no answer within"):
        ask()
