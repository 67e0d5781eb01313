"""Colours of the report: one meaning each, after Okabe and Ito, whose palette the colour-blind can tell apart.

Their green is pale here, for what is well should not shout. Every other state has a pattern too, so that a grey print
says the same. In the page a colour is a variable of the style
sheet, which knows a light and a dark value for it.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Ink(StrEnum):
    """What a colour means."""

    WELL = "well"
    """It works: answered fresh, ready, closed."""
    SECOND_BEST = "second-best"
    """It works less well, or not yet: a stale answer, a replica that starts, a half-open breaker."""
    REFUSED = "refused"
    """A pattern says no at once: rejected, an open breaker."""
    BROKEN = "broken"
    """It does not work: failed, a dead replica."""
    FROZEN = "frozen"
    """It is there and says nothing: a paused replica."""
    OFF = "off"
    """It is switched off on purpose."""
    FAULT = "fault"
    """While this lasts the lab is breaking something."""
    TYPICAL = "typical"
    """The median."""
    WORST = "worst"
    """The slow end: a 99th percentile."""
    TEXT = "text"
    DIM = "dim"
    LINE = "line"
    CARD = "card"
    HATCH = "hatch"


LIGHT: Mapping[Ink, str] = MappingProxyType(
    {
        Ink.WELL: "#8fd3bd",
        Ink.SECOND_BEST: "#e69f00",
        Ink.REFUSED: "#cc79a7",
        Ink.BROKEN: "#d55e00",
        Ink.FROZEN: "#56b4e9",
        Ink.OFF: "#c3cad1",
        Ink.FAULT: "#5c6873",
        Ink.TYPICAL: "#0072b2",
        Ink.WORST: "#17212b",
        Ink.TEXT: "#17212b",
        Ink.DIM: "#53616d",
        Ink.LINE: "#d6dde3",
        Ink.CARD: "#ffffff",
        Ink.HATCH: "#ffffff",
    }
)
DARK: Mapping[Ink, str] = MappingProxyType(
    {
        Ink.WELL: "#14785c",
        Ink.SECOND_BEST: "#f0b429",
        Ink.REFUSED: "#d990b7",
        Ink.BROKEN: "#f0762c",
        Ink.FROZEN: "#6fc3f2",
        Ink.OFF: "#4a5866",
        Ink.FAULT: "#a3b2bf",
        Ink.TYPICAL: "#5fb3e8",
        Ink.WORST: "#e9eff4",
        Ink.TEXT: "#e9eff4",
        Ink.DIM: "#a3b2bf",
        Ink.LINE: "#2e3c49",
        Ink.CARD: "#162029",
        Ink.HATCH: "#162029",
    }
)
VARIABLES: Mapping[Ink, str] = MappingProxyType({ink: f"#f1{number:02x}ce" for number, ink in enumerate(Ink)})
"""Colours that no picture has, to be replaced by the variable of the style sheet."""

HATCHES: Mapping[Ink, str] = MappingProxyType(
    {
        Ink.WELL: "",
        Ink.SECOND_BEST: "////",
        Ink.REFUSED: "||||",
        Ink.BROKEN: "xxx",
        Ink.FROZEN: "----",
        Ink.OFF: "",
    }
)

REPLICA_INKS: Mapping[str, Ink] = MappingProxyType(
    {
        "ready": Ink.WELL,
        "starting": Ink.SECOND_BEST,
        "not_ready": Ink.SECOND_BEST,
        "paused": Ink.FROZEN,
        "stopped": Ink.BROKEN,
    }
)
BREAKER_INKS: Mapping[str, Ink] = MappingProxyType(
    {
        "closed": Ink.WELL,
        "half_open": Ink.SECOND_BEST,
        "open": Ink.REFUSED,
        "forced_open": Ink.REFUSED,
        "disabled": Ink.OFF,
        "metrics_only": Ink.OFF,
    }
)


def style_sheet() -> str:
    """The variables, for a page that is light unless its reader prefers dark; paper is always light."""

    def rules(palette: Mapping[Ink, str]) -> str:
        return " ".join(f"--{ink}: {colour};" for ink, colour in palette.items())

    return (
        f":root {{ color-scheme: light; {rules(LIGHT)} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ color-scheme: dark; {rules(DARK)} }} }}"
    )
