"""Who answers: the load balancer's `upstreams.conf`, for fixed addresses and for names that DNS resolves.

Every service gets two groups of the same servers. `products` takes a server out for 2 s after one failure;
`products_open` never takes one out, and is where requests go when every server of the first is marked: fail open.

`python -m stack.upstreams` prints Docker's, which is kept as `lb/upstreams.conf`.
"""

from collections.abc import Mapping, Sequence

BALANCED_SERVICES = ("products", "gateway", "dashboard")
DOCKER_DNS = "127.0.0.11"

_MARKED = "max_fails=1 fail_timeout=2s"
_OPEN = "max_fails=0"
# In every group, never asked. A group must name a server even when it has none. And where a group has just one, nginx
# gives up a request whose server left meanwhile, instead of trying the one that stayed.
_NOBODY = "server 127.0.0.1:1 down;"


def render(servers: Mapping[str, Sequence[str]], *, resolver: str | None = None) -> str:
    """The text of `upstreams.conf`.

    `servers` holds `host:port` for each of the BALANCED_SERVICES (one left out has no servers). With a `resolver` the
    hosts are names: nginx asks it again every second, so that servers come and go without a reload.
    """
    unknown = sorted(set(servers) - set(BALANCED_SERVICES))
    if unknown:
        raise ValueError(f"No load-balanced service is named {', '.join(unknown)}: use {', '.join(BALANCED_SERVICES)}.")
    resolve = " resolve" if resolver else ""
    blocks = [f"resolver {resolver} valid=1s ipv6=off;\nresolver_timeout 1s;\n"] if resolver else []
    for service in BALANCED_SERVICES:
        addresses = servers.get(service, ())
        for name, marking in ((service, _MARKED), (f"{service}_open", _OPEN)):
            blocks.append(_group(name, [f"server {address}{resolve} {marking};" for address in addresses]))
    return "\n".join(blocks)


def render_docker() -> str:
    """Compose and Swarm: one name a service, as many addresses as it has containers."""
    return render({service: [f"{service}:8000"] for service in BALANCED_SERVICES}, resolver=DOCKER_DNS)


def _group(name: str, servers: Sequence[str]) -> str:
    lines = [
        f"zone {name} 256k;",  # shared by the workers: what one learns of a server, all know
        "least_conn;",
        *servers,
        _NOBODY,
        "keepalive 32;",
        "keepalive_timeout 30s;",  # shorter than the services' 75 s, so that it is nginx that closes
    ]
    body = "\n".join(f"    {line}" for line in lines)
    return f"upstream {name} {{\n{body}\n}}\n"


if __name__ == "__main__":
    print(render_docker(), end="")
