"""Three machines on one: each a Docker engine in a network namespace of its own, on one bridge. Needs root.

A cable can be pulled: then that machine reaches nobody, while all that runs on it goes on.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stack.docker.command import docker, engine_answers
from stack.waiting import until

TOOLS = ("dockerd", "ip", "iptables", "nsenter", "unshare")
NAMES = ("node1", "node2", "node3")

_START_TIMEOUT_S = 60.0
# These machines reach no registry: Swarm need not ask one for what they have, which takes until it gives up.
_ENGINE = {"DOCKER_SERVICE_PREFER_OFFLINE_IMAGE": "1"}
_NODE_TIMEOUT_S = 60.0
_NETWORKS = 250
_CONTROL_GROUPS = Path("/sys/fs/cgroup")
# A worker that is silent for three of them is down; Swarm's own 5 s would only make the tests wait.
_HEARTBEAT = "1s"


def why_impossible() -> str | None:
    """What keeps this machine from being three, or None."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        return f"there is no {' and no '.join(missing)} here"
    return None if engine_answers() else "no Docker engine answers, from which the images could come"


@dataclass
class Machines:
    """`hosts` are the engines' addresses by node; the first one is the swarm's manager."""

    bridge: str
    network: str
    folder: Path
    hosts: dict[str, str] = field(default_factory=dict)

    @property
    def manager(self) -> str:
        return self.hosts[NAMES[0]]

    def address(self, name: str) -> str:
        return f"{self.network}.{11 + NAMES.index(name)}"

    def cut(self, name: str) -> datetime:
        """Pull a machine's cable; returns when."""
        _run("ip", "link", "set", self._cable(name), "down")
        return datetime.now(UTC)

    def join(self, name: str) -> None:
        """Plug it in again."""
        _run("ip", "link", "set", self._cable(name), "up")

    def wait_for_nodes(self, names: Collection[str], *, down: Collection[str]) -> None:
        """Until Swarm knows these to be down, and the others to be up."""

        def states() -> dict[str, bool]:
            ids = docker("node", "ls", "--quiet", host=self.manager).split()
            nodes = json.loads(docker("node", "inspect", *ids, host=self.manager))
            return {each["Description"]["Hostname"]: each["Status"]["State"] == "ready" for each in nodes}

        wanted = {name: name not in down for name in names}
        until(lambda: states() == wanted, _NODE_TIMEOUT_S, lambda: f"up: {states()}", 0.5)

    def address_of(self, node: str, container: str, network: str) -> str:
        """A container's address in a network."""
        told = docker("inspect", container, host=self.hosts[node])
        return str(json.loads(told)[0]["NetworkSettings"]["Networks"][network]["IPAddress"])

    def requests_of(self, node: str, lb: str, address: str) -> list[tuple[datetime, datetime]]:
        """When each request began and ended that was with this address, by the load balancer's own log."""
        lines = docker("logs", lb, host=self.hosts[node]).splitlines()
        entries = [json.loads(line) for line in lines if line.startswith("{")]
        found = []
        for each in entries:
            if f"{address}:" in each["upstream"]["address"]:
                ended = datetime.fromisoformat(each["time"])
                found.append((ended - timedelta(seconds=each["request_time_s"]), ended))
        return found

    def derive(self, host: str, image: str, name: str, change: str) -> None:
        """Make another image of one, with a line of a Dockerfile more."""
        container = docker("create", image, host=host).strip()
        docker("commit", "--change", change, container, name, host=host)
        docker("rm", container, host=host)

    def load(self, images: dict[str, list[str]]) -> None:
        """Copy images from this machine's own engine to those of the nodes."""
        loading = []
        for name, wanted in images.items():
            saving = subprocess.Popen(["docker", "save", *wanted], stdout=subprocess.PIPE)
            command = ["docker", "--host", self.hosts[name], "load", "--quiet"]
            loading += [saving, subprocess.Popen(command, stdin=saving.stdout, stdout=subprocess.DEVNULL)]
            assert saving.stdout is not None
            saving.stdout.close()
        assert [each.wait() for each in loading] == [0] * len(loading)

    def _cable(self, name: str) -> str:
        return f"{self.bridge}-{NAMES.index(name) + 1}"


@contextmanager
def machines() -> Iterator[Machines]:
    """Three of them, already a swarm; nothing of them is left afterwards."""
    with ExitStack() as cleaning:
        folder = Path(tempfile.mkdtemp(prefix="afloat-swarm-"))
        cleaning.callback(_remove, folder)
        bridge, network = _make_bridge(cleaning)
        made = Machines(bridge, network, folder)
        engines = [_start_machine(made, name, cleaning) for name in NAMES]
        for each in engines:  # all at the same time, before the first is waited for
            cleaning.callback(each.terminate)
        for host in made.hosts.values():
            _wait_for(host, folder)
        docker("swarm", "init", "--advertise-addr", made.address(NAMES[0]), host=made.manager)
        docker("swarm", "update", "--dispatcher-heartbeat", _HEARTBEAT, host=made.manager)
        token = docker("swarm", "join-token", "--quiet", "worker", host=made.manager).strip()
        for name in NAMES[1:]:
            docker("swarm", "join", "--token", token, f"{made.address(NAMES[0])}:2377", host=made.hosts[name])
        yield made


