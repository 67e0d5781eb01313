"""One side of an experiment, run once: shape the stack, load it, break it, put it right, and say what was seen."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Protocol

import aiohttp

from lab.assess import Evidence, all_measures
from lab.condition import Condition, Measures
from lab.experiment import Experiment, Side
from lab.findings import Checked, Run, Verdict
from lab.hands import Hands, patiently
from lab.injector import Injector
from lab.load_apart import LoadApart
from lab.load_process import Plan
from lab.measures import figures_of_all
from lab.mix import GROUPS, kinds_of
from lab.orders import OrderBook
from lab.record import Record, write_csv
from lab.shaping import shape
from lab.story import not_run, told
from lab.watch import Watch
from stack.errors import StackError

MAX_LAG_MS = 50.0
_LOOK_S = 0.25
_CALM_S = 1.0
_NEWEST = 5000


class Audience(Protocol):
    """Whoever watches a run: a terminal, a file, nobody."""

    def phase(self, name: str, about_s: float) -> None:
        """A phase begins, and will take about so long."""

    def say(self, text: str) -> None:
        """What happens now."""

    def progress(self, load: LoadApart, watch: Watch) -> None:
        """Some time has passed."""


@dataclass
class Course:
    """How far a run has come: its phases on the monotonic clock, and its journal."""

    audience: Audience
    phases: list[tuple[str, float, float | None]] = field(default_factory=list)
    journal: list[tuple[float, str]] = field(default_factory=list)

    def begin(self, name: str, about_s: float) -> float:
        """End the phase that is on, and begin the next."""
        now_s = monotonic()
        self.end(now_s)
        self.phases.append((name, now_s, None))
        self.audience.phase(name, about_s)
        return now_s

    def end(self, now_s: float) -> None:
        if self.phases and self.phases[-1][2] is None:
            name, from_s, _ = self.phases[-1]
            self.phases[-1] = (name, from_s, now_s)

    def say(self, text: str) -> None:
        self.journal.append((monotonic(), text))
        self.audience.say(text)

    def spans(self) -> dict[str, tuple[float, float]]:
        """The phases that figures are given for."""
        return {
            name: (from_s, to_s) for name, from_s, to_s in self.phases if to_s and name in ("before", "during", "after")
        }


class Aborted(Exception):
    """A stop condition holds."""


class NotSteady(Exception):
    """The stack is not well before anything was done to it."""


class SideRun:
    """Runs a side on a stack that is up."""

    def __init__(
        self,
        hands: Hands,
        experiment: Experiment,
        side: Side,
        audience: Audience,
        scale: float,
        max_lag_ms: float = MAX_LAG_MS,
    ) -> None:
        self._hands = hands
        self._experiment = experiment
        self._side = side
        self._scale = scale
        self._max_lag_ms = max_lag_ms
        self._course = Course(audience)
        self._in_flight: list[tuple[float, int]] = []

    async def run(self, records_file: Path | None = None) -> Run:
        """Run it; everything is undone when this returns or raises. Where it could not be run it is invalid."""
        began_s, started_at = monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
        try:
            return await self._run(records_file, began_s, started_at)
        except StackError as why:
            self._course.say(str(why))
            journal = [(at_s - began_s, text) for at_s, text in self._course.journal]
            return not_run(str(why), journal, started_at, monotonic() - began_s)
        finally:
            for failure in await self._hands.undo():
                self._course.say(f"not undone: {failure}")

    async def _run(self, records_file: Path | None, began_s: float, started_at: str) -> Run:
        steady, wanted = self._experiment.steady, self._wanted()
        self._course.audience.phase("shaping", 0)
        status = await shape(self._hands, self._side, self._course.say, self._scale)
        book = OrderBook(status.url) if "order" in self._side.load.mix else None
        if book:
            await _opened(book)
        injector = Injector(self._hands, status, self._side.stack, self._scale, self._course.say)
        own = self._side.load
        plan = Plan(status.url, own.rate, dict(own.mix), own.timeout_s, own.max_in_flight)
        load = LoadApart(plan, book.note if book else None)
        reasons: list[str] = []
        verdict: Verdict | None = None
        async with (
            load,
            Watch(
                self._hands.runtime, patterns=own.through_gateway, calls=any("calls." in name for name in wanted)
            ) as watch,
        ):
            following = asyncio.create_task(self._follow(load, watch))
            try:
                await self._pass("warm_up", steady.warm_up_s)
                await self._pass("before", steady.before_s)
                self._check_steady(load)
                await self._break(injector, load, watch)
                await self._pass("after", steady.after_s)
            except NotSteady as why:
                verdict, reasons = Verdict.INVALID, list(why.args)
            except Aborted as why:
                verdict, reasons = Verdict.ABORTED, [str(why)]
                self._course.say(str(why))
                await self._hands.undo()
            except StackError as why:
                verdict, reasons = Verdict.INVALID, [str(why)]
                self._course.say(str(why))
                await self._hands.undo()
            finally:
                self._course.end(monotonic())
                following.cancel()
                await asyncio.wait([following])
            self._course.audience.phase("counting", 0)
            await load.stop()
            await watch.look()
        records = load.records()
        if records_file is not None:
            await patiently(write_csv, records_file, records, load.started_s)
        evidence = self._evidence(records, injector, watch)
        if book and verdict is None:
            evidence.orders = await _audited(book)
        found = all_measures(evidence)
        expectations = checked(self._side.expect, found)
        # By now those are in as well that were under way when the first fault began.
        before = checked(steady.that, _without_prefix("before.", found))
        after = checked(steady.that, _without_prefix("after.", found)) if verdict is None else []
        if verdict is None:
            verdict, reasons = judge(before, expectations, after, found, self._max_lag_ms)
        elif verdict is Verdict.ABORTED and _late(found, self._max_lag_ms):
            verdict, reasons = Verdict.INVALID, [*reasons, _lagged(found, self._max_lag_ms)]
        return told(
            load, records, self._course.phases, self._course.journal, injector.windows, watch.seen,
            verdict=verdict,
            reasons=reasons,
            started_at=started_at,
            took_s=monotonic() - began_s,
            measures=found,
            expectations=expectations,
            steady_before=before,
            steady_after=after,
            records_file=records_file.name if records_file else None,
        )  # fmt: skip

    async def _pass(self, name: str, seconds: float) -> None:
        self._course.begin(name, seconds)
        await asyncio.sleep(seconds)

    def _check_steady(self, load: LoadApart) -> None:
        name, from_s, _ = self._course.phases[-1]
        assert name == "before"
        records = [each for each in load.records() if from_s <= each.due_s]
        reasons = not_steady(checked(self._experiment.steady.that, self._figures(records)))
        if reasons:
            raise NotSteady(*reasons)

    async def _break(self, injector: Injector, load: LoadApart, watch: Watch) -> None:
        """The phase of faults, and the time until all is well again."""
        least_s = max(self._side.phase_s, self._experiment.hold_s) / self._scale
        began_s = self._course.begin("during", least_s)
        faults: list[asyncio.Task[None]] = [
            asyncio.create_task(injector.perform(fault, began_s)) for fault in self._side.faults
        ]
        hold = asyncio.create_task(asyncio.sleep(least_s))
        guard = asyncio.create_task(self._guard(load))
        try:
            working = {*faults, hold}
            while working:
                done, _ = await asyncio.wait({*working, guard}, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    await task  # raises what it raised
                working -= done
            settled_by_s = self._course.begin("settling", 0) + self._experiment.steady.settle_s
            await watch.look()
            while not (watch.whole and self._calm(load)) and monotonic() < settled_by_s:
                if guard.done():
                    await guard
                await asyncio.sleep(_LOOK_S)
        finally:
            for task in (*faults, hold, guard):
                task.cancel()
            await asyncio.gather(*faults, hold, guard, return_exceptions=True)

    def _calm(self, load: LoadApart) -> bool:
        """Whether the steady state holds again for those who were answered in the last second."""
        since_s = monotonic() - _CALM_S
        newest = [each for each in load.records(max(0, load.count - _NEWEST)) if each.ended_s >= since_s]
        return all(each.held for each in checked(self._experiment.steady.that, self._figures(newest)))

    async def _guard(self, load: LoadApart) -> None:
        """Raises Aborted once a stop condition holds. A service of which no request at all ends answers none."""
        stop = self._experiment.stop
        groups = [f"{group}." for group in GROUPS if kinds_of(group) & set(self._side.load.mix)]
        silent: dict[str, float | None] = dict.fromkeys((f"{group}answered_share" for group in ("", *groups)), 0.0)
        ended: list[Record] = []
        count = 0
        while stop.that:
            await asyncio.sleep(_LOOK_S)
            fresh = load.records(count)
            count += len(fresh)
            since_s = monotonic() - stop.within_s
            ended = [each for each in (*ended, *fresh) if each.ended_s >= since_s]
            now = silent | {name: value for name, value in self._figures(ended).items() if value is not None}
            for condition in stop.that:
                if monotonic() - load.started_s > stop.within_s and condition.holds(now):
                    raise Aborted(f"stopped, as {condition.text} over the last {stop.within_s:g} s")
        await asyncio.Event().wait()

    async def _follow(self, load: LoadApart, watch: Watch) -> None:
        while True:
            self._in_flight.append((monotonic(), load.in_flight))
            self._course.audience.progress(load, watch)
            await asyncio.sleep(_LOOK_S)

    def _evidence(self, records: Sequence[Record], injector: Injector, watch: Watch) -> Evidence:
        return Evidence(
            records=records,
            rate=self._side.load.rate,
            slo=self._experiment.slo,
            spans=self._course.spans(),
            faults=injector.windows,
            seen=watch.seen,
            in_flight=self._in_flight,
            scale=self._scale,
        )

    def _figures(self, records: Sequence[Record]) -> Measures:
        """Of these, and of each service among them."""
        return figures_of_all(records, rate=self._side.load.rate, slo=self._experiment.slo)

    def _wanted(self) -> list[str]:
        return [*(condition.measure for condition in self._side.expect), *self._experiment.show]


def checked(conditions: Sequence[Condition], found: Measures) -> list[Checked]:
    """Each condition, with what was measured."""
    return [
        Checked(condition=each.text, measured=found.get(each.measure), held=each.holds(found)) for each in conditions
    ]


def judge(
    before: Sequence[Checked],
    expectations: Sequence[Checked],
    after: Sequence[Checked],
    found: Measures,
    max_lag_ms: float = MAX_LAG_MS,
) -> tuple[Verdict, list[str]]:
    """The verdict on a run that came to its end, and why it is not `held`."""
    if _late(found, max_lag_ms):
        return Verdict.INVALID, [_lagged(found, max_lag_ms)]
    if unsteady := not_steady(before):
        return Verdict.INVALID, unsteady
    reasons = [sentence(each) for each in expectations if not each.held]
    reasons += [f"not steady afterwards: {sentence(each)}" for each in after if not each.held]
    return (Verdict.DEVIATED if reasons else Verdict.HELD), reasons


def not_steady(before: Sequence[Checked]) -> list[str]:
    """Why the stack was not well to begin with; empty where it was."""
    broken = [sentence(each) for each in before if not each.held]
    return [f"not steady before anything was done: {'; '.join(broken)}"] if broken else []


def sentence(check: Checked) -> str:
    """A condition with what was measured."""
    return f"{check.condition} ({'nothing' if check.measured is None else f'{check.measured:.4g}'} measured)"


def _late(found: Measures, max_lag_ms: float) -> bool:
    return (found.get("lag_p99_ms") or 0) > max_lag_ms


def _lagged(found: Measures, max_lag_ms: float) -> str:
    return f"the load itself was late: {found['lag_p99_ms']:.0f} ms at the 99th percentile, more than {max_lag_ms:g}"


def _without_prefix(prefix: str, found: Measures) -> Mapping[str, float | None]:
    return {name.removeprefix(prefix): value for name, value in found.items() if name.startswith(prefix)}


async def _opened(book: OrderBook) -> None:
    try:
        await book.open()
    except (aiohttp.ClientError, TimeoutError) as error:
        raise StackError(f"the shop does not tell its orders before anything was done: {error}") from None


async def _audited(book: OrderBook) -> dict[str, float]:
    """What the shop says of its orders; nothing where it does not answer."""
    try:
        return await book.audit()
    except (aiohttp.ClientError, TimeoutError):
        return {}
