"""Hands `infra/swarm/stack.yml` to Swarm, with the user's settings and the secrets."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from stack import nginx_template
from stack.errors import StackError
from stack.passwords import kept_passwords
from stack.rollout import rollout
from stack.runtime import BALANCED
from stack.settings import ROOT, StackSettings, tools_environment
from stack.state_folder import StateFolder, write_private
from stack.swarm.cluster import Cluster

STACK_FILE = ROOT / "infra" / "swarm" / "stack.yml"
FOLDER_LABEL = "afloat.folder"

_CONFIGS = (ROOT / "lb" / "nginx.conf", ROOT / "lb" / "upstreams.conf")
_REVISION_LENGTH = 12


class Deployment:
    """What is deployed: the stack file, filled in. `environment` are the settings of the services and of nginx."""

    def __init__(self, stack: str, settings: StackSettings, environment: Mapping[str, str], cluster: Cluster) -> None:
        self._stack = stack
        self._settings = settings
        self._environment = environment
        self._cluster = cluster
        self._folder = settings.state_dir / "swarm"

    def check(self) -> None:
        """StackError for a value that nginx would misread."""
        own = {name: value for name, value in self._environment.items() if name in nginx_template.DEFAULTS}
        try:
            nginx_template.check(own)
        except ValueError as error:
            raise StackError(str(error)) from None

    def deploy(self, image: str) -> None:
        """Tell Swarm; it goes about it when this returns."""
        with self._secret_files() as (folder, revision):
            self._cluster.manager(
                "stack", "deploy", "--prune", "--resolve-image", "never", "--with-registry-auth",
                "--compose-file", str(STACK_FILE), self._stack,
                environment=self._filled_in(image, folder, revision),
            )  # fmt: skip

    def forget_passwords(self) -> None:
        """They die with the data."""
        self._passwords_file.unlink(missing_ok=True)

    @property
    def _passwords_file(self) -> Path:
        return self._folder / "passwords.json"

    def _filled_in(self, image: str, secrets: Path, secrets_revision: str) -> dict[str, str]:
        # The user's services' settings come from `environment` alone.
        tools = {
            name: value for name, value in tools_environment(self._settings).items() if not name.startswith("AFLOAT_")
        }
        own = {
            "AFLOAT_STACK": self._stack,
            "AFLOAT_FOLDER": str(ROOT),
            "AFLOAT_SWARM_IMAGE": image,
            "AFLOAT_PORT": str(self._settings.port),
            **self._stand_ins(),
            "AFLOAT_PRODUCTS_COUNT": str(self._settings.products_count),
            "AFLOAT_REPLACEMENT_S": f"{self._settings.replacement_s:g}",
            "AFLOAT_STOP_GRACE_S": str(self._settings.stop_grace_s),
            "AFLOAT_CONFIGS_REVISION": _revision(*(path.read_text() for path in _CONFIGS)),
            "AFLOAT_SECRETS_DIR": str(secrets),
            "AFLOAT_SECRETS_REVISION": secrets_revision,
        }
        for service in BALANCED:
            count = self._settings.replicas[service]
            how = rollout(count, self._settings.minimum_healthy)
            own |= {
                f"AFLOAT_{service.upper()}_REPLICAS": str(count),
                f"AFLOAT_{service.upper()}_ORDER": how.order,
                f"AFLOAT_{service.upper()}_PARALLELISM": str(how.parallelism),
            }
        return {**tools, **self._environment, **own}

    def _stand_ins(self) -> dict[str, str]:
        """The ids of base images that infra/offline made: by name Swarm would look for the official ones."""
        listed = self._cluster.manager(
            "image", "ls", "--no-trunc", "--filter", "label=afloat.stand-in", "--format", "{{.Repository}} {{.ID}}"
        )
        found = dict(line.split() for line in listed.splitlines())
        return {f"AFLOAT_{name.upper()}_IMAGE": found[name] for name in ("nginx", "postgres") if name in found}

    def _secrets(self) -> dict[str, str]:
        passwords = kept_passwords(self._passwords_file)
        urls = {
            f"{'admin' if role == 'postgres' else role}_database_url": f"postgresql://{role}:{password}@postgres:5432/afloat"
            for role, password in passwords.items()
        }
        token = StateFolder(self._settings.state_dir).control_token()
        return {"postgres_password": passwords["postgres"], "control_token": token, **urls}

    @contextmanager
    def _secret_files(self) -> Iterator[tuple[Path, str]]:
        """A folder with a file for each secret, as long as they are being read; and what to tell the versions by."""
        secrets = self._secrets()
        folder = self._folder / "secrets"
        try:
            for name, value in secrets.items():
                write_private(folder / name, value)
            yield folder, _revision(*secrets.values())
        finally:
            for name in secrets:
                (folder / name).unlink(missing_ok=True)


def _revision(*contents: str) -> str:
    return hashlib.sha256("\0".join(contents).encode()).hexdigest()[:_REVISION_LENGTH]
