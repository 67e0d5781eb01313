"""Assumptions say where they come from, and impossible ones are refused."""

from pathlib import Path

import pytest

from lab.model.assumptions import FILE, BadAssumptions, read_assumptions
from lab.model.setting import DAY_S

ASSUMPTIONS = read_assumptions()


def test_a_setting_has_the_assumptions_except_for_what_is_given() -> None:
    setting = ASSUMPTIONS.setting(3, needed=1)
    assert (setting.replicas, setting.needed, setting.zones) == (3, 1, 3)
    assert setting.mtbf_s == ASSUMPTIONS.mtbf_days.value * DAY_S
    assert (setting.rollout.spare, setting.rollout.surge) == (1, 3)
    assert ASSUMPTIONS.setting(2).rollout.spare == 0


def test_a_lost_zone_lasts_longer_if_there_is_no_other() -> None:
    three, one = ASSUMPTIONS.setting(3), ASSUMPTIONS.setting(3, zones=1)
    assert three.zone_outage_s == ASSUMPTIONS.zone_elsewhere_s.value
    assert one.zone_outage_s == ASSUMPTIONS.zone_outage_s.value > three.zone_outage_s
    assert three.every_outage_s == one.every_outage_s == ASSUMPTIONS.roll_back_s.value > 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "mtbf_days: Field required"),
        (FILE.read_text() + "\n[unheard_of]\nvalue = 1\n", "unheard_of"),
        (FILE.read_text().replace("value = 0.05", "value = 0.6"), "exceed 1"),
        (FILE.read_text().replace("[needed]\nvalue = 2", "[needed]\nvalue = 0"), "needed_min is 1"),
        ("not TOML", r"mine.toml: "),
    ],
)
def test_impossible_assumptions_are_refused_with_a_sentence(tmp_path: Path, text: str, message: str) -> None:
    own = tmp_path / "mine.toml"
    own.write_text(text)
    with pytest.raises(BadAssumptions, match=message):
        read_assumptions(own)
