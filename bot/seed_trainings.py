"""The trainings and meetings of the made-up year, from the draft to the question after three months.

Every act goes through the use case a person would press; what lies in the future is not played.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from bot.domain import check_in
from bot.domain.business_time import TOKYO
from bot.domain.refusals import Refused
from bot.domain.seats import Attendance, Participation, Place
from bot.domain.staff import Actor, Role
from bot.domain.training import Plan, Session, Stage, Training
from bot.organisation import Organisation
from bot.seed_deeds import Act, Acts, Do
from bot.seed_guests import Guest, guests_of, on_the_phone
from bot.seed_words import Dice, read
from bot.store.feedback import Said
from bot.usecases import attendance, certificates, feedback, meetings, rosters, seats, trainings
from bot.usecases.desk import Desk

ANNOUNCED_BEFORE = timedelta(days=32)
ONLINE = "https://example.jp/online/"


@dataclass(frozen=True, slots=True)
class Stretch:
    """The year that is played: its first day and its last moment."""

    start: date
    now: datetime


def events(
    there: Organisation, organizers: list[str], operators: list[str], year: Stretch, seed: int
) -> list[Acts]:
    """Give the life of every training of the year."""
    found: list[Acts] = []
    length = (year.now.date() - year.start).days
    staff = (
        Actor(organizers[0], frozenset({Role.ORGANIZER})),
        Actor(operators[0], frozenset({Role.OPERATOR})),
    )
    for n, given in enumerate(read("trainings")["held"]):
        day = year.start + timedelta(days=round(length * given["when"]))
        found.append(Event(there, staff, given, Dice(f"{seed}:training:{n}"), day, year, f"held-{n}").acts())
    for n, given in enumerate(read("trainings")["ahead"]):
        day = year.now.date() + timedelta(days=given["ahead"])
        found.append(Event(there, staff, given, Dice(f"{seed}:ahead:{n}"), day, year, f"ahead-{n}").acts())
    for n, given in enumerate(read("trainings")["drafts"]):
        day = year.now.date() + timedelta(days=60)
        found.append(Event(there, staff, given, Dice(f"{seed}:draft:{n}"), day, year, f"draft-{n}").draft())
    return found


@contextmanager
def codes_drawn_by(dice: Dice) -> Iterator[None]:
    """Let the codes of certificates fall as the dice do, so that the same seed makes the same papers."""
    before = certificates.DRAW
    certificates.DRAW = dice.choice
    try:
        yield
    finally:
        certificates.DRAW = before


class Event:
    """One training. `given`: its entry in `templates/seed/trainings.toml`; `day`: of its first session."""

    def __init__(
        self, there: Organisation, staff: tuple[Actor, Actor], given: dict[str, Any], dice: Dice, day: date,
        year: Stretch, name: str,
    ) -> None:  # fmt: skip
        self.there, self.given, self.dice, self.name, self.year = there, given, dice, name, year
        self.organizer, self.operator = staff
        self.words = read("trainings")
        self.id = ""
        self.acts_done = 0
        self.sessions = self._sessions(self._open_day(day))
        self.guests = guests_of(given, dice)

    # The course of it

    def draft(self) -> Acts:
        """A draft nobody has finished yet."""
        yield Act(self.year.now - timedelta(days=2, hours=3), self._plan)

    def acts(self) -> Acts:
        """Every act of this training, in order."""
        first, last = self.sessions[0], self.sessions[-1]
        begins = datetime.combine(self.year.start, time(9), TOKYO)
        announced = max(first.starts_at - ANNOUNCED_BEFORE, begins + timedelta(hours=1))
        found = [
            Act(max(announced - timedelta(days=2), begins), self._plan),
            Act(announced, self._announce),
            *self._asking(announced + timedelta(minutes=5), first.starts_at - timedelta(hours=20)),
        ]
        if self.given.get("invited"):
            found.append(Act(announced + timedelta(minutes=2), self._invite))
        if because := self.given.get("cancelled"):
            found.append(Act(first.starts_at - timedelta(hours=19), self._cancel(because)))
            yield from _in_order(found)
            return
        if self.given.get("moved"):
            found.append(Act(first.starts_at - timedelta(days=2), self._to_another_room))
        for session in self.sessions:
            found += self._on_the_day(session)
        found += self._afterwards(last.ends_at)
        yield from _in_order(found)

    def _asking(self, since: datetime, until: datetime) -> list[Act]:
        """People ask for seats, some give theirs back, and whoever is offered one answers, or does not."""
        found, span = [], until - since
        for guest in self.guests:
            at = since + span * (self.dice.random() ** 2 * 0.8)
            found.append(Act(at, self._join(guest)))
            if self.dice.happens(0.12):
                found.append(Act(at + (until - at) * self.dice.uniform(0.3, 0.9), self._leave(guest)))
        for part in (0.5, 0.7, 0.85, 0.95):
            found.append(Act(since + span * part, self._answer_offers))
        return found

    def _on_the_day(self, session: Session) -> list[Act]:
        found = []
        for guest in self.guests:
            if guest.person and self.dice.happens(0.9):
                at = session.starts_at + timedelta(
                    minutes=self.dice.randint(-25, 6), seconds=self.dice.randrange(50)
                )
                found.append(Act(at, self._check_in(guest)))
        if session is self.sessions[0] and self.dice.happens(0.5):
            found.append(Act(session.starts_at + timedelta(minutes=3), self._walk_in))
        found.append(Act(session.ends_at - timedelta(minutes=20), self._call_the_roll))
        return found

    def _afterwards(self, over: datetime) -> list[Act]:
        found = []
        for guest in self.guests:
            if self.dice.happens(0.8):
                found.append(Act(over + timedelta(hours=self.dice.uniform(1, 70)), self._certify(guest)))
            if guest.person and self.dice.happens(0.95):
                found.append(Act(over + timedelta(hours=self.dice.uniform(1, 90)), self._feed_back(guest)))
            if guest.person and self.dice.happens(0.6):
                found.append(
                    Act(over + timedelta(days=92, hours=self.dice.uniform(1, 40)), self._practice(guest))
                )
        if self.given["kind"] == "municipal_meeting":
            found.append(Act(over + timedelta(days=3), self._answer_questions))
            found.append(Act(over + timedelta(days=6), self._publish_minutes))
        return found

    # What the organizer does

    async def _plan(self, desk: Desk) -> None:
        made = await trainings.plan(desk, self.organizer, self._wanted(), once=self._once("plan"))
        self.id = made.id

    def _wanted(self) -> Plan:
        given = self.given
        words = {
            name: given.get(name, "")
            for name in ("title", "purpose", "audience", "place", "lecturers", "agenda", "materials")
        }
        starts = self.sessions[0].starts_at if given["sessions"] else None
        private = {"online": f"{ONLINE}{self.name}"} if "online" in given["seats"] else {}
        return Plan(
            kind=given["kind"],
            types=tuple(given["types"]),
            concerns=tuple(given["concerns"]),
            characteristics=tuple(given["characteristics"]),
            regions=tuple(given["regions"]),
            deadline=starts - timedelta(hours=18) if starts else None,
            seats=dict(given["seats"]),
            asks=tuple(given["asks"]),
            sessions=tuple(self.sessions) if given["sessions"] else (),
            words={**{name: text for name, text in words.items() if text}, "contact": self.words["contact"]},
            private=private,
        )

    async def _announce(self, desk: Desk) -> None:
        channel = self.there.channels.training or self.there.channels.coordinators
        await trainings.announce(desk, self.organizer, self.id, [channel])

    async def _invite(self, desk: Desk) -> None:
        await trainings.invite(desk, self.organizer, self.id, sorted(self.words["people"]))

    def _cancel(self, because: str) -> Do:
        async def cancel(desk: Desk) -> None:
            await trainings.cancel(desk, self.organizer, self.id, because)

        return cancel

    async def _to_another_room(self, desk: Desk) -> None:
        training = await self._training(desk)
        room = f"{training.plan.words['place']} 別室"
        wanted = replace(training.plan, words={**training.plan.words, "place": room})
        await trainings.change(desk, self.organizer, self.id, wanted)

    async def _walk_in(self, desk: Desk) -> None:
        guest = on_the_phone(self.given, self.dice)
        said = rosters.WalkIn(
            name=guest.said.name, agency=guest.said.agency, supporter_field=guest.said.supporter_field,
            organization_type=guest.said.organization_type, occupation=guest.said.occupation,
            municipality=guest.said.municipality,
        )  # fmt: skip
        await rosters.walk_in(desk, self.organizer, self.id, said, once=self._once("walk-in"))

    async def _call_the_roll(self, desk: Desk) -> None:
        """Whoever did not come is noted as away; everybody else as there."""
        now = desk.db.clock()
        session = check_in.nearest((await self._training(desk)).plan.sessions, now)
        parts, marks = await self._there(desk)
        marked = {each.participation for each in marks if each.session == session.id}
        for part in parts:
            if part.status is Place.CONFIRMED and part.id not in marked and self.dice.happens(0.22):
                status = Attendance(self.dice.weighed({"absent": 4, "excused": 4, "partial": 3}))
                await rosters.mark(desk, self.organizer, part.id, session.id, status)
        await rosters.mark_rest(desk, self.organizer, self.id, session.id)

    async def _answer_questions(self, desk: Desk) -> None:
        for asked in (await meetings.questions(desk, self.organizer, self.id)).questions:
            if self.dice.happens(0.85):
                said = meetings.Answer(self.dice.one(self.words["answers"]), self.words["answerer"])
                await meetings.answer(desk, self.organizer, asked.id, said, once=self._once("answer"))

    async def _publish_minutes(self, desk: Desk) -> None:
        link = self.words["minutes"].format(n=self.name)
        await meetings.publish_minutes(desk, self.organizer, self.id, link)

    # What guests do

    def _join(self, guest: Guest) -> Do:
        async def join(desk: Desk) -> None:
            if guest.person:
                await seats.join(desk, Actor(guest.person), self.id, guest.said)
            else:
                await seats.enter(desk, self.operator, self.id, guest.said, once=self._once("enter"))

        return join

    def _leave(self, guest: Guest) -> Do:
        async def leave(desk: Desk) -> None:
            part = await self._part(desk, guest)
            if part is not None:
                await seats.leave(desk, Actor(guest.person) if guest.person else self.operator, part.id)

        return leave

    async def _answer_offers(self, desk: Desk) -> None:
        parts, _ = await self._there(desk)
        for part in parts:
            open_ = part.offer_expires_at is not None and part.offer_expires_at > desk.db.clock()
            if part.status is Place.OFFERED and open_ and self.dice.happens(0.75):
                await seats.accept(desk, Actor(part.person) if part.person else self.operator, part.id)

    def _check_in(self, guest: Guest) -> Do:
        async def arrive(desk: Desk) -> None:
            part = await self._part(desk, guest)
            if part is not None and part.status is Place.CONFIRMED:
                code = await self._code(desk)
                await attendance.arrive(desk, Actor(str(guest.person)), part.id, code)

        return arrive

    async def _code(self, desk: Desk) -> str:
        """The digits on the screen at this moment."""
        session = check_in.nearest((await self._training(desk)).plan.sessions, desk.db.clock())
        async with desk.db.reading() as ask:
            seal = partial(ask.vault.fingerprint, "check_in")
            return check_in.screen_code(seal, session.id, ask.now)

    def _certify(self, guest: Guest) -> Do:
        async def certify(desk: Desk) -> None:
            part = await self._part(desk, guest)
            who = Actor(guest.person) if guest.person else self.operator
            if part is not None and await _earned(desk, who, part.id):
                await certificates.issue(
                    desk, who, part.id, guest.said.name or self._name_of(guest), once=self._once("paper")
                )

        return certify

    def _feed_back(self, guest: Guest) -> Do:
        async def say(desk: Desk) -> None:
            words, dice = self.words, self.dice
            if not await self._came(desk, guest):
                return
            said = Said(
                satisfaction=dice.weighed(words["satisfaction"]),
                usefulness=dice.weighed(words["usefulness"]),
                pace=dice.weighed(words["pace"]),
                wishes=dice.several(dict.fromkeys(words["wishes"], 1.0), 0, 2),
                words=dice.one(words["feedback"]) if dice.happens(0.4) else "",
            )
            await feedback.give(desk, Actor(str(guest.person)), self.id, said)

        return say

    def _practice(self, guest: Guest) -> Do:
        async def tap(desk: Desk) -> None:
            part = await self._part(desk, guest)
            if part is not None and await self._came(desk, guest):
                answer = self.dice.weighed(self.words["practice"])
                await feedback.practice(desk, Actor(str(guest.person)), part.id, answer)

        return tap

    # Who and when

    def _name_of(self, guest: Guest) -> str:
        return str(self.words["people"][guest.person]["name"])

    def _sessions(self, day: date) -> list[Session]:
        found = []
        for n, (hour, hours) in enumerate(self.given["sessions"]):
            at = datetime.combine(self._open_day(day + timedelta(days=14 * n)), time(0), TOKYO) + timedelta(
                hours=hour
            )
            found.append(Session(at, at + timedelta(hours=hours)))
        return found

    def _open_day(self, day: date) -> date:
        while not self.there.calendar.periods(day):
            day += timedelta(days=1)
        return day

    def _once(self, what: str) -> str:
        self.acts_done += 1
        return f"seed:training:{self.name}:{what}:{self.acts_done}"

    # Looking

    async def _training(self, desk: Desk) -> Training:
        async with desk.db.reading() as ask:
            return await ask.trainings.get(self.id)

    async def _there(self, desk: Desk) -> tuple[list[Participation], list[Any]]:
        async with desk.db.reading() as ask:
            return await ask.participations.of_training(self.id), await ask.participations.marks_of_training(
                self.id
            )

    async def _part(self, desk: Desk, guest: Guest) -> Participation | None:
        async with desk.db.reading() as ask:
            name, phone = guest.said.name, guest.said.phone
            attendee = guest.person or "p:" + await ask.keys.fingerprint(
                "attendee", seats.as_told(name, phone)
            )
            return await ask.participations.by_attendee(self.id, attendee)

    async def _came(self, desk: Desk, guest: Guest) -> bool:
        part = await self._part(desk, guest)
        training = await self._training(desk)
        _, marks = await self._there(desk)
        came = {
            each.participation for each in marks if each.status in {Attendance.ATTENDED, Attendance.PARTIAL}
        }
        return training.stage is not Stage.CANCELLED and part is not None and part.id in came


async def _earned(desk: Desk, who: Actor, part: str) -> bool:
    """Whether there is a paper for this."""
    try:
        await certificates.begin(desk, who, part)
    except Refused:
        return False
    return True


def _in_order(acts: list[Act]) -> Acts:
    return iter(sorted(acts, key=lambda each: each.at))
