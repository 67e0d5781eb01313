"""Conditions on measures, as an experiment states them: `customers.answered_share >= 0.999`."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Self

from pydantic import AfterValidator, GetPydanticSchema
from pydantic_core import core_schema

from lab import measure_names

Measures = Mapping[str, float | None]
"""Every measure of a run by its dotted name; None where there was nothing to measure."""

_FORM = re.compile(r"(?P<measure>[a-z0-9_.]+)\s*(?P<sign>==|!=|<=|>=|<|>)\s*(?P<value>-?\d+(\.\d+)?|never)")
_SIGNS: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {
        "==": operator.eq,
        "!=": operator.ne,
        "<=": operator.le,
        ">=": operator.ge,
        "<": operator.lt,
        ">": operator.gt,
    }
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A measure, a sign and a number; `== never` and `!= never` ask whether something happened at all."""

    text: str
    measure: str
    sign: str
    value: float | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """ValueError with a sentence for what is no condition, or names no measure."""
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise ValueError("write a measure, a sign and a number, such as `failed == 0` or `downtime_s < 1`")
        measure_names.check(match["measure"])
        value = None if match["value"] == "never" else float(match["value"])
        if value is None and match["sign"] not in ("==", "!="):
            raise ValueError("`never` can be compared by == and != only")
        return cls(text.strip(), match["measure"], match["sign"], value)

    def holds(self, measures: Measures) -> bool:
        """Whether it is so; what was not measured fulfils nothing but `== never`."""
        measured = measures.get(self.measure)
        if self.value is None:
            return (measured is None) == (self.sign == "==")
        return measured is not None and _SIGNS[self.sign](measured, self.value)


def _schema(_: Any, __: Any) -> core_schema.CoreSchema:
    return core_schema.no_info_after_validator_function(
        lambda text: Condition.parse(text),
        core_schema.str_schema(),
        serialization=core_schema.plain_serializer_function_ser_schema(lambda condition: condition.text),
    )


def _of_now(condition: Condition) -> Condition:
    measure_names.check_now(condition.measure)
    return condition


Conditions = tuple[Annotated[Condition, GetPydanticSchema(_schema)], ...]
ConditionsNow = tuple[Annotated[Condition, GetPydanticSchema(_schema), AfterValidator(_of_now)], ...]
"""Those that can be looked at while a run goes on."""