def _make_bridge(cleaning: ExitStack) -> tuple[str, str]:
    """One that no other test run has: the kernel gives each name away once. The addresses are those for benchmarks."""
    for number in range(_NETWORKS):
        bridge, network = f"afswarm{number}", f"198.18.{number}"
        if subprocess.run(["ip", "link", "add", bridge, "type", "bridge"], capture_output=True, check=False).returncode:
            continue
        cleaning.callback(_run, "ip", "link", "delete", bridge)
        _run("ip", "address", "add", f"{network}.1/24", "dev", bridge)
        _run("ip", "link", "set", bridge, "up")
        # This machine's own engine lets nothing be forwarded that it does not know.
        rule = ("FORWARD", "-i", bridge, "-o", bridge, "-j", "ACCEPT")
        _run("iptables", "-I", *rule)
        cleaning.callback(_run, "iptables", "-D", *rule)
        return bridge, network
    raise AssertionError("every bridge is taken")


def _start_machine(made: Machines, name: str, cleaning: ExitStack) -> "subprocess.Popen[bytes]":
    namespace = cable = f"{made.bridge}-{NAMES.index(name) + 1}"
    _run("ip", "netns", "add", namespace)
    cleaning.callback(_run, "ip", "netns", "delete", namespace)
    _run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", namespace)
    _run("ip", "link", "set", cable, "master", made.bridge, "up")
    for arguments in (
        ("address", "add", f"{made.address(name)}/24", "dev", "eth0"),
        ("link", "set", "eth0", "up"),
        ("link", "set", "lo", "up"),
        ("route", "add", "default", "via", f"{made.network}.1"),
    ):
        _run("ip", "-netns", namespace, *arguments)
    own = made.folder / name
    own.mkdir()
    made.hosts[name] = f"unix://{own}/sock"
    group = _make_control_group(namespace, cleaning)
    # Not `ip netns exec`, which would hide the cgroups; and a host name of its own, by which Swarm calls the node.
    start = (
        f"hostname {name}; echo $$ >{group}/engine/cgroup.procs; "
        f"exec dockerd --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent /{group.name} "
        f'--data-root {own}/data --exec-root {own}/exec --pidfile {own}/pid "$@"'
    )
    command = ["nsenter", f"--net=/run/netns/{namespace}", "unshare", "--uts", "sh", "-c", start, "sh"]
    with (made.folder / f"{name}.log").open("w") as log:
        engine = subprocess.Popen(
            [*command, "--host", made.hosts[name]],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            process_group=0,
            env={**os.environ, **_ENGINE},
        )
    cleaning.callback(_wait_for_end, engine)
    return engine


def _make_control_group(name: str, cleaning: ExitStack) -> Path:
    """For one machine: within it `engine`, beside its containers, as an init system would start it.

    Without, each of the engine's threads would have the share of the processors that all containers have together.
    """
    processors = _CONTROL_GROUPS / "cpu"
    group = (processors if processors.exists() else _CONTROL_GROUPS) / name
    (group / "engine").mkdir(parents=True)
    cleaning.callback(_remove_control_groups, name)
    return group


def _remove_control_groups(name: str) -> None:
    """Docker makes them in every hierarchy; those of its containers go with them."""
    for each in {*_CONTROL_GROUPS.glob(f"*/{name}"), *_CONTROL_GROUPS.glob(name)}:
        for folder, _, _ in os.walk(each, topdown=False):
            Path(folder).rmdir()


def _wait_for_end(engine: "subprocess.Popen[bytes]") -> None:
    """It was told to; what does not listen is killed, and all that it started with it."""
    engine.terminate()
    try:
        engine.wait(_START_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        os.killpg(engine.pid, signal.SIGKILL)
        engine.wait()


def _wait_for(host: str, folder: Path) -> None:
    def answers() -> bool:
        return not subprocess.run(["docker", "--host", host, "version"], capture_output=True, check=False).returncode

    def log() -> str:
        return "\n".join(path.read_text()[-2000:] for path in folder.glob("*.log"))

    until(answers, _START_TIMEOUT_S, lambda: f"{host} does not answer: {log()}", 0.2)


def _remove(folder: Path) -> None:
    """An engine leaves the network namespaces of its networks mounted."""
    mounted = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for each in reversed([path for path in mounted if path.startswith(f"{folder}/")]):
        _run("umount", "--lazy", each)
    shutil.rmtree(folder)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
