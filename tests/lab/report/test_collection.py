"""Results are read from a folder, whole or not at all."""

import gzip
import json
from pathlib import Path

import pytest

from lab.reading import names
from lab.report.collection import BadReport, collect
from tests.lab.report.results import HOSTILE, found, run, side, write


def test_results_come_back_in_the_order_in_which_they_were_run(tmp_path: Path) -> None:
    first = found("second_name", side("on", run()), started_at="2026-11-25T10:00:00+00:00")
    then = found("a_first_name", side("on", run()), started_at="2026-11-25T11:00:00+00:00")
    collection = collect(write(tmp_path, then, first))
    assert collection.found == [first, then]
    assert collection.get("a_first_name") == then
    assert collection.get("neither") is None


def test_a_compressed_result_is_the_same_result(tmp_path: Path) -> None:
    result = found("kill_two", side("on", run()))
    (tmp_path / "kill_two.json.gz").write_bytes(gzip.compress(result.model_dump_json().encode()))
    assert collect(tmp_path).found == [result]


def test_what_was_not_run_is_missing_and_a_model_is_no_experiment(tmp_path: Path) -> None:
    write(tmp_path, found("kill_two", side("on", run())))
    assert not collect(tmp_path).has_model
    (tmp_path / "model.json").write_text('{"tables": []}')
    collection = collect(tmp_path)
    assert collection.has_model
    assert [each.name for each in collection.found] == ["kill_two"]
    assert collection.missing == [name for name in names() if name != "kill_two"]


WHOLE = json.loads(found("kill_two", side("on", run())).model_dump_json())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (json.dumps(WHOLE)[:200], "this is not JSON"),
        ("", "this is not JSON"),
        ("[" * 100_000, "this is not JSON"),
        (json.dumps(WHOLE).replace("60.0", "NaN", 1), "NaN is no number"),
        ("[]", "not what an experiment found, in format 1"),
        (json.dumps(WHOLE | {"format": 2}), "not what an experiment found, in format 1"),
        (json.dumps(WHOLE | {"verdict": "splendid"}), "verdict: input should be 'held'"),
        (json.dumps({name: value for name, value in WHOLE.items() if name != "sides"}), "sides: field required"),
    ],
)
def test_a_broken_file_is_refused_with_a_sentence_that_names_it(tmp_path: Path, content: str, sentence: str) -> None:
    write(tmp_path, found("whole", side("on", run())))
    (tmp_path / "broken.json").write_text(content)
    with pytest.raises(BadReport) as refusal:
        collect(tmp_path)
    assert str(refusal.value).startswith(f"{tmp_path / 'broken.json'}: ")
    assert sentence in str(refusal.value)


@pytest.mark.parametrize("content", [b"no gzip", gzip.compress(b"{}" * 1000, mtime=0)[:20], b"\x1f\x8b" + b"\x00" * 30])
def test_a_broken_archive_is_refused_too(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.json.gz").write_bytes(content)
    with pytest.raises(BadReport, match=r"broken\.json\.gz: this is not JSON"):
        collect(tmp_path)


def test_an_empty_folder_and_none_at_all_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadReport, match="no experiment has left a result"):
        collect(tmp_path)
    with pytest.raises(BadReport, match="there is no such folder"):
        collect(tmp_path / "nowhere")


def test_two_files_with_one_name_in_them_are_refused(tmp_path: Path) -> None:
    write(tmp_path, found("kill_two", side("on", run())))
    (tmp_path / "copy.json").write_text((tmp_path / "kill_two.json").read_text())
    with pytest.raises(BadReport, match="more than one file has the result of kill_two"):
        collect(tmp_path)


def test_what_no_page_may_contain_is_marked_and_everything_else_kept(tmp_path: Path) -> None:
    write(tmp_path, found("kill_two", side("a\x00b\x1b", run()), title=HOSTILE))
    [result] = collect(tmp_path).found
    assert result.sides[0].name == "a\ufffdb\ufffd"
    assert result.title == HOSTILE
