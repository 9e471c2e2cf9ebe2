"""What is done about a made-up consultation: each deed an act at an instant, through the use case a person would press."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.domain.business_time import TOKYO
from bot.domain.casework import Contact
from bot.domain.events import Event
from bot.domain.staff import Actor, Role
from bot.organisation import Organisation
from bot.privacy import coarse
from bot.seed_words import Case, Dice, lacking, read
from bot.usecases import callbacks, closing, following, hearing, intake
from bot.usecases.desk import Desk
from bot.usecases.records import Said

Do = Callable[[Desk], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done at an instant."""

    at: datetime
    do: Do
    intake: bool = False


Acts = Iterator[Act]


@dataclass(frozen=True, slots=True)
class Cast:
    """Who works at the desk, and who asks by Slack."""

    operators: tuple[Actor, ...]
    counselors: tuple[Actor, ...]
    coordinators: tuple[Actor, ...]
    part_time: dict[str, list[int]]

    @classmethod
    def of(cls, roles: dict[str, list[str]], part_time: dict[str, list[int]]) -> "Cast":
        """Read who holds what: role → people."""

        def holders(role: Role) -> tuple[Actor, ...]:
            return tuple(Actor(each, frozenset({role})) for each in roles[role])

        return cls(holders(Role.OPERATOR), holders(Role.COUNSELOR), holders(Role.COORDINATOR), part_time)

    def counselor(self, dice: Dice, at: datetime, but: Actor | None = None) -> Actor:
        """Somebody who works on this day."""
        weekday = at.astimezone(TOKYO).weekday()
        there = [each for each in self.counselors if weekday in self.part_time.get(each.id, range(7))]
        return dice.one([each for each in there if each != but] or list(self.coordinators))


