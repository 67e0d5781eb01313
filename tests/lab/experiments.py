"""Small experiments for a fake stack, over in a few seconds."""

from typing import Any

from lab.experiment import Experiment

FREEZE = {"kind": "pause", "target": "products-3", "for": 0.4}
KILL = {"kind": "kill", "target": ["products-1", "products-2"], "for": 0.4}


def small(faults: list[dict[str, Any]], *expect: str, **more: Any) -> Experiment:
    """One side, searched 100 times a second."""
    return Experiment.model_validate(
        {
            "title": "A title",
            "hypothesis": "A hypothesis.",
            "load": {"rate": 100, "mix": {"search": 1}, "timeout_s": 30},
            "steady": {"warm_up_s": 0, "before_s": 1.5, "after_s": 0.5, "settle_s": 10},
            "faults": faults,
            "sides": [{"name": "one side", "expect": list(expect)}],
        }
        | more
    )
