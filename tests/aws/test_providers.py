"""`.ci/terraform-providers`: where on this machine the AWS provider lies."""

import platform
import re
import subprocess
from pathlib import Path

from tests.aws.terraform import SOURCE

ROOT = SOURCE.parents[1]
CPU = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
PLATFORM = f"{platform.system().lower()}_{CPU}"


def pinned_version() -> str:
    match = re.search(r'version = "([\d.]+)"', (SOURCE / "versions.tf").read_text())
    assert match
    return match[1]


def found_in(folder: Path) -> str:
    finder = ROOT / ".ci" / "terraform-providers"
    return subprocess.run([finder, folder], capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def test_a_folder_of_providers_is_found_wherever_it_lies(tmp_path: Path) -> None:
    (tmp_path / "some where/registry.example/hashicorp/aws" / pinned_version() / PLATFORM).mkdir(parents=True)
    assert found_in(tmp_path) == str(tmp_path / "some where")


def test_another_version_another_platform_and_what_terraform_copied_for_itself_are_none(tmp_path: Path) -> None:
    aws = "registry.example/hashicorp/aws"
    (tmp_path / "a" / aws / "1.0.0" / PLATFORM).mkdir(parents=True)
    (tmp_path / "b" / aws / pinned_version() / "plan9_mips").mkdir(parents=True)
    (tmp_path / "c/.terraform" / aws / pinned_version() / PLATFORM).mkdir(parents=True)
    assert found_in(tmp_path) == ""
