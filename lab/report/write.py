"""The report of a folder of results: its page, and its pictures."""

from pathlib import Path

from lab.report.collection import collect
from lab.report.drawings import write_pictures
from lab.report.page import page

PAGE = "report.html"
PICTURES = "pictures"


def write_report(folder: Path, into: Path | None = None) -> Path:
    """Write the page and the pictures beside the results, or elsewhere; BadReport where the results cannot be read."""
    collection = collect(folder)
    into = into or folder
    for found in collection.found:
        write_pictures(found, into / PICTURES)
    written = into / PAGE
    written.write_text(page(collection), encoding="utf-8")
    return written
