"""Replicas that serve, fail and are replaced, in simulated time (SimPy), and for how long how many of them served.

A failed replica is replaced at once, whatever the minimum healthy says: that binds deployments only. The scheduler
starts replacements one after the other. A common cause leaves a replica that has already failed as it is: its
replacement is on the way. But as long as the cause lasts, nothing serves in a place that it struck.
"""

from collections import deque
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import simpy

from lab.model.setting import Setting

Steps = Generator[simpy.Event, Any, None]


@dataclass(eq=False)
class Replica:
    """One place in the fleet. `back` happens when its replacement serves, which is not before `struck_until_s`."""

    number: int
    zone: int
    serving: bool = True
    struck_until_s: float = 0.0
    back: simpy.Event | None = None
    life: simpy.Process | None = field(default=None, repr=False)


class Fleet:
    """All replicas of a setting."""

    def __init__(self, env: simpy.Environment, setting: Setting, random: Random) -> None:
        self.env = env
        self.setting = setting
        self.random = random
        self.replicas = [Replica(number, setting.zone_of(number)) for number in range(setting.replicas)]
        self.serving = setting.replicas
        self.outages = 0
        self._seconds_by_serving = [0.0] * (setting.replicas + 1)
        self._since_s = 0.0
        self._next_launch_s = 0.0
        self._restored = env.event()
        for replica in self.replicas:
            replica.life = env.process(self._life(replica))

    def seconds_by_serving(self) -> list[float]:
        """For how long 0, 1, 2, ... replicas served, up to now."""
        self._count()
        return list(self._seconds_by_serving)

    def seconds_below(self, threshold: int) -> float:
        """For how long fewer replicas served, up to now."""
        return sum(self.seconds_by_serving()[:threshold])

    def strike(self, replicas: Iterable[Replica], lasts_s: float = 0.0) -> None:
        """These fail now; their replacements start when `lasts_s` have passed."""
        for replica in replicas:
            replica.struck_until_s = max(replica.struck_until_s, self.env.now + lasts_s)
            if replica.serving:
                self._fail(replica)
                assert replica.life is not None
                replica.life.interrupt()

    def deploy(self) -> Steps:
        """Replace every replica in batches. Of each, at most `spare` stop before their successors serve.

        The others of a batch serve until their successors do. Lifetimes are exponential, so a replica's age does not
        matter and the model keeps the old one in place of such a successor.
        """
        room, waiting = self.setting.rollout, deque(self.replicas)
        while waiting:
            batch = [waiting.popleft() for _ in range(min(room.spare + room.surge, len(waiting)))]
            returns: list[simpy.Event] = []
            for replica in batch[: room.spare]:
                while replica.serving and self.serving <= room.keep:
                    yield self._restored
                self.strike([replica])
                assert replica.back is not None
                returns.append(replica.back)
            if started_first := batch[room.spare :]:
                returns.append(self.env.timeout(max(self._replacement_s() for _ in started_first)))
            yield self.env.all_of(returns)

    def _life(self, replica: Replica) -> Steps:
        per_s = self.setting.alone_per_s
        while True:
            try:
                yield self.env.timeout(self.random.expovariate(per_s) if per_s > 0 else float("inf"))
                self._fail(replica)
            except simpy.Interrupt:
                pass  # `strike` has made it fail
            yield from self._replacement(replica)
            self._restore(replica)

    def _replacement(self, replica: Replica) -> Steps:
        """Ends when a replacement serves. One that started before its place was struck again is lost."""
        while True:
            if (left_s := replica.struck_until_s - self.env.now) > 0:
                yield self.env.timeout(left_s)
            yield self.env.timeout(self._replacement_s())
            if self.env.now >= replica.struck_until_s:
                return

    def _replacement_s(self) -> float:
        """The wait in the scheduler's queue, and the replacement itself."""
        launch_s = max(self.env.now, self._next_launch_s)
        self._next_launch_s = launch_s + 1 / self.setting.launches_per_s
        return launch_s - self.env.now + self.setting.replacement.draw(self.random)

    def _fail(self, replica: Replica) -> None:
        self._count()
        replica.serving = False
        replica.back = self.env.event()
        self.outages += self.serving == self.setting.needed_min
        self.serving -= 1

    def _restore(self, replica: Replica) -> None:
        self._count()
        replica.serving = True
        self.serving += 1
        assert replica.back is not None
        replica.back.succeed()
        restored, self._restored = self._restored, self.env.event()
        restored.succeed()

    def _count(self) -> None:
        self._seconds_by_serving[self.serving] += self.env.now - self._since_s
        self._since_s = self.env.now
