"""What an experiment is: a hypothesis, a stack, a load, faults on a schedule, and what is expected of each side.

One file in `lab/experiments/` is one experiment. Its *sides* are run one after the other and compared: the same but for
what each says. In place of sides it may give `stacks` and `schedules`, of which every pair is a side.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, Self, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from lab import measure_names
from lab.condition import Conditions, ConditionsNow
from lab.faults import AnyFault, Kill, Roll
from lab.mix import KINDS

PATTERNS = ("timeouts", "circuit_breakers", "bulkheads", "retries", "retry_budgets", "fallbacks")
Pattern = Literal["timeouts", "circuit_breakers", "bulkheads", "retries", "retry_budgets", "fallbacks"]

Seconds = Annotated[float, Field(gt=0, le=3600)]
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^/\n]+$")]


class Impossible(ValueError):
    """What can be seen only with everything together; `where` is the key to look at."""

    def __init__(self, what: str, where: tuple[str | int, ...]) -> None:
        super().__init__(what)
        self.where = where


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StackShape(_Part):
    """How large the stack is. `minimum_healthy`: the share of Products, in %, that a deployment keeps ready.

    `replacement_s`: what a scheduler takes to replace a dead replica; left out, the runtime's own time.
    """

    products: int = Field(3, ge=1, le=20)
    gateways: int = Field(1, ge=1, le=10)
    minimum_healthy: int = Field(66, ge=0, le=100)
    replacement_s: Seconds | None = None
    patterns: Mapping[Pattern, bool] = Field(default_factory=dict)


def _has_weight(mix: Mapping[str, float]) -> Mapping[str, float]:
    unknown = sorted(set(mix) - set(KINDS))
    if unknown:
        raise ValueError(f"no kind of request is called {', '.join(unknown)}: there are {', '.join(KINDS)}")
    if not mix:
        raise ValueError("a load needs at least one kind of request")
    return mix


class LoadShape(_Part):
    """Requests that come at a constant rate; `mix` is how often each kind comes, relative to the others.

    Beyond `max_in_flight` a request that falls due is dropped, and has failed.
    """

    rate: float = Field(100, gt=0, le=2000)
    mix: Annotated[Mapping[str, Annotated[float, Field(gt=0, le=1000)]], AfterValidator(_has_weight)] = Field(
        default_factory=lambda: {"search": 1.0}
    )
    timeout_s: float = Field(5, gt=0, le=60)
    # nginx allows one address 1,000 connections.
    max_in_flight: int = Field(900, ge=1, le=5000)

    @property
    def through_gateway(self) -> bool:
        return set(self.mix) != {"search"}


class SteadyState(_Part):
    """What holds while nothing is broken: looked at for `before_s` and, once all is well again, for `after_s`.

    `settle_s` is the longest wait for all to be well again.
    """

    warm_up_s: float = Field(2, ge=0, le=600)
    before_s: Seconds = 5
    after_s: Seconds = 5
    settle_s: Seconds = 60
    that: ConditionsNow = Field(
        default_factory=lambda: cast(ConditionsNow, ("answered_share >= 0.99",)), validate_default=True
    )


class Stop(_Part):
    """Conditions on the last `within_s` seconds, of which any that holds ends the run: it does too much harm."""

    that: ConditionsNow = ()
    within_s: Seconds = 5


class SideParts(_Part):
    """What one side, stack or schedule says of its own."""

    name: Name
    stack: StackShape = StackShape()
    load: LoadShape = LoadShape()
    faults: tuple[AnyFault, ...] | None = None
    expect: Conditions = ()
    x: float | None = None
    """Where it belongs on the axis of a plot."""


class ScheduleSpec(SideParts):
    needs_products: int = Field(1, ge=1, le=20)
    """With fewer replicas it makes no sense, and is left out."""


class Expectation(_Part):
    """Of the sides with this stack and this schedule; left out means any."""

    stack: tuple[Name, ...] | None = None
    schedule: tuple[Name, ...] | None = None
    that: Conditions


class Side(_Part):
    """All that one side is run with."""

    name: str
    row: str | None = None
    column: str | None = None
    x: float | None = None
    stack: StackShape
    load: LoadShape
    faults: tuple[AnyFault, ...]
    expect: Conditions

    @property
    def phase_s(self) -> float:
        """How long the phase of faults lasts at least."""
        return max((fault.until_s() for fault in self.faults), default=0.0)


class Experiment(_Part):
    """`time_scale`: all of its schedule and the replacement time run so many times faster than they are written.

    `show` names the measures of the closing table. `hold_s`: the least length of the phase of faults, which a side
    without any fault has too.
    """

    title: str = Field(min_length=1, max_length=100)
    hypothesis: str = Field(min_length=1, max_length=1000)
    quick: bool = False
    repeat: int = Field(1, ge=1, le=50)
    time_scale: float = Field(1, ge=1, le=60)
    slo: float = Field(0.999, gt=0, lt=1)
    hold_s: float = Field(0, ge=0, le=3600)
    stack: StackShape = StackShape()
    load: LoadShape = LoadShape()
    steady: SteadyState = SteadyState()
    stop: Stop = Stop()
    faults: tuple[AnyFault, ...] = ()
    expect: tuple[Expectation, ...] = ()
    show: tuple[Annotated[str, AfterValidator(measure_names.check)], ...] = ("sent", "failed", "downtime_s", "p99_ms")
    sides: tuple[SideParts, ...] = ()
    stacks: tuple[SideParts, ...] = ()
    schedules: tuple[ScheduleSpec, ...] = ()

    @model_validator(mode="after")
    def _has_sides(self) -> Self:
        if bool(self.sides) == bool(self.stacks and self.schedules):
            raise ValueError("give either sides, or stacks and schedules")
        for specs in (self.sides, self.stacks, self.schedules):
            names = [spec.name for spec in specs]
            if len(set(names)) < len(names):
                raise ValueError(f"each needs a name of its own: {', '.join(names)}")
        for number, expectation in enumerate(self.expect):
            self._check_names("stack", expectation.stack, self.stacks, number)
            self._check_names("schedule", expectation.schedule, self.schedules, number)
        for number, side in enumerate(self.all_sides()):
            try:
                _check(side)
            except ValueError as error:
                raise Impossible(str(error), ("sides", number) if self.sides else ("schedules",)) from None
        return self

    def _check_names(self, key: str, given: Sequence[str] | None, specs: Sequence[SideParts], number: int) -> None:
        """An expectation of a side that is not there would never be looked at."""
        unknown = sorted(set(given or ()) - {spec.name for spec in specs})
        if unknown:
            raise Impossible(f"no {key} is called {', '.join(unknown)}", ("expect", number, key))

    def all_sides(self) -> list[Side]:
        """Every side, whole."""
        if self.sides:
            return [self._side(spec.name, [spec]) for spec in self.sides]
        return [
            self._side(f"{stack.name}, {schedule.name}", [stack, schedule], stack.name, schedule.name)
            for stack in self.stacks
            for schedule in self.schedules
            if schedule.needs_products <= self._shape([stack]).products
        ]

    def _shape(self, specs: Sequence[SideParts]) -> StackShape:
        shape = self.stack.model_dump()
        for spec in specs:
            own = spec.stack.model_dump(exclude_unset=True)
            shape |= own | {"patterns": {**shape["patterns"], **own.get("patterns", {})}}
        return StackShape(**shape)

    def _side(self, name: str, specs: Sequence[SideParts], row: str | None = None, column: str | None = None) -> Side:
        load, faults = self.load.model_dump(), self.faults
        expect = [condition for each in self.expect if _meant(each, row, column) for condition in each.that]
        for spec in specs:
            load |= spec.load.model_dump(exclude_unset=True)
            faults = faults if spec.faults is None else spec.faults
            expect += spec.expect
        return Side(
            name=name,
            row=row,
            column=column,
            x=next((spec.x for spec in reversed(specs) if spec.x is not None), None),
            stack=self._shape(specs),
            load=LoadShape(**load),
            faults=faults,
            expect=tuple(condition.text for condition in expect),
        )


def _meant(expectation: Expectation, row: str | None, column: str | None) -> bool:
    return (expectation.stack is None or row in expectation.stack) and (
        expectation.schedule is None or column in expectation.schedule
    )


def _check(side: Side) -> None:
    """ValueError where a side cannot be."""
    for fault in side.faults:
        for target in fault.target:
            service, _, number = target.partition("-")
            there = {"products": side.stack.products, "gateway": side.stack.gateways}.get(service, 1)
            if number and int(number) > there:
                raise ValueError(f"side {side.name!r} has no {target}: there are {there} of {service}")
        if isinstance(fault, Roll) and side.stack.replacement_s is None and side.stack.minimum_healthy == 0:
            raise ValueError("a deployment that keeps nothing ready needs a replacement_s")
        if isinstance(fault, Kill) and side.stack.replacement_s and "postgres" in fault.services() and not fault.for_s:
            raise ValueError("say for how long PostgreSQL is to be dead")
