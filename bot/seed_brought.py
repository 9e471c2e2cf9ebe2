"""Consultations of the made-up year with which more is done: their days, and how each begins."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.domain.business_time import TOKYO
from bot.organisation import Organisation
from bot.seed_deeds import Act, Acts, Cast, Do
from bot.seed_lives import Life
from bot.seed_words import Dice, a_case, read


class OpenDays:
    """The days on which the desk is open, counted from today."""

    def __init__(self, there: Organisation, now: datetime) -> None:
        self._calendar, self.today = there.calendar, now.astimezone(TOKYO).date()

    def on(self, n: int) -> date:
        """The nth open day after today, or before it."""
        day, step = self.today, timedelta(days=1 if n > 0 else -1)
        for _ in range(abs(n)):
            day += step
            while not self._calendar.periods(day):
                day += step
        return day

    def at(self, n: int, hour: int, minute: int = 0) -> datetime:
        """A time on that day."""
        return datetime.combine(self.on(n), time(hour, minute), TOKYO)


class Brought(Life, ABC):
    """A consultation somebody heard, which then goes on as `given` (an entry of `templates/seed/reviews.toml`) says."""

    def __init__(
        self, there: Organisation, cast: Cast, given: dict[str, Any], days: OpenDays, dice: Dice, name: str
    ) -> None:
        self.days, self.given = days, given
        received = days.at(given["heard"], 9, 20)
        supporter = given.get("supporter")
        super().__init__(
            dice, there, cast, a_case(dice, {given["kind"]: 1.0}), name=name, received=received, contacted=received,
            route="slack" if supporter else "phone", supporter=supporter, fate="brought",
        )  # fmt: skip
        self.holder = cast.counselors[given["holder"] % len(cast.counselors)]
        self.convener = cast.coordinators[0]

    def acts(self) -> Acts:
        """It is asked, called back and heard in a morning; and then?"""
        yield Act(self.received, self._ask, intake=True)
        yield Act(self.received + timedelta(minutes=6), self._claim(self.holder))
        called = self.received + timedelta(minutes=12)
        yield self._call(called, "reached")
        yield from self._heard(called)
        yield from sorted(self._onward(), key=lambda act: act.at)

    @abstractmethod
    def _onward(self) -> Sequence[Act]:
        """What is done with it once it was heard, in any order."""

    def _act_at(self, what: str, hour: int, do: Do, minute: int = 0) -> list[Act]:
        """The act, where it is given on which day."""
        return [Act(self.days.at(self.given[what], hour, minute), do)] if what in self.given else []

    def _next_on(self, at: datetime) -> date:  # noqa: ARG002 - whatever was done, it goes on
        return self.days.on(self.dice.randint(3, 9))


def all_brought(
    which: str, make: Callable[[dict[str, Any], OpenDays, Dice, str], Brought], days: OpenDays, seed: int
) -> list[Acts]:
    """Give the lives of one list of `templates/seed/reviews.toml`."""
    found = []
    for n, given in enumerate(read("reviews")[which]):
        name = f"{which}-{n}"
        found.append(make(given, days, Dice(f"{seed}:{name}"), name).acts())
    return found
