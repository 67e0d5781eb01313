"""The page's files: whole, the service's own, and under a policy that lets no other script or style in."""

import re
from pathlib import Path

import httpx
import pytest

from services.dashboard import assets

STATIC = Path(assets.__file__).with_name("static")
FILES = sorted(STATIC.iterdir())
CONTENTS = {path: path.read_bytes() for path in FILES}
LINKED = re.compile(r"""(?:from\s+|import\s+|src=|href=)["'](?:\./|/control/assets/)([\w.-]+)["']""")


async def test_the_page_comes_under_a_strict_policy(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/")
    policy = page.headers["Content-Security-Policy"]
    assert page.headers["Content-Type"].startswith("text/html")
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", [path for path in FILES if path.name != assets.PAGE], ids=lambda path: path.name)
async def test_every_file_is_served_and_asked_for_again_costs_nothing(browser: httpx.AsyncClient, path: Path) -> None:
    first = await browser.get(f"/control/assets/{path.name}")
    assert first.content == CONTENTS[path]
    again = await browser.get(f"/control/assets/{path.name}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["nothing.js", "index.html", "..%2Fapp.py", "%2e%2e", "assets.py"])
async def test_nothing_but_the_page_s_files_is_served(browser: httpx.AsyncClient, name: str) -> None:
    assert (await browser.get(f"/control/assets/{name}")).status_code == 404


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_a_file_names_is_there_and_nothing_comes_from_elsewhere(path: Path) -> None:
    text = path.read_text()
    assert set(LINKED.findall(text)) <= {each.name for each in FILES}
    foreign = [address for address in re.findall(r"(?:https?:)?//[\w.-]+\.\w+", text) if "www.w3.org" not in address]
    assert foreign == []


def test_every_file_is_used() -> None:
    used = {name for path in FILES for name in LINKED.findall(path.read_text())}
    assert {path.name for path in FILES} - used == {assets.PAGE}


def test_what_a_script_exports_another_imports() -> None:
    scripts = [path.read_text() for path in STATIC.glob("*.js")]
    exported = {name for text in scripts for name in re.findall(r"^export (?:async )?\w+ (\w+)", text, re.MULTILINE)}
    imported = {
        name for text in scripts for names in re.findall(r"import \{([^}]+)\}", text) for name in names.split(",")
    }
    assert exported == {name.strip() for name in imported}


def test_the_page_has_no_script_and_no_style_within() -> None:
    page = (STATIC / assets.PAGE).read_text()
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", page) == []


def test_no_script_writes_markup() -> None:
    for path in STATIC.glob("*.js"):
        assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", path.read_text()) == []
