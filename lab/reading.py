"""Experiments from their files, with the file and the line of whatever is wrong in them."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from lab.experiment import Experiment, Impossible

FOLDER = Path(__file__).parent / "experiments"

Key = str | int
# What may still be open at the end of a line in the middle of a value.
_CLOSING = ("", "]", "]]", "}]", '"""', "'''")


class BadExperiment(Exception):
    """One sentence a line, each with file and line."""


def names() -> list[str]:
    """Every experiment there is, in the order of the alphabet."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def find(name: str) -> Path:
    """The file of an experiment, by its name or its path."""
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return path
    if name in names():
        return FOLDER / f"{name}.toml"
    raise BadExperiment(f"No experiment is called {name!r}: there are {', '.join(names())}.")


def read(path: Path) -> Experiment:
    """The experiment in a file; BadExperiment where it is none."""
    text = path.read_text()
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r" \(at line (\d+), .*\)", str(error))
        line, what = (int(at[1]), str(error).replace(at[0], "")) if at else (text.count("\n"), str(error))
        raise BadExperiment(f"{path}:{line}: {what}.") from None
    try:
        return Experiment.model_validate(document)
    except ValidationError as error:
        raise BadExperiment("\n".join(_sentences(path, text, document, error))) from None


def line_of(text: str, path: Sequence[Key]) -> int:
    """The line on which a key, or an item of a list, is given.

    It is the first after which the text, cut off there and closed, has it: TOML's own parser decides.
    """
    lines = text.splitlines()
    for number in range(1, len(lines) + 1):
        for closing in _CLOSING:
            try:
                document = tomllib.loads("\n".join(lines[:number]) + closing)
            except tomllib.TOMLDecodeError:
                continue
            if _has(document, path):
                return number
            break
    return 1


def _has(document: Any, path: Sequence[Key]) -> bool:
    for key in path:
        try:
            document = document[key]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _sentences(path: Path, text: str, document: Mapping[str, Any], error: ValidationError) -> list[str]:
    sentences = []
    for problem in error.errors(include_url=False):
        cause = problem.get("ctx", {}).get("error")
        where = _in_document(document, cause.where if isinstance(cause, Impossible) else problem["loc"])
        key = ".".join(str(part) for part in where) or "the experiment"
        missing = problem["type"] == "missing"
        message = problem["msg"].removeprefix("Value error, ")
        if missing:
            message = f"{problem['loc'][-1]} is missing"
        elif problem["type"] == "extra_forbidden":
            message = "there is no such key"
        sentences.append(f"{path}:{line_of(text, where) if where else 1}: {key}: {message[0].lower()}{message[1:]}.")
    return sentences


def _in_document(document: Any, location: Sequence[Key]) -> list[Key]:
    """The part of pydantic's location that is there: a union's tag and a missing key are not."""
    there: list[Key] = []
    for part in location:
        if _has(document, [part]):
            document = document[part]
            there.append(part)
    return there
