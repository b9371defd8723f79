"""A rate limit as most providers keep it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Budget:
    """So many points in so many seconds, counted from the first. `ends` is in Unix seconds."""

    seconds: float
    points: int
    ends: float = 0.0
    used: int = 0

    def take(self, points: int, now: float) -> bool:
        """Whether there are so many left. What is asked for beyond them counts as used, too."""
        if now >= self.ends:
            self.ends, self.used = now + self.seconds, 0
        self.used += points
        return self.used <= self.points

    @property
    def remaining(self) -> int:
        return max(0, self.points - self.used)