class Deeds:
    """What is done about one consultation, each as an act. `received`: when the desk learns of it; aware."""

    def __init__(
        self, dice: Dice, there: Organisation, cast: Cast, case: Case, *, name: str, received: datetime,
        contacted: datetime, route: str, supporter: str | None, fate: str,
    ) -> None:  # fmt: skip
        self.dice, self.there, self.cast, self.case, self.name = dice, there, cast, case, name
        self.received, self.contacted, self.route = received, contacted, route
        self.supporter, self.fate = supporter, fate
        self.words = read("words")
        self.id = self.number = ""
        self.other = ""  # the id of the intake that came in twice
        self.record = ""  # the id of the newest anonymized record
        self.acts_done = 0
        self.used: list[str] = []  # what was done, as dispositions
        self.holder = cast.counselors[0]
        self.region: str | None = None
        self.next_on = received.date()
        self.request = self._request()

    def _later(self, at: datetime, least: int, most: int) -> datetime:
        """So many open minutes later, to an odd second."""
        after = self.there.calendar.add_open_minutes(at, self.dice.randint(least, max(least, most)))
        return after + timedelta(seconds=self.dice.randrange(50))

    def _on(self, day: date) -> datetime:
        """Some time in open hours on this day, or on the next open one."""
        base = datetime.combine(day, time(0), TOKYO)
        return self._later(base, 20, 440)

    def _once(self, what: str) -> str:
        self.acts_done += 1
        return f"seed:{self.name}:{what}:{self.acts_done}"

    def _request(self) -> intake.Request:
        dice, words = self.dice, self.words
        own: dict[str, str] = words["supporters"].get(self.supporter or "", {})
        danger = self.fate == "usual" and dice.happens(0.02)
        if self.fate in {"waits", "begun"}:
            urgency = "u3"
        elif self.case.kind == "training":
            urgency = "u5"
        else:
            urgency = "u1" if danger and dice.happens(0.6) else dice.weighed(words["urgency"])
        story = self.case.story if dice.happens(0.8) else dice.one(words["short"])
        told = dice.happens(0.75)  # what an operator learns at once
        return intake.Request(
            concerns=self.case.concerns[:3],
            urgency=urgency,
            contact=self._contact(),
            best_times=("any",) if dice.happens(0.4) else dice.several(words["best_times"], 1, 2),
            wishes=dice.several(words["wishes"], 0, 2),
            privacy=tuple(sorted(dice.several(words["privacy"], 0, 2))),
            story=dice.one(words["dangers"]) if danger else story,
            supporter_field=own.get("supporter_field") or (self.case.supporter_field if told else None),
            organization_type=own.get("organization_type") or (self.case.organization_type if told else None),
            occupation=own.get("occupation") or (self.case.occupation if told else None),
            municipality=own.get("municipality") or (self._place() if told else None),
            route=self.route,
            contacted_at=None if self.route == "slack" else self.contacted,
        )

    def _contact(self) -> Contact:
        dice, words = self.dice, self.words
        return Contact(
            name=dice.one(words["names"]) if dice.happens(0.7) else "",
            agency=dice.one(words["agencies"]) if dice.happens(0.5) else "",
            phone=dice.one(words["phones"]).format(n=dice.randrange(10_000)),
            callable=dice.one(words["callables"]) if dice.happens(0.15) else "",
        )

    def _place(self) -> str:
        weights = self.words["municipalities"]
        return self.dice.weighed(
            {each.code: weights.get(each.code, 3) for each in self.there.places.options()}
        )

    async def _ask(self, desk: Desk) -> None:
        once = self._once("intake")
        if self.route == "slack" and self.supporter:
            c = await intake.receive(desk, Actor(self.supporter), self.request, once=once)
        else:
            who = self.dice.one(self.cast.operators)
            if self.route in {"meeting", "outreach"}:
                who = self.cast.counselor(self.dice, self.received)
            c = await intake.enter(desk, who, self.request, once=once, supporter=self.supporter)
        self.id, self.number = c.id, c.number

    def _claim(self, who: Actor) -> Do:
        async def claim(desk: Desk) -> None:
            await callbacks.claim(desk, who, self.id)

        return claim

    def _assign(self, who: Actor) -> Do:
        async def assign(desk: Desk) -> None:
            await callbacks.assign(desk, self.cast.coordinators[0], self.id, who.id)

        return assign

    def _release(self, who: Actor) -> Do:
        note = self.dice.one(self.words["handovers"])

        async def release(desk: Desk) -> None:
            await callbacks.release(desk, who, self.id, note)

        return release

    def _call(self, at: datetime, outcome: str, next_try: datetime | None = None) -> Act:
        who, dice = self.holder, self.dice
        note = dice.one(self.words["calls"]) if next_try and dice.happens(0.5) else ""

        async def call(desk: Desk) -> None:
            async with desk.db.transaction(who) as tx:  # nobody calls without looking
                await tx.audit.record(Event.DETAILS_READ, self.id)
            await callbacks.call(
                desk, who, self.id, outcome=outcome, next_try_at=next_try, note=note, once=self._once("call")
            )

        return Act(at, call)

    async def _keep_trying(self, desk: Desk) -> None:
        await callbacks.keep_trying(desk, self.cast.coordinators[0], self.id)

    def _next_on(self, at: datetime) -> date:
        day = at.astimezone(TOKYO).date() + timedelta(days=self.dice.choice((5, 7, 7, 10, 14, 14, 21, 28)))
        while not self.there.calendar.periods(day):
            day += timedelta(days=1)
        return day

    def _hearing(self, at: datetime, minutes: int) -> hearing.Heard:
        case = self.case
        self.next_on = self._next_on(at)
        return hearing.Heard(
            concerns=case.concerns,
            characteristics=case.characteristics,
            formulation=case.formulation if self.dice.happens(0.8) else "",
            advice=case.advices[0],
            next_action=self.dice.one(self.words["next_actions"]),
            next_on=self.next_on,
            minutes=minutes,
            supporter_field=self.request.supporter_field or case.supporter_field,
            organization_type=self.request.organization_type or case.organization_type,
            occupation=self.request.occupation or case.occupation,
            municipality=self.request.municipality or self._place(),
            lacking=lacking(f"{self.name}:{self.received.isoformat()}"),
        )

    def _draft(self, heard: hearing.Heard, who: Actor) -> Do:
        begun = {"concerns": list(heard.concerns), "formulation": heard.formulation}

        async def draft(desk: Desk) -> None:
            await hearing.save_draft(desk, who, self.id, "hearing", begun)

        return draft

    def _planned(self) -> datetime:
        """When what was agreed is done: on the day, a little before, or, seldom, after it."""
        days = self.dice.choices((-2, -1, 0, 2, 5), (10, 15, 69, 4, 2))[0]
        return self._on(self.next_on + timedelta(days=days))

    def _work(self, at: datetime, n: int) -> hearing.Done:
        dice, words = self.dice, self.words
        kind = dice.weighed(words["activity_types"])
        away = kind in {"outreach", "accompany", "case_review"}
        places = {
            "outreach": "workplace",
            "accompany": "city_hall",
            "case_review": "public_hall",
            "online": "online",
        }
        place = places.get(kind, "desk" if kind == "interview" else None)
        if kind in {"outreach", "case_review", "interview"}:
            self.used.append(kind)
        several = kind in {"case_review", "accompany", "outreach"}
        people = (
            dict.fromkeys(dice.sample(("colleague", "manager", "municipality", "partner"), 2), 1)
            if several
            else {}
        )
        travel = words["travel"].get(self.region or "", 40)
        return hearing.Done(
            type=kind,
            happened_on=at.astimezone(TOKYO).date(),
            summary=dice.one(words["summaries"]),
            advice=self.case.advices[(n + 1) % len(self.case.advices)] if dice.happens(0.7) else "",
            next_action=dice.one(words["next_actions"]),
            next_on=self.next_on,
            place=place,
            people={"supporter": 1, "counselor": 1, **people},
            minutes=dice.choice((20, 30, 45, 60, 90, 120)) if kind != "email" else 15,
            travel_minutes=travel + dice.randrange(-5, 16) if away else None,
            travel_region=self.region if away else None,
        )

    def _act(self, done: hearing.Done, who: Actor) -> Do:
        async def act(desk: Desk) -> None:
            await hearing.act(desk, who, self.id, done, once=self._once("activity"))

        return act

    def _answer(self, answer: str, heaviness: str) -> Do:
        supporter = Actor(self.supporter or "")

        async def tap(desk: Desk) -> None:
            async with desk.db.reading() as ask:
                asked = [each for each in await ask.casework.followups_of(self.id) if each.answer is None]
            for each in asked[-1:]:
                await following.answer(desk, supporter, self.id, each.id, answer=answer)
                await following.answer(desk, supporter, self.id, each.id, heaviness=heaviness)

        return tap

    def _withdrawn(self, at: datetime) -> Act:
        async def withdraw(desk: Desk) -> None:
            who = Actor(self.supporter) if self.supporter else self.cast.coordinators[0]
            await closing.withdraw(desk, who, self.id)

        return Act(at, withdraw)

    def _record(self) -> dict[str, str]:
        """The words of the record: what was kept, which names nobody."""
        return {
            "situation": self.request.story,
            "formulation": self.case.formulation,
            "advice": self.case.advices[0],
            "outcome": self.dice.one(self.words["outcomes"]),
        }

    def _said(self) -> Said:
        """What the person who confirms the record says with it."""
        words = f"{self.request.story}\n{self.case.formulation}"
        return Said(
            age_band=coarse.age_band(words, self.case.characteristics),
            sex=coarse.sex(words) or self.dice.one(("female", "male", None)),
            household=coarse.household(words, self.case.characteristics),
            theme=self.request.concerns[0] if self.request.concerns else None,
            agreement=self.dice.weighed({"not_needed": 5, "supporter": 3, "person": 2}),
            offered=self.dice.happens(0.35),
        )


def counted(dice: Dice, cast: Cast, at: datetime) -> Act:
    """Something that came in and was no consultation."""
    words = read("words")
    kind, route = dice.weighed(words["counted"]), dice.weighed({"phone": 8, "email": 1, "fax": 1})
    who, name = dice.one(cast.operators), f"seed:count:{dice.getrandbits(64):x}"

    async def count(desk: Desk) -> None:
        await intake.count(desk, who, kind=kind, route=route, at=at, once=name)

    return Act(at, count)
