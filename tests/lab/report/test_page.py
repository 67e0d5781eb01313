"""The page: whole, self-contained, and nothing that a file says is markup in it."""

import re
from functools import cache
from pathlib import Path

import pytest

from lab.findings import FaultDone, Found, Said, Verdict
from lab.report.collection import Collection, collect
from lab.report.definitions import chapters
from lab.report.page import page
from lab.report.palette import DARK, LIGHT, VARIABLES, Ink
from tests.lab.report.markup import Markup
from tests.lab.report.results import HOSTILE, breakers, collection, down, found, matrix, replicas, run, side, write


def busy() -> Found:
    """Two sides with something of everything in them."""
    states = [replicas(0, products_1="ready"), replicas(2, products_1="paused"), replicas(4, products_1="starting")]
    patterns = [breakers(0, gateway_1={"orders": "closed"}), breakers(3, gateway_1={"orders": "open"})]
    return found(
        "slow_products",
        side("patterns off", down(3, 30, Verdict.DEVIATED, states=states, reasons=["failed == 0 (30 measured)"])),
        side("patterns on", run(patterns=patterns)),
    )


def curve() -> Found:
    points = {0.0: 7, 20.0: 5, 40.0: 0}
    return found(
        "vulnerability_window",
        *(side(f"2, {x}", down(y, y), row="2 replicas", column=f"after {x}", x=x) for x, y in points.items()),
        time_scale=5.0,
    )


@cache
def whole() -> str:
    return page(collection(busy(), matrix(), curve()))


def test_the_page_is_well_formed_and_needs_nothing_else() -> None:
    read = Markup(whole())
    assert not {"script", "link", "iframe", "object", "embed", "base", "form", "img"} & read.tags.keys()
    assert not [name for _, name, _ in read.attributes if name.startswith("on") or name in ("src", "srcset", "action")]
    for name in ("href", "xlink:href"):
        assert all(value.startswith("#") for value in read.all_of(name))
    assert "@import" not in whole()
    assert all(reference.startswith("#") for reference in re.findall(r"url\(([^)]*)\)", whole()))
    addresses = [value for _, name, value in read.attributes if "://" in value and not name.startswith("xmlns")]
    assert addresses == []


def test_every_link_within_the_page_leads_to_one_place() -> None:
    read = Markup(whole())
    ids = read.all_of("id")
    assert len(ids) == len(set(ids))
    wanted = [*read.all_of("href"), *read.all_of("xlink:href"), *re.findall(r"url\((#[^)]*)\)", whole())]
    assert {value.removeprefix("#") for value in wanted} <= set(ids)


def test_the_page_comes_in_the_order_in_which_one_asks() -> None:
    sections = [value for tag, name, value in Markup(whole()).attributes if tag == "section" and name == "id"]
    assert sections == [
        "reference",
        *("slow_products", "redundancy_matrix", "vulnerability_window"),
        *("journal", "environment", "definitions"),
    ]


@pytest.mark.parametrize("verdict", Verdict)
def test_every_experiment_and_every_verdict_is_named(verdict: Verdict) -> None:
    result = found("mine", side("one side", run(verdict, reasons=["for a reason"])))
    text = Markup(page(collection(result, matrix()))).text.split("Definitions Verdicts")[0]
    for word in (verdict.value, result.title, result.sentence, result.hypothesis, "one side", "for a reason"):
        assert word in text


def test_tables_say_what_the_data_says() -> None:
    text = Markup(whole()).text
    assert "downtime 3.0 s 0.0 s" in text
    assert "failed 30 0" in text
    assert "deviated" in text
    assert "failed == 0 30 ≠ no" in text
    assert "kill: products-1 and products-2 (SIGKILL)" in text
    assert "35 s (30 to 35)" in text, "ours beside the reference"


def test_a_side_heads_its_rows_and_not_the_whole_table() -> None:
    assert 'scope="rowgroup"' not in whole(), "it needs a tbody for each side"
    assert '<th scope="row" rowspan="3">patterns off</th>' in whole()


