"""The upstream groups that stack.upstreams writes; tests/lb proves that nginx does with them what is meant."""

import subprocess
import sys
from pathlib import Path

import pytest

from stack import upstreams

ROOT = Path(__file__).parents[2]


def _group(text: str, name: str) -> str:
    """The lines inside one group."""
    return text.split(f"upstream {name} {{\n")[1].split("}")[0]


def test_the_file_in_the_repository_is_what_the_module_prints() -> None:
    command = [sys.executable, "-m", "stack.upstreams"]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert (ROOT / "lb" / "upstreams.conf").read_text() == printed == upstreams.render_docker()


def test_docker_s_servers_are_names_that_its_dns_is_asked_for_again_and_again() -> None:
    text = upstreams.render_docker()
    assert text.startswith("resolver 127.0.0.11 valid=1s ipv6=off;\n")
    for service in upstreams.BALANCED_SERVICES:
        assert f"server {service}:8000 resolve max_fails=1 fail_timeout=2s;" in _group(text, service)
        assert f"server {service}:8000 resolve max_fails=0;" in _group(text, f"{service}_open")


def test_fixed_addresses_need_no_name_server() -> None:
    text = upstreams.render({"products": ["127.0.0.1:9001", "127.0.0.1:9002"], "gateway": ["127.0.0.1:9003"]})
    assert "resolve" not in text
    for address in ("127.0.0.1:9001", "127.0.0.1:9002"):
        assert f"server {address} max_fails=1 fail_timeout=2s;" in _group(text, "products")
        assert f"server {address} max_fails=0;" in _group(text, "products_open")
    assert "127.0.0.1:9003" in _group(text, "gateway")
    assert "127.0.0.1:9003" not in _group(text, "products")


@pytest.mark.parametrize("name", ["products", "products_open", "gateway", "gateway_open"])
def test_every_group_prefers_the_least_busy_and_keeps_connections_for_less_than_the_services_do(name: str) -> None:
    lines = [line.strip() for line in _group(upstreams.render_docker(), name).splitlines()]
    assert f"zone {name} 256k;" in lines
    assert "keepalive_timeout 30s;" in lines
    # nginx takes the method that balances only before the connections that are kept.
    assert lines.index("least_conn;") < lines.index("keepalive 32;")


@pytest.mark.parametrize("gateways", [[], ["127.0.0.1:9003"], ["127.0.0.1:9003", "127.0.0.1:9004"]])
def test_a_server_that_nobody_asks_is_in_every_group(gateways: list[str]) -> None:
    text = upstreams.render({"gateway": gateways})
    for name in ("gateway", "gateway_open"):
        servers = [line.split()[1:] for line in _group(text, name).splitlines() if line.strip().startswith("server ")]
        assert [address for address, *_ in servers] == [*gateways, "127.0.0.1:1"]
        assert servers[-1][1:] == ["down;"]


def test_a_service_that_is_not_balanced_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"^No load-balanced service is named orders: use products, gateway, dashboard\.$"
    ):
        upstreams.render({"products": ["127.0.0.1:9001"], "orders": ["127.0.0.1:9002"]})
