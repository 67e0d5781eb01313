"""A wrong experiment is refused with the file and the line of what is wrong in it."""

from pathlib import Path

import pytest

from lab import reading
from lab.faults import Kill, Latency
from lab.reading import BadExperiment

GOOD = '''title = "A title"
hypothesis = """
Two lines.
"""

[stack]
products = 3

[load]
rate = 100
mix = { search = 1, customer = 2 }

[[faults]]
kind = "latency"
target = "products"
delay_ms = 3000
for = 20

[[faults]]
kind = "kill"
target = ["products-1", "products-2"]
at = 5

[[sides]]
name = "off"
stack.patterns = { timeouts = false }
expect = [
    "failed == 0",
    "downtime_s < 1",
]

[[sides]]
name = "on"
faults = []
'''


def refused(tmp_path: Path, text: str) -> str:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(BadExperiment) as refusal:
        reading.read(path)
    return str(refusal.value).replace(str(path), "mine.toml")


def test_a_good_one_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD)
    off, on = reading.read(path).all_sides()
    assert (off.name, off.stack.patterns, off.load.mix) == ("off", {"timeouts": False}, {"search": 1, "customer": 2})
    assert [type(fault) for fault in off.faults] == [Latency, Kill]
    assert (on.faults, on.stack.patterns) == ((), {})
    assert off.phase_s == 20


@pytest.mark.parametrize("name", reading.names())
def test_every_experiment_of_ours_is_good(name: str) -> None:
    experiment = reading.read(reading.find(name))
    assert all(side.expect for side in experiment.all_sides()), "each side claims something"


@pytest.mark.parametrize(
    ("there", "instead", "at", "says"),
    [
        ("products = 3", "prodcuts = 3", "prodcuts", "stack.prodcuts: there is no such key"),
        ('title = "A title"', 'title = "A title"\ncolour = 1', "colour", "colour: there is no such key"),
        ("rate = 100", "rate = -5", "rate =", "load.rate: input should be greater than 0"),
        ("rate = 100", 'rate = "fast"', "rate =", "load.rate: input should be a valid number"),
        ("search = 1,", "serch = 1,", "mix", "no kind of request is called serch"),
        ("delay_ms = 3000", "delay_ms = 0", "delay_ms", "delay_ms: input should be greater than or equal to 1"),
        ("delay_ms = 3000", "delay = 3000", "delay =", "there is no such key"),
        ("for = 20", "for = 0", "for = 0", "input should be greater than 0"),
        ("for = 20", "", 'kind = "latency"', "for is missing"),
        ('kind = "kill"', 'kind = "kil"', '[[faults]]\nkind = "kil"', "'kil'"),
        ('target = "products"', 'target = "postgres"', 'kind = "latency"', "postgres injects no faults"),
        ('"products-2"]', '"prodcuts-2"]', "prodcuts-2", "a target is a service"),
        ('"downtime_s < 1"', '"downtime < 1"', '"downtime < 1"', "there is no measure called downtime"),
        ("timeouts = false", "timeout = false", "timeout = false", "input should be 'timeouts'"),
        ('name = "on"', 'name = "off"', "title", "each needs a name of its own"),
        ("faults = []", "stack.products = 1", 'name = "on"', "has no products-2: there are 1 of products"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, there: str, instead: str, at: str, says: str) -> None:
    assert there in GOOD
    text = GOOD.replace(there, instead, 1)
    complaint = refused(tmp_path, text)
    assert says in complaint
    line = text[: text.index(at)].count("\n") + 1
    # A table is where its name is, a line above its first key.
    assert {line, line - 1} & {int(each.split(":")[1]) for each in complaint.splitlines()}, complaint


PAIRS = (
    GOOD[: GOOD.index("[[sides]]")]
    + """[[stacks]]
name = "3 replicas"

[[schedules]]
name = "all at once"

[[expect]]
that = ["failed == 0"]

[[expect]]
stack = ["3 replicas"]
schedule = ["all at once"]
that = ["downtime_s < 1"]
"""
)


@pytest.mark.parametrize(
    ("there", "instead", "says"),
    [
        ('stack = ["3 replicas"]', 'stack = ["3 replica"]', "expect.1.stack: no stack is called 3 replica"),
        ('schedule = ["all at once"]', 'schedule = ["all"]', "expect.1.schedule: no schedule is called all"),
    ],
)
def test_an_expectation_of_what_is_not_there_is_refused(tmp_path: Path, there: str, instead: str, says: str) -> None:
    (tmp_path / "good.toml").write_text(PAIRS)
    [side] = reading.read(tmp_path / "good.toml").all_sides()
    assert len(side.expect) == 2
    text = PAIRS.replace(there, instead)
    assert refused(tmp_path, text).startswith(f"mine.toml:{text[: text.index(instead)].count(chr(10)) + 1}: {says}")


def test_sides_have_no_stack_to_expect_something_of(tmp_path: Path) -> None:
    text = GOOD + '\n[[expect]]\nstack = ["off"]\nthat = ["failed == 0"]\n'
    assert "expect.0.stack: no stack is called off" in refused(tmp_path, text)


@pytest.mark.parametrize("table", ["steady", "stop"])
@pytest.mark.parametrize("name", ["before.failed", "time_to_recover_s", "in_flight.orders.max"])
def test_what_only_a_whole_run_has_is_no_condition_on_the_way(tmp_path: Path, table: str, name: str) -> None:
    text = GOOD.replace("[[faults]]", f'[{table}]\nthat = ["customers.failed < 9",\n"{name} < 1"]\n\n[[faults]]', 1)
    complaint = refused(tmp_path, text)
    line = text[: text.index(name)].count("\n") + 1
    assert complaint.startswith(f"mine.toml:{line}: {table}.that.1: {name} is not known while a run goes on")


def test_what_is_no_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    assert refused(tmp_path, 'title = "x"\nhypothesis = = "y"\n').startswith("mine.toml:2: ")
    assert refused(tmp_path, 'title = "x"\nhypothesis = "y"\nload = [\n').startswith("mine.toml:3: ")


def test_sides_or_stacks_and_schedules_but_not_both(tmp_path: Path) -> None:
    neither = GOOD[: GOOD.index("[[sides]]")]
    both = GOOD + '\n[[stacks]]\nname = "a"\n\n[[schedules]]\nname = "b"\n'
    for text in (neither, both):
        assert "give either sides, or stacks and schedules" in refused(tmp_path, text)


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    with pytest.raises(BadExperiment, match=r"there are .*slow_products"):
        reading.find("slow_prodcuts")


def test_a_key_is_found_where_it_stands() -> None:
    text = 'a = 1\n# b = 0\nb = """\nc = 2\n"""\n[t]\nc = [\n  1,\n  { d = 2 },\n]\n[[u]]\nx = 1\n[[u]]\nx = 2\n'
    lines = {
        ("a",): 1,
        ("b",): 3,
        ("t", "c"): 7,
        ("t", "c", 1): 9,
        ("t", "c", 1, "d"): 9,
        ("u", 1): 13,
        ("u", 1, "x"): 14,
    }
    assert {path: reading.line_of(text, path) for path in lines} == lines
