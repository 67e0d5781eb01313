"""`make bench-against` leaves nothing of the other commit, and shows what it measured with the range."""

import io
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from rich.console import Console

from lab.bench_against import checked_out, table
from stack.errors import StackError
from stack.settings import ROOT


def worktrees() -> str:
    done = subprocess.run(["git", "worktree", "list"], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def test_the_checkout_of_the_other_commit_is_removed_whatever_happens() -> None:
    seen: list[Path] = []
    with suppress(KeyboardInterrupt), checked_out("HEAD") as checkout:
        seen.append(checkout)
        assert (checkout / "services/products/__main__.py").exists()
        assert str(checkout) in worktrees()
        raise KeyboardInterrupt
    assert not seen[0].exists()
    assert str(seen[0]) not in worktrees()


def test_a_commit_that_does_not_exist_is_refused_in_the_words_of_git() -> None:
    with pytest.raises(StackError, match="no-such-commit"), checked_out("no-such-commit"):
        pytest.fail("there is nothing to measure")


def test_the_table_has_medians_ranges_and_ratios() -> None:
    printed = io.StringIO()
    Console(file=printed, width=200).print(
        table("1172a29", [((0.5, 2000, 63), (1.5, 600, 84)), ((0.4, 2200, 63), (1.6, 500, 84))])
    )
    shown = printed.getvalue()
    assert "0.45 ms (0.40-0.50)" in shown
    assert "550 (500-600)" in shown
    assert "3.50 (3.00-4.00)" in shown
    assert "84 MiB (84-84)" in shown
