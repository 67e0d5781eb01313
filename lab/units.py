"""Measures for people: the unit is in the name."""


def number(name: str, value: float) -> str:
    """A value of the measure of this name, with its unit."""
    if name.endswith(("share", "spent", "fell_by")):
        return f"{value:.0%}".replace("%", " %") if value in (0, 1) else f"{value * 100:.2f} %"
    if name.endswith("_ms"):
        return f"{value:.1f} ms" if 0 < value < 10 else f"{value:.0f} ms"
    if name.endswith("per_s"):
        return f"{value:.1f}/s"
    if name.endswith("_s"):
        return f"{value:.1f} s"
    return f"{value:,.0f}" if value == int(value) else f"{value:.2f}"
