"""The passwords of PostgreSQL's roles: random, and as old as its data."""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path

from stack.errors import StackError
from stack.state_folder import write_private

ROLES = ("postgres", "products", "customers", "orders")


def kept_passwords(path: Path) -> Mapping[str, str]:
    """Those in the file, by role; it is made where there is none."""
    if not path.exists():
        write_private(path, json.dumps({role: secrets.token_urlsafe(24) for role in ROLES}))
    try:
        passwords: dict[str, str] = json.loads(path.read_text())
        return {role: passwords[role] for role in ROLES}
    except (ValueError, KeyError, TypeError):
        raise StackError(
            f"{path} is damaged, and with it the way into the data: `make down VOLUMES=1` removes both."
        ) from None
