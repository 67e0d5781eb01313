"""Filling in lb/nginx.conf; tests/lb runs nginx with the result."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from stack import nginx_template

TEMPLATE = (Path(__file__).parents[2] / "lb" / "nginx.conf").read_text()
ADDRESSES = {"AFLOAT_LB_LISTEN": "0.0.0.0:8080", "AFLOAT_LB_INTERNAL_LISTEN": "0.0.0.0:8081"}


def test_the_two_addresses_are_all_that_the_template_needs() -> None:
    text = nginx_template.render(TEMPLATE, ADDRESSES)
    assert "listen 0.0.0.0:8080;" in text
    assert "listen 0.0.0.0:8081;" in text
    assert "proxy_read_timeout 1s;" in text


@pytest.mark.skipif(shutil.which("envsubst") is None, reason="envsubst (of gettext) is not installed.")
def test_envsubst_gives_the_same_text() -> None:
    """Docker fills the template in with envsubst, which leaves nginx's own variables alone when told the names."""
    values = {**nginx_template.DEFAULTS, **ADDRESSES}
    names = " ".join(f"${{{name}}}" for name in values)
    filled = subprocess.run(
        ["envsubst", names], input=TEMPLATE, env=values, check=True, capture_output=True, text=True
    ).stdout
    assert filled == nginx_template.render(TEMPLATE, ADDRESSES)


def test_nginx_s_own_variables_are_left_alone() -> None:
    text = nginx_template.render(TEMPLATE, ADDRESSES)
    assert re.findall(r"\$[a-z_]+", text) == re.findall(r"\$[a-z_]+", TEMPLATE)
    assert re.findall(r"\$\{AFLOAT_[A-Z_]+\}|\$AFLOAT", text) == []


def test_a_given_value_takes_the_place_of_the_default() -> None:
    text = nginx_template.render(TEMPLATE, {**ADDRESSES, "AFLOAT_LB_READ_TIMEOUT": "700ms"})
    assert "proxy_read_timeout 700ms;" in text
    assert "proxy_read_timeout 1s;" not in text


def test_every_default_has_a_place_in_the_template() -> None:
    assert set(nginx_template.DEFAULTS) == set(re.findall(r"\$\{(AFLOAT_[A-Z_]+)\}", TEMPLATE)) - set(ADDRESSES)


def test_the_default_limits_let_the_last_of_three_replicas_have_its_turn() -> None:
    """A retry that comes after the time for retries is none."""
    defaults = nginx_template.DEFAULTS
    read_s, tries_s = (int(defaults[f"AFLOAT_LB_{name}_TIMEOUT"].removesuffix("s")) for name in ("READ", "TRIES"))
    assert tries_s > read_s * (3 - 1)


def test_the_default_tries_outlast_a_scale_from_five_to_two() -> None:
    """For a second or so three dead addresses are still in the list, and idle ones are tried first."""
    assert int(nginx_template.DEFAULTS["AFLOAT_LB_TRIES"]) > 5 - 2


def test_a_missing_value_is_named() -> None:
    with pytest.raises(ValueError, match=r"^The load balancer needs a value for AFLOAT_LB_INTERNAL_LISTEN\.$"):
        nginx_template.render(TEMPLATE, {"AFLOAT_LB_LISTEN": "127.0.0.1:8080"})


def test_an_unknown_setting_is_named() -> None:
    with pytest.raises(ValueError, match=r"^The load balancer has no setting named AFLOAT_LB_REED_TIMEOUT\.$"):
        nginx_template.render(TEMPLATE, {**ADDRESSES, "AFLOAT_LB_REED_TIMEOUT": "1s"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AFLOAT_LB_READ_TIMEOUT", "1"),
        ("AFLOAT_LB_READ_TIMEOUT", "0s"),
        ("AFLOAT_LB_READ_TIMEOUT", "1m"),
        ("AFLOAT_LB_READ_TIMEOUT", "1s; return 200"),
        ("AFLOAT_LB_TRIES", "0"),
        ("AFLOAT_LB_TRIES", "many"),
        ("AFLOAT_LB_NEXT_UPSTREAM", "error http_500"),
        ("AFLOAT_LB_NEXT_UPSTREAM", "error non_idempotent"),
        ("AFLOAT_LB_GATEWAY_NEXT_UPSTREAM", "off error"),
        ("AFLOAT_RATE_PER_CLIENT", "-1"),
        ("AFLOAT_RATE_PER_CLIENT", "2.5"),
        ("AFLOAT_CONNECTIONS_PER_CLIENT", ""),
        ("AFLOAT_LB_LOG", ""),
        ("AFLOAT_LB_LOG", 'log" off'),
        ("AFLOAT_LB_LOG", "$uri"),
        ("AFLOAT_LB_LISTEN", ""),
        ("AFLOAT_LB_LISTEN", "127.0.0.1:8080; listen 80"),
        ("AFLOAT_LB_LISTEN", "127.0.0.1:8080 default_server"),
        ("AFLOAT_LB_LISTEN", "$host"),
        ("AFLOAT_LB_LISTEN", "8080\n"),
    ],
)
def test_a_value_that_nginx_would_misread_is_refused_with_what_to_set(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name} is .*: set it to ") as refusal:
        nginx_template.render(TEMPLATE, {**ADDRESSES, name: value})
    assert repr(value) in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AFLOAT_LB_LISTEN", "8080"),
        ("AFLOAT_LB_LISTEN", "[::1]:8080"),
        ("AFLOAT_LB_LOG", "/var/log/a folder/access.log"),
        ("AFLOAT_LB_CONNECT_TIMEOUT", "50ms"),
        ("AFLOAT_LB_NEXT_UPSTREAM", "off"),
        ("AFLOAT_LB_GATEWAY_NEXT_UPSTREAM", "error timeout http_504"),
    ],
)
def test_every_sensible_value_is_taken(name: str, value: str) -> None:
    assert value in nginx_template.render(TEMPLATE, {**ADDRESSES, name: value})
