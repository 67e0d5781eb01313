"""Where a run writes down how long things took."""

from pathlib import Path


def times_of(run: str, folder: Path) -> Path:
    """The run's own file, which its workers share; those of the runs before are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    mine = folder / f"times-{run}.txt"
    for other in set(folder.glob("times*.txt")) - {mine}:
        other.unlink(missing_ok=True)
    return mine
