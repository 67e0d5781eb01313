"""Search through the load balancer at a constant rate and say what failed, second by second.

    .venv/bin/python -m infra.aws.watch "$(terraform -chdir=infra/aws output -raw url)" --seconds 300

Meanwhile, stop tasks (README.md). The load is the lab's: open-loop, and it never sends a request twice.
"""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from time import monotonic

from lab.load import OpenLoop, Result, Second, searches

TIMEOUT_S = 5.0


async def watch(url: str, *, rate: float, seconds: float, say: Callable[[str], None]) -> Result:
    """Search for so long; tells every second that had a failure, and at the end all of it."""
    async with OpenLoop(url, rate=rate, requests=searches(), timeout_s=TIMEOUT_S) as load:
        said = 0
        for second in range(1, int(seconds) + 1):
            await asyncio.sleep(max(0.0, load.started_s + second - monotonic()))
            # What was due by then has ended by now.
            ended = [each for each in load.result().per_second if said <= each.at_s < second - TIMEOUT_S]
            said += _tell(ended, say)
        result = await load.stop()
    _tell([each for each in result.per_second if each.at_s >= said], say)
    say(summary(result))
    return result


def summary(result: Result) -> str:
    """How many were sent, how many failed and why, and for how long nothing was answered."""
    reasons = ", ".join(f"{count} {reason}" for reason, count in result.failures.most_common())
    return (
        f"{result.sent} sent, {result.failed} failed{f' ({reasons})' if reasons else ''}, p99 {result.p99_ms:.0f} ms, "
        f"down for {downtime_s(result.per_second)} s, {len(result.by_replica)} tasks seen"
    )


def downtime_s(seconds: Sequence[Second]) -> int:
    """The longest run of seconds in which no request was answered."""
    longest = run = 0
    for second in seconds:
        run = 0 if second.answered else run + 1
        longest = max(longest, run)
    return longest


def _tell(seconds: Sequence[Second], say: Callable[[str], None]) -> int:
    for second in seconds:
        if second.failed:
            say(f"second {second.at_s}: {second.failed} of {second.sent} failed")
    return len(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="where the load balancer answers")
    parser.add_argument("--rate", type=float, default=20, help="searches a second (20)")
    parser.add_argument("--seconds", type=float, default=300, help="for how long (300)")
    given = parser.parse_args()
    asyncio.run(watch(given.url, rate=given.rate, seconds=given.seconds, say=print))


if __name__ == "__main__":
    main()
