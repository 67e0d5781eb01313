"""The experiment on AWS ECS that the redundancy matrix repeats: what its own report says, cell by cell.

A product search behind an Application Load Balancer; docs and README tell the story. The two cells of its headline are
two different faults, so that by themselves they do not show what the third task is worth.
"""

from typing import NamedTuple

MATRIX = "redundancy_matrix"
"""The experiment whose stacks and schedules these cells are named after."""
REPLACEMENT_S = (60, 90)
"""How long the reference's platform took to replace a task, by its own report."""
WINDOW = "vulnerability_window"
"""The experiment in which ours takes as long."""


class Reference(NamedTuple):
    """One cell. `chosen_for`: our replacement time was set so that our cell meets it, so that it confirms nothing."""

    stack: str
    schedule: str
    what: str
    downtime_s: float
    headline: bool = False
    chosen_for: bool = False


CELLS = (
    Reference("2 replicas", "two at once", "2 tasks, both stopped at once", 35, headline=True, chosen_for=True),
    Reference("3 replicas", "one by one", "3 tasks, two stopped one by one", 0, headline=True),
    Reference("3 replicas", "all at once", "3 tasks, all stopped at once", 35),
    Reference("2 replicas", "one by one", "2 tasks, both stopped one by one, 90 s apart", 0),
)


def reference_of(stack: str, schedule: str) -> Reference | None:
    """The reference's result for a cell, where it has one."""
    return next((each for each in CELLS if (each.stack, each.schedule) == (stack, schedule)), None)
