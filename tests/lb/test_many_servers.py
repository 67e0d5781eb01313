"""How many servers a group of this nginx has room for, as docs/scaling.md says."""

import subprocess
from pathlib import Path

import pytest

from stack import nginx_template, upstreams
from tests.lb.balancer import TEMPLATE, free_ports, nginx_binary


@pytest.mark.parametrize(("replicas", "fits"), [(250, True), (300, False)])
def test_a_group_of_servers_has_room_for_250_and_not_for_300(tmp_path: Path, replicas: int, fits: bool) -> None:
    addresses = [f"10.20.{number // 100}.{number % 100}:8000" for number in range(replicas)]
    (tmp_path / "upstreams.conf").write_text(upstreams.render({"products": addresses}))
    public, internal = (f"127.0.0.1:{port}" for port in free_ports(2))
    listen = {"AFLOAT_LB_LISTEN": public, "AFLOAT_LB_INTERNAL_LISTEN": internal}
    (tmp_path / "nginx.conf").write_text(nginx_template.render(TEMPLATE.read_text(), listen))
    # It serves nobody: it reads the configuration, makes the groups' zones, and minds no port that is taken meanwhile.
    command = [nginx_binary(), "-t", "-p", f"{tmp_path}/", "-c", f"{tmp_path}/nginx.conf"]
    read = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (read.returncode == 0) == fits, read.stderr
    assert ("no memory in upstream zone" in read.stderr) != fits