def test_every_measure_is_defined_in_the_page() -> None:
    text = Markup(whole()).text
    for chapter in chapters():
        for each in chapter.definitions:
            assert f"{each.term}" in text
            assert each.says in text


def test_what_a_file_says_is_never_markup(tmp_path: Path) -> None:
    fault = FaultDone(kind="kill", targets=[HOSTILE], what=HOSTILE, from_s=1, to_s=8)
    patterns = [breakers(0, gateway_1={HOSTILE: HOSTILE})]
    evil = run(
        Verdict.DEVIATED,
        reasons=[HOSTILE],
        faults=[fault],
        journal=[Said(at_s=1, text=HOSTILE)],
        failures={HOSTILE: 3},
        answered_by={HOSTILE: 3},
        states=[replicas(0, **{HOSTILE: HOSTILE})],
        patterns=patterns,
        seconds_by_service={HOSTILE: [], "orders": []},
    )
    result = found(
        "hostile",
        side(HOSTILE, evil, row=HOSTILE, column=HOSTILE),
        title=HOSTILE,
        hypothesis=HOSTILE,
        file=HOSTILE,
        sentence=HOSTILE,
        started_at=HOSTILE,
        show=[HOSTILE],
        environment={HOSTILE: HOSTILE},
    )
    write(tmp_path, result)
    written = page(collect(tmp_path))
    read = Markup(written)
    assert not {"script", "img"} & read.tags.keys()
    assert not [name for _, name, _ in read.attributes if name.startswith("on")]
    assert read.text.count("<script>alert('x')</script>&amp;") > 10, "it is there, as text"
    assert "{{ 7*7 }}" in read.text


def test_many_timelines_are_folded_and_few_are_not() -> None:
    many = [side(f"side {number}", run()) for number in range(6)]
    assert page(collection(found("few", *many[:2]))).count("<details open>") == 2
    folded = page(collection(found("many", *many)))
    assert folded.count("<details open>") == 0
    assert folded.count('class="picture"') == 6


def test_a_side_that_was_never_run_is_no_trouble() -> None:
    text = Markup(page(collection(found("cut_short", side("done", run()), side("not begun"))))).text
    assert "not begun" in text


def test_a_model_is_linked_where_there_is_one(tmp_path: Path) -> None:
    assert 'id="model"' not in whole()
    write(tmp_path, found("kill_two", side("on", run())))
    (tmp_path / "model.json").write_text("{}")
    assert '<a href="model.json">' in page(collect(tmp_path))


def test_both_themes_have_every_colour_and_pictures_have_no_other() -> None:
    assert set(LIGHT) == set(DARK) == set(VARIABLES) == set(Ink)
    style = whole().split("<style>")[1].split("</style>")[0]
    assert all(f"--{ink}: {palette[ink]};" in style for palette in (LIGHT, DARK) for ink in Ink)
    drawn = "".join(re.findall(r"<svg.*?</svg>", whole(), re.DOTALL))
    assert re.findall(r"(?<!url\()#[0-9a-f]{6}\b", drawn) == []
    assert {f"--{ink}" for ink in Ink} >= set(re.findall(r"var\((--[\w-]+)\)", drawn))


def test_the_words_of_a_picture_can_be_read_aloud_and_searched() -> None:
    drawn = Markup("".join(re.findall(r"<svg.*?</svg>", whole(), re.DOTALL)))
    assert all(drawn.all_of("aria-label"))
    for word in (
        "products-1",
        "paused",
        "orders breaker",
        "open",
        "kill: products-1, 2 (SIGKILL)",
        "35 s (30 to 35) down",
    ):
        assert word in drawn.text


def test_a_collection_of_one_is_a_report_too() -> None:
    assert "Kill two held." in Markup(page(Collection(Path(), [found("kill_two", side("on", run()))]))).text
