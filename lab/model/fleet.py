"""Replicas that serve, fall and are replaced, in simulated time; and for how long fewer served than it takes.

A replica that falls is replaced whatever the minimum healthy says, which binds deployments only. Replacements are
launched one after the other, at the scheduler's pace. What a common cause finds fallen already it leaves as it is: that
one's replacement is on its way, in another place. But while the cause lasts nothing serves in a place that it struck.
"""

from collections import deque
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import simpy

from lab.model.setting import Setting

Steps = Generator[simpy.Event, Any, None]


@dataclass
class Below:
    """How long fewer served than `threshold`, in all and each time that it was over."""

    threshold: int
    seconds: float = 0.0
    lengths_s: list[float] = field(default_factory=list)
    began_s: float = 0.0


@dataclass(eq=False)
class Replica:
    """One place among the replicas; `back` happens when its next occupant serves, `struck_until_s` it cannot."""

    number: int
    zone: int
    serving: bool = True
    struck_until_s: float = 0.0
    back: simpy.Event | None = None
    life: simpy.Process | None = field(default=None, repr=False)


class Fleet:
    """All replicas of a setting; `down`, `degraded` and `missing` say how it went up to the last `settle`."""

    def __init__(self, env: simpy.Environment, setting: Setting, random: Random) -> None:
        self.env = env
        self.setting = setting
        self.random = random
        self.replicas = [Replica(number, setting.zone_of(number)) for number in range(setting.replicas)]
        self.serving = setting.replicas
        self.seconds_by_serving = [0.0] * (setting.replicas + 1)
        self.down = Below(setting.needed_min)
        self.degraded = Below(setting.needed)
        self.missing = Below(setting.replicas)
        self._since_s = 0.0
        self._next_launch_s = 0.0
        self._risen = env.event()
        for replica in self.replicas:
            replica.life = env.process(self._life(replica))

    def knock_out(self, replicas: Iterable[Replica], lasts_s: float = 0.0) -> None:
        """These fail now, and what would take their places can do so only when `lasts_s` have passed."""
        for replica in replicas:
            replica.struck_until_s = max(replica.struck_until_s, self.env.now + lasts_s)
            if replica.serving:
                self._fall(replica)
                assert replica.life is not None
                replica.life.interrupt()

    def deploy(self) -> Steps:
        """Replace every replica, in batches, of which no more stop before their successors serve than may be missing.

        The others of a batch serve until their successors do, so that they are never missed: a new life begins unseen.
        """
        room, waiting = self.setting.rollout, deque(self.replicas)
        while waiting:
            batch = [waiting.popleft() for _ in range(min(room.spare + room.surge, len(waiting)))]
            returns: list[simpy.Event] = []
            for replica in batch[: room.spare]:
                while replica.serving and self.serving <= room.keep:
                    yield self._risen
                self.knock_out([replica])
                assert replica.back is not None
                returns.append(replica.back)
            if first := batch[room.spare :]:
                returns.append(self.env.timeout(max(self._until_launched_and_up_s() for _ in first)))
            yield self.env.all_of(returns)
            self._renew(first)

    def _renew(self, replicas: Iterable[Replica]) -> None:
        """Others are in the places of these now, without a gap; that shows only where failures know a replica's age."""
        for replica in replicas:
            if replica.serving and self.setting.shape != 1:
                assert replica.life is not None
                replica.life.interrupt()

    def settle(self) -> Mapping[str, Below]:
        """Count up to now."""
        elapsed_s = self.env.now - self._since_s
        self._since_s = self.env.now
        self.seconds_by_serving[self.serving] += elapsed_s
        for below in (self.down, self.degraded, self.missing):
            if self.serving < below.threshold:
                below.seconds += elapsed_s
        return {"down": self.down, "degraded": self.degraded, "missing": self.missing}

    def _life(self, replica: Replica) -> Steps:
        while True:
            try:
                yield self.env.timeout(self.setting.time_to_failure.draw(self.random))
                self._fall(replica)
            except simpy.Interrupt:
                # Whoever interrupts has let it fall, or has put a new one in the place of one that serves.
                if replica.serving:
                    continue
            yield from self._replacement(replica)
            self._rise(replica)

    def _replacement(self, replica: Replica) -> Steps:
        """Until one stands that can serve: what was launched before its place was struck cannot."""
        while True:
            if (left_s := replica.struck_until_s - self.env.now) > 0:
                yield self.env.timeout(left_s)
            yield self.env.timeout(self._until_launched_and_up_s())
            if self.env.now >= replica.struck_until_s:
                return

    def _fall(self, replica: Replica) -> None:
        self.settle()
        replica.serving = False
        replica.back = self.env.event()
        for below in (self.down, self.degraded, self.missing):
            if self.serving == below.threshold:
                below.began_s = self.env.now
        self.serving -= 1

    def _rise(self, replica: Replica) -> None:
        self.settle()
        replica.serving = True
        self.serving += 1
        for below in (self.down, self.degraded, self.missing):
            if self.serving == below.threshold:
                below.lengths_s.append(self.env.now - below.began_s)
        assert replica.back is not None
        replica.back.succeed()
        risen, self._risen = self._risen, self.env.event()
        risen.succeed()

    def _until_launched_and_up_s(self) -> float:
        """A place in the scheduler's queue, and the replacement itself."""
        launch_s = max(self.env.now, self._next_launch_s)
        self._next_launch_s = launch_s + 1 / self.setting.launches_per_s
        return launch_s - self.env.now + self.setting.replacement.draw(self.random)
