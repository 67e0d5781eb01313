"""A measured redundancy matrix, made without running anything."""

from collections.abc import Mapping

from lab.findings import Found, SideFound, Spread, Verdict
from lab.model.matrix import NAME
from lab.reading import find, read

EXPERIMENT = read(find(NAME))


def measured(cells: Mapping[str, Mapping[str, float]], time_scale: float = 5) -> Found:
    """The cells, such as '2 replicas, two at once', have these medians; all others are empty."""
    sides = [
        SideFound(
            name=side.name,
            row=side.row,
            column=side.column,
            x=None,
            side={},
            verdict=Verdict.HELD,
            runs=[],
            summary={
                name: Spread(median=value, low=value, high=value) for name, value in cells.get(side.name, {}).items()
            },
        )
        for side in EXPERIMENT.all_sides()
    ]
    return Found(
        name=NAME,
        title="A title",
        hypothesis="A hypothesis.",
        file=f"{NAME}.toml",
        verdict=Verdict.HELD,
        sentence="Held.",
        started_at="2026-11-25T12:00:00+00:00",
        took_s=1,
        time_scale=time_scale,
        slo=0.999,
        show=[],
        environment={"runtime": "local"},
        sides=sides,
    )
