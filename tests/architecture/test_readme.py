"""What the README claims is so."""

import re
import subprocess

import pytest

from stack import nginx_template
from tests.architecture.readme import BEGIN, END, README, settings_table

TEXT = README.read_text()
ROOT = README.parent


def test_the_table_of_settings_is_what_the_settings_say() -> None:
    table = TEXT.split(BEGIN)[1].split(END)[0].strip()
    assert table == settings_table(), "write it anew: python -m tests.architecture.readme"


def test_every_setting_of_the_load_balancer_is_described() -> None:
    assert set(nginx_template.DESCRIPTIONS) == set(nginx_template.DEFAULTS)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z-]+)", TEXT))))
def test_a_target_that_the_readme_names_exists(target: str) -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert f"make {target} " in listed


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", TEXT))))
def test_a_file_that_the_readme_links_to_exists(link: str) -> None:
    assert (ROOT / link).exists()
