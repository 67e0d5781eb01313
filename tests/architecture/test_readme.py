"""What the README claims is so."""

import re
import subprocess

import pytest

from lab.bench_report import GOAL_RATIO
from stack import nginx_template
from tests.architecture.readme import BEGIN, END, README, settings_table

TEXT = README.read_text()
ROOT = README.parent


def test_the_table_of_settings_is_what_the_settings_say() -> None:
    table = TEXT.split(BEGIN)[1].split(END)[0].strip()
    assert table == settings_table(), "write it anew: python -m tests.architecture.readme"


def test_every_setting_of_the_load_balancer_is_described() -> None:
    assert set(nginx_template.DESCRIPTIONS) == set(nginx_template.DEFAULTS)


def test_whatever_nginx_routes_is_in_the_table_of_requests() -> None:
    targets = (ROOT / "lb/nginx.conf").read_text().split("map $request_uri $resource {")[1].split("}")[0]
    routed = set(re.findall(r"(?<=[(|/])[a-z]+(?=[(|/)])", targets))
    table = "\n".join(re.findall(r"^\| `(?:GET|POST|PUT|DELETE)\b.+\|$", TEXT, re.MULTILINE))
    assert {"products", "storefront", "state", "assets"} <= routed
    assert routed - set(re.findall(r"/([a-z]+)", table)) == set()


def test_the_goal_that_the_readme_names_is_the_benchs() -> None:
    assert re.findall(r"The goal is a ratio of at least ([\d.]+\d)", TEXT) == [str(GOAL_RATIO)]


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z-]+)", TEXT))))
def test_a_target_that_the_readme_names_exists(target: str) -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert f"make {target} " in listed


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", TEXT))))
def test_a_file_that_the_readme_links_to_exists(link: str) -> None:
    assert (ROOT / link).exists()
