"""What the lab found, read from the files of a folder: `NAME.json`, or `NAME.json.gz` where a copy is kept small."""

import gzip
import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from lab.findings import FORMAT, Found
from lab.reading import names

MODEL = "model.json"
"""A model's result may lie in the same folder; it is not an experiment's."""

# Neither XML nor a page may contain them.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class BadReport(Exception):
    """A sentence that names the file."""


@dataclass(frozen=True)
class Collection:
    """All that was found, in the order in which it was run."""

    folder: Path
    found: Sequence[Found]

    def get(self, name: str) -> Found | None:
        return next((each for each in self.found if each.name == name), None)

    @property
    def missing(self) -> list[str]:
        """The experiments of this checkout that have no result here."""
        there = {each.name for each in self.found}
        return [name for name in names() if name not in there]

    @property
    def has_model(self) -> bool:
        return (self.folder / MODEL).is_file()


def collect(folder: Path) -> Collection:
    """Everything in a folder; BadReport where a file is broken, or where there is none."""
    if not folder.is_dir():
        raise BadReport(f"{folder}: there is no such folder.")
    files = sorted(path for path in (*folder.glob("*.json"), *folder.glob("*.json.gz")) if path.name != MODEL)
    if not files:
        raise BadReport(f"{folder}: no experiment has left a result here.")
    found = [read_found(path) for path in files]
    repeated = {each.name for each in found if sum(other.name == each.name for other in found) > 1}
    if repeated:
        raise BadReport(f"{folder}: more than one file has the result of {', '.join(sorted(repeated))}.")
    return Collection(folder, sorted(found, key=lambda each: (each.started_at, each.name)))


def read_found(path: Path) -> Found:
    """What one experiment found; BadReport where it is not in the file."""
    try:
        content = path.read_bytes()
        text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
        document = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError, OSError, EOFError, zlib.error) as error:
        raise BadReport(f"{path}: this is not JSON: {error}.") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise BadReport(f"{path}: this is not what an experiment found, in format {FORMAT}.")
    try:
        return Found.model_validate(_printable(document))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadReport(f"{path}: {where}: {first['msg'][0].lower()}{first['msg'][1:]}.") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _printable(value: Any) -> Any:
    """The same, with a mark in place of every character that cannot be shown."""
    match value:
        case str():
            return _UNPRINTABLE.sub("\ufffd", value)
        case list():
            return [_printable(each) for each in value]
        case dict():
            return {_printable(key): _printable(each) for key, each in value.items()}
    return value
