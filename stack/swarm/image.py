"""The image that all services of the stack run, and how each node gets it.

What was built here is told to Swarm by its id: a name it would look for in a registry, at every start of every replica.
"""

import subprocess

from stack.docker.command import command_for, docker
from stack.errors import StackError
from stack.runtime import Announce
from stack.settings import ROOT
from stack.swarm.cluster import Cluster

_ID_LENGTH = 12


class Image:
    """Built from the checkout, so that a new version is another id; or a given one."""

    def __init__(self, stack: str, given: str | None, cluster: Cluster) -> None:
        self._repository = f"{stack}-services"
        self._given = given
        self._cluster = cluster

    def provide(self, announce: Announce) -> str:
        """What to call the image, which every node that is up has, or can pull, when this returns."""
        if self._given:
            return self._given
        unreached = self._cluster.unreached()
        if unreached:
            raise StackError(
                f"Nobody said how {' and '.join(unreached)} could be given the image: set AFLOAT_SWARM_NODES, "
                "or AFLOAT_SWARM_IMAGE to one in a registry."
            )
        announce("Building the image")
        # Without --quiet nothing but progress is printed.
        image_id = self._cluster.manager("build", "--quiet", str(ROOT)).split()[-1]
        # A name keeps it from being taken for a leftover.
        name = f"{self._repository}:{image_id.removeprefix('sha256:')[:_ID_LENGTH]}"
        self._cluster.manager("tag", image_id, name)
        for host in self._cluster.hosts_up():
            if not docker("image", "ls", "--quiet", name, host=host).strip():
                announce(f"Copying the image to {host}")
                self._copy(name, host)
        return image_id

    def remove(self) -> None:
        """Every version of it that was built here, from every node that can be reached."""
        listed = ("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", self._repository)
        for host in self._cluster.hosts_up():
            names = self._cluster.look(host, *listed).split()
            if names:
                docker("image", "rm", "--force", *names, host=host)

    def _copy(self, name: str, host: str | None) -> None:
        with subprocess.Popen(command_for(self._cluster.host, "save", name), stdout=subprocess.PIPE) as saving:
            loading = subprocess.run(
                command_for(host, "load", "--quiet"), stdin=saving.stdout, capture_output=True, check=False
            )
        if saving.returncode or loading.returncode:
            raise StackError(f"{host} did not take the image: {loading.stderr.decode(errors='replace').strip()}")
