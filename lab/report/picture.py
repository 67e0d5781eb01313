"""Pictures as matplotlib draws them: PNG to keep and share, SVG to stand in the page, which gives it its colours."""

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from lab.report.palette import LIGHT, VARIABLES, Ink

Palette = Mapping[Ink, str]
Draw = Callable[[Palette], Figure]

WIDTH_IN = 10.0
PNG_DPI = 150
_COLOUR_COUNT = 128
_STYLE: dict[Any, Any] = {
    "font.family": ["DejaVu Sans"],  # which comes with matplotlib
    "font.size": 9,
    "text.parse_math": False,  # a dollar in a title is a dollar
    "svg.fonttype": "none",
    "svg.hashsalt": "afloat",
    "hatch.linewidth": 0.7,
    "path.simplify": True,
}
_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_HREF = f"{{{_XLINK}}}href"
_COLOURS = {colour: f"var(--{ink})" for ink, colour in VARIABLES.items()}
_DECIMALS = re.compile(r"(\d\.\d\d)\d+")
_FONT = re.compile(r"font: (?P<style>[^;]*?)(?P<size>[\d.]+)px [^;]*")

ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", _XLINK)


def write_png(path: Path, draw: Draw, *, dpi: int = PNG_DPI) -> None:
    """The picture in its light colours."""
    with _style():
        figure = draw(LIGHT)
        drawn = BytesIO()
        FigureCanvasAgg(figure).print_figure(drawn, format="png", dpi=dpi, facecolor=LIGHT[Ink.CARD])
    _with_few_colours(Image.open(drawn).convert("RGB")).save(path, optimize=True)


def svg(draw: Draw, name: str, label: str) -> str:
    """The picture as an element of a page; `name` sets its ids apart, `label` says what it shows."""
    sink = StringIO()
    with _style():
        figure = draw(VARIABLES)
        figure.patch.set_visible(False)
        FigureCanvasSVG(figure).print_figure(sink, format="svg", metadata={"Date": None})
    return _for_a_page(sink.getvalue(), name, label)


def _with_few_colours(picture: Image.Image) -> Image.Image:
    """A quarter of the bytes: what means something keeps its colour exactly, and so do the most frequent others."""
    packed = np.asarray(picture).astype(np.int64) @ (65536, 256, 1)
    there, place, counts = np.unique(packed.reshape(-1), return_inverse=True, return_counts=True)
    meant = [int(colour.removeprefix("#"), 16) for colour in LIGHT.values()]
    frequent = there[np.argsort(-counts, kind="stable")].tolist()
    kept = _parts(np.array(list(dict.fromkeys([*meant, *frequent]))[:_COLOUR_COUNT]))
    nearest = ((_parts(there)[:, None] - kept[None]) ** 2).sum(axis=2).argmin(axis=1)
    few = Image.fromarray(nearest[place].reshape(packed.shape).astype(np.uint8))
    few.putpalette(kept.astype(np.uint8).tobytes())
    return few


def _parts(colours: NDArray[np.int64]) -> NDArray[np.int64]:
    """Red, green and blue of each."""
    return np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1)


def write_title(figure: Figure, title: str, palette: Palette) -> None:
    """At the top, for a picture that has to stand for itself."""
    figure.text(
        0.12 / figure.get_figwidth(), 1 - 0.21 / figure.get_figheight(), title, fontsize=12, fontweight="bold",
        va="center", color=palette[Ink.TEXT],
    )  # fmt: skip


@contextmanager
def _style() -> Iterator[None]:
    with rc_context(_STYLE), warnings.catch_warnings():
        # A title may be in any script; what the font lacks it shows as a box.
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from font")
        yield


def _for_a_page(drawn: str, name: str, label: str) -> str:
    root = ElementTree.fromstring(drawn)  # noqa: S314 - it has just been drawn here
    used = {match for each in root.iter() for value in each.attrib.values() for match in _references(value)}
    for parent in root.iter():
        for child in [each for each in parent if each.tag in (f"{{{_SVG}}}metadata", f"{{{_SVG}}}style")]:
            parent.remove(child)
    for each in root.iter():
        for key, value in list(each.attrib.items()):
            if key == "id":
                if value in used:
                    each.set(key, f"{name}-{value}")
                else:
                    del each.attrib[key]
            else:
                each.set(key, _rewritten(value, name))
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    root.set("class", "picture")
    root.set("role", "img")
    root.set("aria-label", label)
    return ElementTree.tostring(root, encoding="unicode")


def _references(value: str) -> list[str]:
    return re.findall(r"url\(#([^)]+)\)", value) + re.findall(r"^#([\w-]+)$", value)


def _rewritten(value: str, name: str) -> str:
    """Ids of this picture alone, the page's font, the page's colours."""
    value = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", value)
    for colour, variable in _COLOURS.items():
        value = value.replace(colour, variable)
    value = re.sub(r"^#([\w-]+)$", rf"#{name}-\1", value)
    value = _DECIMALS.sub(r"\1", value)
    return _FONT.sub(_font, value)


def _font(match: re.Match[str]) -> str:
    weight = "font-weight: bold; " if re.search(r"\b(bold|[6-9]00)\b", match["style"]) else ""
    return f"{weight}font-size: {match['size']}px"
