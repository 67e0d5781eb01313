"""Terraform as the tests run it: in a copy of `infra/aws`, with a provider from wherever this machine has one."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).parents[2] / "infra" / "aws"
NOT_COPIED = shutil.ignore_patterns(
    ".terraform*", ".checkov*", "*.tfstate*", "*.tfvars", "*.py", "__pycache__", "README.md"
)

# A folder of providers that were put there by hand; `.ci/run` sets it where it finds one.
PLUGIN_DIR = "TF_PLUGIN_DIR"


class TerraformFailed(Exception):
    """Terraform ended with an error; the text is what it printed."""


@dataclass(frozen=True)
class Terraform:
    """A working copy, and the environment that Terraform gets."""

    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: str, timeout_s: float = 120) -> str:
        """What it prints; raises TerraformFailed."""
        code, output = self.exit_code(*arguments, timeout_s=timeout_s)
        if code:
            raise TerraformFailed(f"terraform {' '.join(arguments)} ended with {code}:\n{output}")
        return output

    def exit_code(self, *arguments: str, timeout_s: float = 120) -> tuple[int, str]:
        """The same for commands whose exit code is an answer."""
        # One that has to be stopped is asked first, or its providers stay behind.
        with subprocess.Popen(
            ["terraform", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            try:
                output, _ = process.communicate(timeout=timeout_s)
            except subprocess.TimeoutExpired:
                process.terminate()
                raise TerraformFailed(
                    f"terraform {' '.join(arguments)} took longer than {timeout_s:g} s:\n{process.communicate()[0]}"
                ) from None
        return process.returncode, output

    def outputs(self) -> dict[str, Any]:
        """The values of the outputs, by name."""
        return {name: output["value"] for name, output in json.loads(self.run("output", "-json")).items()}


def copy_into(folder: Path, aws_url: str = "http://127.0.0.1:9") -> Terraform:
    """A copy of the sources in `folder`, without anything of this machine's AWS accounts in its environment."""
    shutil.copytree(SOURCE, folder, ignore=NOT_COPIED)
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_VAR_", "TF_CLI_ARGS"))
    }
    kept |= {
        "AWS_ENDPOINT_URL": aws_url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "2",
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
        "TF_CLI_ARGS": "-no-color",
        "CHECKPOINT_DISABLE": "1",
    }
    # A file of settings that is named but not there would put a warning into every answer.
    if not Path(kept.get("TF_CLI_CONFIG_FILE", "/")).is_file():
        kept.pop("TF_CLI_CONFIG_FILE", None)
    return Terraform(folder, kept)


def initialise(terraform: Terraform) -> None:
    """Find the provider and the modules; raises TerraformFailed where no provider can be had."""
    plugins = os.environ.get(PLUGIN_DIR)
    from_folder = [f"-plugin-dir={plugins}"] if plugins else []
    terraform.run("init", "-backend=false", *from_folder)
