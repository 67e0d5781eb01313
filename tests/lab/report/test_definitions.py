"""The report defines all that it may show."""

import pytest

from lab.findings import Verdict
from lab.measure_names import FIGURES, PHASES, RUN, WATCHED, named
from lab.reading import find, names, read
from lab.report.definitions import anchor_of, chapters, verdicts
from lab.watch import EVERY_S

DEFINITIONS = {each.anchor: each for chapter in chapters() for each in chapter.definitions}


@pytest.mark.parametrize("name", names())
def test_every_measure_that_an_experiment_shows_or_expects_is_defined(name: str) -> None:
    experiment = read(find(name))
    expected = [condition for side in experiment.all_sides() for condition in side.expect]
    conditions = [*expected, *experiment.steady.that, *experiment.stop.that]
    for measure in (*experiment.show, *(condition.measure for condition in conditions)):
        meaning = named(measure).meaning
        assert DEFINITIONS[anchor_of(meaning)].says == meaning.says


def test_every_measure_phase_and_verdict_is_defined_once() -> None:
    count = len(FIGURES) + len(RUN) + sum(map(len, WATCHED.values())) + len(PHASES) + len(Verdict)
    assert len(DEFINITIONS) == sum(len(chapter.definitions) for chapter in chapters()) == count
    assert all(each.says for each in DEFINITIONS.values())


def test_verdicts_mean_what_their_class_says() -> None:
    assert verdicts().keys() == {verdict.value for verdict in Verdict}
    assert verdicts()["invalid"] == "it shows nothing"


def test_a_name_is_taken_apart() -> None:
    assert named("during.customers.p99_ms") == (FIGURES["p99_ms"], "customers", "during")
    assert named("failed") == (FIGURES["failed"], "", "")
    assert named("time_to_recover_s") == (RUN["time_to_recover_s"], "", "")
    assert named("replicas.gateway.restarts") == (WATCHED["replicas"]["restarts"], "gateway", "")
    with pytest.raises(ValueError, match="no measure called p98_ms"):
        named("p98_ms")


@pytest.mark.parametrize("name", ["time_to_full_capacity_s", "vulnerability_window_s"])
def test_a_time_that_the_lab_looks_at_says_how_often_it_looks(name: str) -> None:
    every_s, on_docker_s = EVERY_S["local"][0], EVERY_S["docker"][0]
    assert f"looked at every {every_s:g} s, on Docker every {on_docker_s:g} s" in RUN[name].says
