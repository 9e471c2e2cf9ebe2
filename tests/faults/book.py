"""An independent book of the seats of one training: what every act has to come to, worked out in the plainest way.

It shares nothing with `bot.domain.seats`: who asked is a list, whoever asked later stands further down.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

ORGANIZER = "U_KONDO"
HOLDING = ("offered", "confirmed")
WITHIN = (*HOLDING, "waitlisted")

Told = tuple[str, str, str]  # to whom, which words, about whose seat


@dataclass
class Line:
    """What one person has. `slack`: can be told; `until`: until when an offer stands."""

    slack: bool
    format: str
    state: str
    until: datetime | None = None
    beside: bool = False  # was let in at the door, beside the seats


@dataclass
class Book:
    """One training. `expires(now, starts)` says until when an offer made now stands."""

    seats: dict[str, int]
    starts: datetime
    ends: datetime
    deadline: datetime | None
    expires: Callable[[datetime, datetime], datetime]
    stage: str = "announced"
    lines: dict[str, Line] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)  # in the order they asked last
    told: list[Told] = field(default_factory=list)  # since somebody last looked
    noted: list[tuple[str, str]] = field(default_factory=list)  # event, whose

    # Questions

    def closed(self, now: datetime) -> str:
        """Why nobody can join, or nothing."""
        if self.stage != "announced":
            return self.stage
        if now >= self.starts:
            return "begun"
        return "deadline" if self.deadline and now > self.deadline else ""

    def within(self, who: str) -> bool:
        """Whether somebody has a seat, an offer or a place in the queue."""
        return who in self.lines and self.lines[who].state in WITHIN

    def everybody_within(self) -> list[str]:
        """All of those, in the order they asked."""
        return [who for who in self.asked if self.within(who)]

    def waiting(self, format_: str) -> list[str]:
        """The queue."""
        return [who for who in self.asked if self._has(who, "waitlisted", format_)]

    def free(self, format_: str) -> int:
        """Seats nobody has; plenty where there is no limit."""
        if self.seats[format_] == 0:
            return 10**6
        return self.seats[format_] - sum(
            self._has(who, state, format_) and not line.beside
            for who, line in self.lines.items()
            for state in HOLDING
        )

    def _has(self, who: str, state: str, format_: str) -> bool:
        line = self.lines[who]
        return line.state == state and line.format == format_

    # Acts; each gives the name of its refusal, or nothing

    def join(
        self, now: datetime, who: str, format_: str | None, *, slack: bool = True, late: bool = False
    ) -> str:
        """Ask for a seat. `late`: let in after the deadline."""
        if slack and format_ is None and self.within(who) and not late:
            return ""
        closed = self.closed(now)
        if closed and not (late and closed == "deadline"):
            return "NotOpen"
        before = self.lines.get(who)
        again = before is not None and before.format in self.seats
        wanted = format_ or (before.format if before and again else next(iter(self.seats)))
        if wanted not in self.seats:
            return "NoSuchFormat"
        if before and self.within(who) and before.format == wanted:
            return ""
        at_once = self.free(wanted) > 0 and not self.waiting(wanted)
        waits = bool(before) and before.state == "waitlisted" and before.format in self.seats
        if before and (before.state in HOLDING or waits) and not at_once:
            return "NoSeatThere"
        self.lines[who] = Line(slack, wanted, "confirmed" if at_once else "waitlisted")
        self.asked = [*(each for each in self.asked if each != who), who]
        self._say("seat_confirmed" if at_once else "seat_waitlisted", who)
        self.noted.append(("seat.joined" if at_once else "seat.waitlisted", who))
        if before and before.state in HOLDING and not before.beside:
            self._pass_on(now)
        return ""

    def decline(self, now: datetime, who: str) -> str:
        """Cannot come."""
        if self.within(who):
            return self.leave(now, who)
        if who in self.lines and self.lines[who].state == "declined":
            return ""
        if self.closed(now) not in {"", "deadline"}:
            return "NotOpen"
        if who not in self.lines:
            self.lines[who] = Line(True, next(iter(self.seats)), "")
            self.asked.append(who)
        self.lines[who].state = "declined"
        self.noted.append(("seat.declined", who))
        return ""

    def leave(self, now: datetime, who: str) -> str:
        """Give back."""
        if not self.within(who):
            return ""
        if self.closed(now) not in {"", "deadline"}:
            return "NotOpen"
        self._becomes(who, "cancelled")
        self._say("seat_given_up", who)
        self.noted.append(("seat.given_up", who))
        self._pass_on(now)
        return ""

    def walk_in(self, now: datetime, who: str) -> str:
        """Come unannounced: whoever has a seat sits down, anybody else is let in beside the seats."""
        if self.stage == "cancelled":
            return "StageTooLate"
        if not self.starts - timedelta(hours=1) <= now <= self.ends:
            return "NotToday"
        line = self.lines.setdefault(who, Line(True, next(iter(self.seats)), ""))
        if who not in self.asked:
            self.asked.append(who)
        line.beside = line.beside or line.state not in HOLDING
        line.state, line.until = "confirmed", None
        self.noted.append(("seat.joined", who))
        return ""

    def accept(self, now: datetime, who: str) -> str:
        """Take what was offered."""
        line = self.lines[who]
        if line.state == "confirmed":
            return ""
        if self.closed(now) not in {"", "deadline"}:
            return "NotOpen"
        if line.state != "offered" or (line.until and line.until <= now):
            return "NoOffer"
        self._becomes(who, "confirmed")
        self._say("seat_confirmed", who)
        self.noted.append(("seat.taken", who))
        return ""

    def change(
        self, now: datetime, *, seats: dict[str, int], starts: datetime, ends: datetime, news: set[str]
    ) -> str:
        """Another plan. `news`: what is new in it for those who joined."""
        self.starts, self.ends, self.seats = starts, ends, seats
        within = self.everybody_within()
        self.noted.append(("training.changed", ""))
        self._say_all("training_changed", [who for who in within if self._hears(who, news)])
        self._pass_on(now)
        return ""

    def _hears(self, who: str, news: set[str]) -> bool:
        """The room is the news of those who come to it, the address of those online; the rest is everybody's."""
        format_ = self.lines[who].format
        if format_ not in self.seats:
            return bool(news)
        return bool(news - {"place", "online"} | news & {{"onsite": "place", "online": "online"}[format_]})

    def cancel(self) -> str:
        """It is off."""
        within = self.everybody_within()
        self.stage = "cancelled"
        for who in within:
            self._becomes(who, "cancelled")
        self._say_all("training_cancelled", within)
        self.noted.append(("training.cancelled", ""))
        return ""

    def tick(self, now: datetime) -> None:
        """What the clock brings about at this moment, however late it asks."""
        if self.stage != "announced":
            return
        late = [who for who in self.asked if self.lines[who].state == "offered" and self._ran_out(who, now)]
        for who in sorted(late, key=lambda each: (self.lines[each].until, self.asked.index(each))):
            if self.lines[who].until == self.starts:
                continue  # it ends with the beginning, and in vain
            self._becomes(who, "lapsed")
            self._say_all("seat_lapsed", [who])
            self.noted.append(("seat.lapsed", who))
            self._pass_on(now)
        if now >= self.starts:
            in_vain = [who for who in self.everybody_within() if self.lines[who].state != "confirmed"]
            for who in in_vain:
                self._becomes(who, "lapsed")
                self.noted.append(("seat.lapsed", who))
            self._say_all("seat_in_vain", in_vain)
        if now >= self.ends:
            self.stage = "held"
            self.noted.append(("training.held", ""))

    def _ran_out(self, who: str, now: datetime) -> bool:
        until = self.lines[who].until
        return until is not None and until <= min(now, self.starts)

    def _pass_on(self, now: datetime) -> None:
        if self.stage != "announced" or now >= self.starts:
            return
        for format_ in self.seats:
            while self.free(format_) > 0 and (queue := self.waiting(format_)):
                line = self.lines[queue[0]]
                line.state, line.until = "offered", self.expires(now, self.starts)
                self._say("seat_offered", queue[0])
                self.noted.append(("seat.offered", queue[0]))
                if not line.slack:
                    self.told.append((ORGANIZER, "seat_to_call", queue[0]))

    def _becomes(self, who: str, state: str) -> None:
        self.lines[who].state, self.lines[who].until = state, None

    def _say(self, words: str, who: str) -> None:
        if self.lines[who].slack:
            self.told.append((who, words, who))

    def _say_all(self, words: str, people: list[str]) -> None:
        for who in people:
            self._say(words, who)
        if any(not self.lines[who].slack for who in people):
            self.told.append((ORGANIZER, "people_to_call", ""))
