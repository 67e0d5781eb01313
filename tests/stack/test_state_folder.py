"""The folder that a stack believes what it finds in."""

from pathlib import Path

import pytest

from stack.errors import StackError
from stack.runtime import silent
from stack.state_folder import StateFolder, write_private


def test_a_folder_that_others_may_change_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    folder.chmod(0o777)

    with pytest.raises(StackError, match="set AFLOAT_STATE_DIR to another"), StateFolder(folder).locked(silent):
        pass


def test_the_control_token_is_random_and_stays(tmp_path: Path) -> None:
    first = StateFolder(tmp_path / "one").control_token()

    assert StateFolder(tmp_path / "one").control_token() == first
    assert StateFolder(tmp_path / "two").control_token() != first
    assert len(first) >= 32


def test_what_is_private_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    write_private(tmp_path / "secret", "x")

    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
