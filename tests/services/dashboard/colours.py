"""Colours as eyes see them: contrast after WCAG 2.2, and how far apart two are to somebody who lacks a cone.

The matrices are those of Machado, Oliveira and Fernandes (2009) for a whole deficiency, on linear RGB; distances are
Euclidean in Oklab (Ottosson, 2020), where 2 is about what one notices side by side.
"""

import math
import re
from pathlib import Path

from services.dashboard import assets

Rgb = tuple[float, float, float]
_ROOT = re.compile(r':root(?:\[data-theme="(\w+)"\])? \{([^}]*)\}')
_COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
_SHADE = re.compile(r"--shade: rgb\((\d+) (\d+) (\d+) / (\d+)%\);")
EYES: dict[str, tuple[Rgb, Rgb, Rgb]] = {
    "typical": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def style_sheet() -> str:
    return Path(assets.__file__).with_name("static").joinpath("page.css").read_text()


def themes() -> dict[str, dict[str, str]]:
    """The colours of each theme by name, as the style sheet has them; `shaded` is a card where a fault is on."""
    found = {}
    for theme, body in _ROOT.findall(style_sheet()):
        colours = dict(_COLOUR.findall(body))
        [shade] = _SHADE.findall(body)
        found[theme or "light"] = {**colours, "shaded": _shaded(colours["card"], *map(int, shade))}
    return found


def beside_themes() -> str:
    """The style sheet without what gives its colours their names."""
    return _ROOT.sub("", style_sheet())


def _shaded(ground: str, red: int, green: int, blue: int, percent: int) -> str:
    under = bytes.fromhex(ground[1:])
    mixed = [round(under[at] + (over - under[at]) * percent / 100) for at, over in enumerate((red, green, blue))]
    return "#" + bytes(mixed).hex()


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(_luminance(_linear(each)) for each in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def distance(one: str, other: str, eyes: str) -> float:
    seen = [_oklab(_through(_linear(each), EYES[eyes])) for each in (one, other)]
    return 100 * math.dist(*seen)


def _linear(colour: str) -> Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _decoded(red), _decoded(green), _decoded(blue)


def _decoded(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _luminance(colour: Rgb) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def _through(colour: Rgb, eyes: tuple[Rgb, Rgb, Rgb]) -> Rgb:
    red, green, blue = (min(1.0, max(0.0, sum(a * b for a, b in zip(row, colour, strict=True)))) for row in eyes)
    return red, green, blue


def _oklab(colour: Rgb) -> Rgb:
    r, g, b = colour
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )
