"""`.afloat/local`: everything the plain-process runtime keeps."""

import os
import pwd
import shutil
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from stack.errors import StackError
from stack.local import supervisor_conf
from stack.local.balancer import Balancer
from stack.local.postgres import Postgres, user_for_postgres
from stack.local.programs import Secrets, programs
from stack.local.topology import Topology
from stack.passwords import kept_passwords
from stack.state_folder import StateFolder, write_private

# nginx writes its access log itself and nobody turns it over; so each `up` does, once it has grown.
_ACCESS_LOG_BYTES = 50_000_000


class LocalFolder:
    """The files, and what is made of them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.logs = path / "logs"
        self.balancer = Balancer(path / "nginx")

    @cached_property
    def postgres(self) -> Postgres:
        return Postgres(self.path / "postgres", user_for_postgres())

    @property
    def _topology_file(self) -> Path:
        return self.path / "topology.json"

    def _secrets(self) -> Secrets:
        return Secrets(self.passwords(), StateFolder(self.path.parent).control_token())

    def topology(self) -> Topology | None:
        return Topology.read(self._topology_file)

    def supervisor_pid(self) -> int | None:
        """The pid of the last supervisord, which is also the session of all that it started."""
        try:
            return int((self.path / "supervisord.pid").read_text())
        except (FileNotFoundError, ValueError):
            return None

    def passwords(self) -> Mapping[str, str]:
        """PostgreSQL's passwords: they live and die with its data."""
        path = self.path / "passwords.json"
        if not path.exists() and self.postgres.initialised:
            raise StackError(
                f"{path} is gone, and with it the way into the data: `make down VOLUMES=1` removes that too."
            )
        return kept_passwords(path)

    def save(self, topology: Topology) -> None:
        """Remember the topology, and tell supervisord's configuration of it."""
        topology.save(self._topology_file)
        text = supervisor_conf.render(
            topology.supervisor_port,
            topology.supervisor_password,
            pwd.getpwuid(0).pw_name if os.geteuid() == 0 else None,
            list(programs(topology, self._secrets(), self.postgres, self.balancer, self._topology_file)),
        )
        write_private(self.path / "supervisord.conf", text)

    def prepare(self) -> None:
        """Make the folders, and let no log grow for ever."""
        self.logs.mkdir(parents=True, exist_ok=True)
        access_log = self.logs / "access.log"
        if access_log.exists() and access_log.stat().st_size > _ACCESS_LOG_BYTES:
            access_log.replace(self.logs / "access.log.1")

    def remove(self) -> None:
        """Data, passwords, logs and all."""
        if self.path.exists():
            shutil.rmtree(self.path)

    def last_words(self, name: str) -> str:
        """The last line that a process has logged."""
        path = self.logs / f"{name}.log"
        lines = path.read_text(errors="replace").strip().splitlines() if path.exists() else []
        return lines[-1] if lines else "nothing"
