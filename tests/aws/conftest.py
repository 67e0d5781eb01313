"""What the tests of `infra/aws` stand on. They run in an environment of their own: `make test-aws`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.aws.terraform import PLUGIN_DIR, Terraform, TerraformFailed, copy_into, initialise

# Set by `.ci/run` where Terraform and a provider are: then nothing may skip.
REQUIRED = "AFLOAT_REQUIRE_TERRAFORM"


def skip(why: str) -> None:
    """Skip, or fail where these tests have to run."""
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{REQUIRED}=1, but: {why}")
    pytest.skip(why)


@pytest.fixture(scope="session")
def terraform_program() -> None:
    """Terraform is here, and so is the environment of `make test-aws`: `make test` leaves these tests to it."""
    pytest.importorskip("boto3", reason="make test-aws runs this, where boto3, moto and checkov are")
    if shutil.which("terraform") is None:
        skip("there is no terraform on this machine")


@pytest.fixture(scope="session")
def new_terraform(terraform_program: None, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Terraform]:
    """Makes an initialised working copy for an AWS at this address."""

    def make(aws_url: str) -> Terraform:
        terraform = copy_into(tmp_path_factory.mktemp("infra") / "aws", aws_url)
        try:
            initialise(terraform)
        except TerraformFailed as failure:
            if os.environ.get(PLUGIN_DIR):
                raise
            skip(f"the AWS provider can be had neither from the network nor from a mirror: {failure}")
        return terraform

    return make


@pytest.fixture(scope="session")
def terraform(new_terraform: Callable[[str], Terraform]) -> Terraform:
    """A working copy that reaches no AWS at all."""
    return new_terraform("http://127.0.0.1:9")


@pytest.fixture(scope="module")
def moto_url(terraform_program: None) -> Iterator[str]:
    """An AWS of this module's own, as moto simulates it."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.aws.moto_server"],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdin
        assert server.stdout
        try:
            port = server.stdout.readline().strip()
            assert port, "moto's server did not start"
            yield f"http://127.0.0.1:{port}"
        finally:
            server.stdin.close()
            server.wait(timeout=30)
