"""The times in `.ci/pictures` are those of one run."""

from pathlib import Path

from tests.browser.times import times_of


def test_the_times_of_two_runs_do_not_mix_and_those_of_two_workers_do(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    times_of("first", folder).write_text("of the first\n")
    times_of("second", folder).write_text("of one worker\n")
    with times_of("second", folder).open("a") as times:
        times.write("of the other\n")
    [left] = folder.iterdir()
    assert left.read_text() == "of one worker\nof the other\n"
