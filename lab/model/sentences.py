"""What is wrong with a file, a sentence a line."""

from pathlib import Path

from pydantic import ValidationError


def sentences(path: Path, error: ValidationError) -> str:
    lines = []
    for problem in error.errors(include_url=False):
        where = ".".join(map(str, problem["loc"])) + ": " if problem["loc"] else ""
        message = problem["msg"].removeprefix("Value error, ")
        lines.append(f"{path}: {where}{message[0].lower()}{message[1:]}.")
    return "\n".join(lines)
