"""Prints a pip.conf that lets pip inside a container reach the package index that pip on this machine uses.

Read from pip's own files and variables at build time, so that no address ever stands in the repository. What lies on
this machine's disk (file: indexes, find-links) is left out: a container does not see it.
"""

import configparser
import os
from pathlib import Path

WANTED = ("index-url", "extra-index-url", "trusted-host", "proxy", "timeout", "retries")
FILES = ("/etc/xdg/pip/pip.conf", "/etc/pip.conf", "~/.pip/pip.conf", "~/.config/pip/pip.conf")
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"


def machine_configuration() -> dict[str, str]:
    """The wanted options, the strongest source last: files of the machine, of the user, PIP_CONFIG_FILE, variables."""
    parser = configparser.RawConfigParser()
    files = [Path(name).expanduser() for name in (*FILES, os.environ.get("PIP_CONFIG_FILE", os.devnull))]
    parser.read(files, encoding="utf-8")
    options = dict(parser["global"]) if parser.has_section("global") else {}
    if proxy := os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy"):
        options.setdefault("proxy", proxy)
    for name, value in os.environ.items():
        if name.startswith("PIP_"):
            options[name.removeprefix("PIP_").lower().replace("_", "-")] = value
    options["timeout"] = options.get("default-timeout") or options.get("timeout", "60")
    return {name: options[name] for name in WANTED if name in options}


def without_local_places(value: str) -> str:
    return " ".join(word for word in value.split() if not word.startswith(("file:", "/")))


if __name__ == "__main__":
    print(f"[global]\ncert = {CERTIFICATES}\ndisable-pip-version-check = true")
    for name, value in machine_configuration().items():
        if kept := without_local_places(value):
            print(f"{name} = {kept}")
