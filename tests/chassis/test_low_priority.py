"""A module is imported by a thread with low priority; the rest of the process keeps its own."""

import os
import sys
from pathlib import Path

import pytest

from chassis.low_priority import NICE, import_with_low_priority


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_only_the_import_has_a_low_priority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "imported_once.py").write_text("import os\nNICE = os.getpriority(os.PRIO_PROCESS, 0)\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    before = os.getpriority(os.PRIO_PROCESS, 0)
    import_with_low_priority("imported_once")
    assert max(before, NICE) == sys.modules.pop("imported_once").NICE
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


def test_a_module_that_cannot_be_imported_raises_its_own_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_module.py").write_text("raise SystemExit('a sentence')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(SystemExit, match="a sentence"):
        import_with_low_priority("broken_module")
