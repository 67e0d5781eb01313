"""Experiments, one after the other, on a stack that is up or is started for them; and what they found, in files."""

import platform
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

import psutil

from lab.alone import alone
from lab.experiment import Experiment, Side
from lab.findings import Found, Run, SideFound, summarise, worst
from lab.hands import Hands, patiently
from lab.journal import Journal, Undo
from lab.run import MAX_LAG_MS, Audience, SideRun
from stack.errors import StackError
from stack.runtime import Runtime
from stack.settings import ROOT


class Screen(Audience, Protocol):
    """An audience of several experiments."""

    def experiment(self, experiment: Experiment, sides: Sequence[Side]) -> None:
        """An experiment begins."""

    def side(self, side: Side, number: int, repetitions: int) -> None:
        """A side is run, for the time `number` (from 1)."""

    def ran(self, side: Side, run: Run) -> None:
        """That is what it showed."""

    def found(self, found: Found, written: Path) -> None:
        """And that is what they show together, and where it is kept."""


@dataclass(frozen=True)
class Options:
    """How to run: `repeat` None leaves it to the experiment; `real_time` is at full length.

    A load whose own lag exceeds `max_lag_ms` at its 99th percentile shows nothing.
    """

    folder: Path
    record: bool = False
    real_time: bool = False
    repeat: int | None = None
    max_lag_ms: float = MAX_LAG_MS


class Suite:
    """Runs experiments on a runtime; whatever is broken on the way is in the journal."""

    def __init__(self, runtime: Runtime, journal: Journal, screen: Screen, options: Options) -> None:
        self._runtime = runtime
        self._journal = journal
        self._screen = screen
        self._options = options

    async def run(self, experiments: Mapping[str, tuple[Path, Experiment]]) -> list[Found]:
        """Run them by name; a stack that was not up is taken down again."""
        async with standing(self._runtime, self._journal, self._screen.say):
            return [await self._experiment(name, path, each) for name, (path, each) in experiments.items()]

    async def _experiment(self, name: str, path: Path, experiment: Experiment) -> Found:
        started_at, began_s = datetime.now(UTC).isoformat(timespec="seconds"), monotonic()
        sides = experiment.all_sides()
        scale = 1.0 if self._options.real_time else experiment.time_scale
        repeat = self._options.repeat or experiment.repeat
        self._screen.experiment(experiment, sides)
        runs: dict[str, list[Run]] = {side.name: [] for side in sides}
        # Sides in turn, so that whatever else the machine is doing meets all of them alike.
        for number in range(1, repeat + 1):
            for side in sides:
                self._screen.side(side, number, repeat)
                hands = Hands(self._runtime, self._journal)
                file = (
                    self._options.folder / f"{name}.{_slug(side.name)}.{number}.csv.gz"
                    if self._options.record
                    else None
                )
                run = await SideRun(hands, experiment, side, self._screen, scale, self._options.max_lag_ms).run(file)
                runs[side.name].append(run)
                self._screen.ran(side, run)
        found = _found(
            name, path, experiment, sides, runs, started_at, monotonic() - began_s, scale, self._environment()
        )
        written = self._options.folder / f"{name}.json"
        written.write_text(found.model_dump_json(indent=1) + "\n")
        self._screen.found(found, written)
        return found

    def _environment(self) -> dict[str, Any]:
        memory = psutil.virtual_memory()
        return {
            "runtime": self._runtime.name,
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}",
            "cpus": psutil.cpu_count(),
            "memory_gib": round(memory.total / 2**30, 1),
            "load_average": psutil.getloadavg()[0],
            "commit": _commit(),
        }


@asynccontextmanager
async def standing(runtime: Runtime, journal: Journal, say: Any) -> AsyncIterator[None]:
    """The stack is up; what an earlier command left broken is put right first, and nothing is left broken after."""
    if journal.entries:
        say("Putting right what an interrupted command of the lab left behind")
        _raise(await patiently(journal.put_right, runtime))
    found_up = await patiently(runtime.is_up)
    try:
        if not found_up:
            journal.add(Undo("down"))
            await patiently(runtime.up)
        async with alone(runtime, journal):
            yield
    finally:
        if not found_up:
            say("The stack was not up before: it is taken down again.")
        _raise(await patiently(journal.put_right, runtime))


def new_folder(reports: Path) -> Path:
    """A folder for the results of a command, with `latest` pointing at it."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S")
    folder = reports / stamp
    number = 1
    while folder.exists():
        number += 1
        folder = reports / f"{stamp}-{number}"
    folder.mkdir(parents=True)
    latest = reports / "latest"
    latest.unlink(missing_ok=True)
    latest.symlink_to(folder.name)
    return folder


def _found(
    name: str,
    path: Path,
    experiment: Experiment,
    sides: Sequence[Side],
    runs: Mapping[str, Sequence[Run]],
    started_at: str,
    took_s: float,
    scale: float,
    environment: dict[str, Any],
) -> Found:
    sides_found = [
        SideFound(
            name=side.name,
            row=side.row,
            column=side.column,
            x=side.x,
            side=side.model_dump(mode="json", by_alias=True),
            verdict=worst([run.verdict for run in runs[side.name]]),
            runs=runs[side.name],
            summary=summarise(runs[side.name]),
        )
        for side in sides
    ]
    verdict = worst([side.verdict for side in sides_found])
    return Found(
        name=name,
        title=experiment.title,
        hypothesis=" ".join(experiment.hypothesis.split()),
        file=path.name,
        verdict=verdict,
        sentence=_sentence(sides_found),
        started_at=started_at,
        took_s=round(took_s, 1),
        time_scale=scale,
        slo=experiment.slo,
        show=experiment.show,
        environment=environment,
        sides=sides_found,
    )


def _sentence(sides: Sequence[SideFound]) -> str:
    """The verdict in a sentence: what was wrong, or what each side cost."""
    # The worst first: it is what the verdict stands for.
    runs = sorted(
        ((side, run) for side in sides for run in side.runs), key=lambda pair: pair[1].verdict.exit_code, reverse=True
    )
    wrong = [f"{side.name}: {reason.rstrip('.')}" for side, run in runs for reason in run.reasons]
    if wrong:
        more = f", and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        verdict = worst([side.verdict for side in sides]).value.capitalize()
        return f"{verdict}: {'; '.join(dict.fromkeys(wrong[:3]))}{more}."
    costs = [
        f"{side.name}: {side.summary['failed'].median:.0f} of {side.summary['sent'].median:.0f} requests failed, "
        f"{side.summary['downtime_s'].median:.0f} s down"
        for side in sides[:4]
    ]
    return f"Held. {'; '.join(costs)}{'; ...' if len(sides) > 4 else ''}."


def _slug(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name.lower())


def _commit() -> str | None:
    ended = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return ended.stdout.strip() or None


def _raise(failures: Sequence[str]) -> None:
    if failures:
        raise StackError("Not everything could be put right:\n" + "\n".join(failures))
