"""The docker command is a script here that fails as the real one was seen to."""

import json
import stat
from pathlib import Path

import pytest

from stack.docker.command import answers, check_engine, docker, engine_answers
from stack.docker.project import Project, name_of
from stack.errors import StackError
from stack.settings import StackSettings


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def install(folder: Path, script: str) -> None:
    path = folder / "docker"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_without_the_command_there_is_no_engine(bin_folder: Path) -> None:
    assert not engine_answers()
    with pytest.raises(StackError, match="No Docker engine answers"):
        check_engine()


def test_an_engine_without_compose_is_not_enough(bin_folder: Path) -> None:
    install(bin_folder, '[ "$1" = version ]')

    assert answers()
    assert not engine_answers()
    with pytest.raises(StackError, match="Docker has no Compose here"):
        check_engine()


def test_an_engine_with_compose_answers(bin_folder: Path) -> None:
    install(bin_folder, "exit 0")

    assert engine_answers()


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        (
            "Error response from daemon: driver failed programming external connectivity on endpoint shop-lb-1: "
            "Bind for 127.0.0.1:8080 failed: port is already allocated",
            "AFLOAT_PORT=8081 make up",
        ),
        (
            "Error response from daemon: driver failed programming external connectivity on endpoint shop-lb-1: "
            "Error starting userland proxy: listen tcp4 127.0.0.1:8080: bind: address already in use",
            "AFLOAT_PORT=8081 make up",
        ),
        (
            'Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup '
            "registry-1.docker.io: no such host",
            "make offline-images",
        ),
        ("Cannot connect to the Docker daemon at unix:///var/run/docker.sock.", "RUNTIME=local"),
    ],
)
def test_a_failure_is_quoted_with_what_to_do_about_it(bin_folder: Path, said: str, advice: str) -> None:
    install(bin_folder, f"echo '{said}' >&2\nexit 1")

    with pytest.raises(StackError) as failed:
        docker("compose", "up")

    assert said in str(failed.value)
    assert advice in str(failed.value)


def test_a_failure_that_nobody_foresaw_is_quoted_alone(bin_folder: Path) -> None:
    install(bin_folder, "echo 'something odd' >&2\nexit 1")

    with pytest.raises(StackError, match=r"`docker kill shop-lb-1 \.\.\.` failed: something odd"):
        docker("kill", "shop-lb-1")


def test_an_engine_that_says_nothing_is_not_waited_for(bin_folder: Path) -> None:
    install(bin_folder, "kill -STOP $$")

    with pytest.raises(StackError, match=r"`docker ps \.\.\.` failed: no answer within 0\.1 s"):
        docker("ps", timeout_s=0.1)


def test_what_it_says_is_announced_line_by_line(bin_folder: Path) -> None:
    install(bin_folder, "echo one\necho two >&2")
    heard: list[str] = []

    docker("compose", "up", announce=heard.append)

    assert heard == ["one", "two"]


@pytest.mark.parametrize(
    ("folder", "name"), [("Afloat", "afloat"), ("My Shop 2", "myshop2"), ("_-x", "x"), ("ß", "afloat")]
)
def test_a_folder_gives_the_project_the_name_that_compose_would(folder: str, name: str) -> None:
    assert name_of(Path(folder)) == name


def test_another_checkout_under_the_same_name_is_refused(bin_folder: Path, tmp_path: Path) -> None:
    labels = {"service": "lb", "container-number": "1", "project.working_dir": "/srv/other"}
    container = {
        "Name": "/shop-lb-1",
        "RestartCount": 0,
        "State": {"Status": "running"},
        "HostConfig": {},
        "Config": {"Labels": {f"com.docker.compose.{name}": value for name, value in labels.items()}},
    }
    install(bin_folder, f"[ \"$2\" = ls ] && echo 1234 || echo '{json.dumps([container])}'")
    project = Project(StackSettings(compose_project_name="shop"), tmp_path)

    assert project.containers() == []
    with pytest.raises(StackError, match="COMPOSE_PROJECT_NAME=shop2 make up"):
        project.check_alone()


def test_a_value_that_nginx_would_misread_is_refused_under_docker_too(tmp_path: Path) -> None:
    project = Project(StackSettings(state_dir=tmp_path), tmp_path)

    with pytest.raises(StackError, match=r"AFLOAT_LB_READ_TIMEOUT is '1s; access_log off'"):
        project.hand_on({"AFLOAT_LB_READ_TIMEOUT": "1s; access_log off"})
