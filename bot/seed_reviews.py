"""The case reviews of the made-up year, one in every stage, and the reading of advice: through the acts people press."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

from bot import codes
from bot.domain.advice_review import TOPIC, NothingToRead
from bot.domain.review import Format, Plan, Says
from bot.domain.review_papers import Issue
from bot.domain.staff import Actor, Role
from bot.organisation import Organisation
from bot.seed_brought import Brought, OpenDays, all_brought
from bot.seed_deeds import Act, Acts, Cast
from bot.seed_words import Dice, read
from bot.usecases import (
    advice_reviews,
    briefs,
    review_collecting,
    review_desk,
    review_notes,
    review_polls,
    review_times,
    reviews,
    sittings,
)
from bot.usecases.advice_reviews import RUBRIC, Said
from bot.usecases.desk import Desk

ROLES = ("facilitator", "adviser", "board_writer")  # of the experts, in the order in which they are asked
EXPERTS = (Role.EXPERT_SW, Role.EXPERT_PSY, Role.EXPERT_ACADEMIC, Role.EXPERT_LEGAL)


def entries(
    there: Organisation, cast: Cast, roles: dict[str, list[str]], days: OpenDays, seed: int
) -> list[Acts]:
    """Give the lives of every consultation that is brought to a review."""
    experts = [Actor(each, frozenset({role})) for role in EXPERTS for each in roles.get(role, ())]
    return all_brought("reviews", partial(Convened, there, cast, experts), days, seed)


def readings(cast: Cast, roles: dict[str, list[str]], days: OpenDays, seed: int) -> list[Acts]:
    """Give the readings of advice, as far as there is anything to read."""
    readers = (*roles[Role.COUNSELOR], *(each for role in EXPERTS for each in roles.get(role, ())))
    return [
        Reading(cast.coordinators[0], readers, given, days, Dice(f"{seed}:read:{n}"), f"read-{n}").acts()
        for n, given in enumerate(read("reviews")["read"])
    ]


class Convened(Brought):
    """One consultation that is brought to a review, until the stage that is given."""

    def __init__(
        self, there: Organisation, cast: Cast, experts: list[Actor], given: dict[str, Any], days: OpenDays,
        dice: Dice, name: str,
    ) -> None:  # fmt: skip
        super().__init__(there, cast, given, days, dice, name)
        self.experts = experts
        self.review = ""

    def _onward(self) -> Sequence[Act]:
        acts = [
            *self._act_at("wanted", 10, self._want),
            *self._act_at("convened", 14, self._convene),
            *self._act_at("polled", 11, self._poll),
            *self._act_at("polled", 13, self._say_when),
            *self._act_at("briefed", 11, self._write, 40),
            *self._act_at("briefed", 15, self._approve_page),
            *self._act_at("cancelled", 10, self._cancel),
        ]
        if self.given["stage"] in {"fixed", "held", "approved"}:
            acts.append(Act(self.days.at(self.given["deadline"], 9, 30), self._fix))
        if self.given["stage"] in {"held", "approved"}:
            day, hour = self.given["slots"][0]
            begins = self.days.at(day, hour, 30)
            acts += [
                Act(begins - timedelta(minutes=40), self._print),
                Act(begins, self._begin),
                Act(begins + timedelta(minutes=self.given["minutes"] - 4), self._end),
                Act(begins + timedelta(minutes=self.given["minutes"] + 25), self._take_notes),
            ]
        acts += self._act_at("approved", 10, self._approve_notes)
        acts += self._act_at("approved", 11, self._collect)
        acts += self._act_at("advised", 10, self._advise)
        done = [task["done"] for task in self.given.get("tasks", ()) if "done" in task]
        return [*acts, *(Act(self.days.at(day, 11), self._do) for day in done)]

    async def _want(self, desk: Desk) -> None:
        await reviews.want(desk, self.holder, self.id)

    async def _convene(self, desk: Desk) -> None:
        given = self.given
        plan = Plan(
            format=Format(given["format"]), minutes=given["minutes"], question=given["question"],
            place=given["place"], quorum={"social_work": 1},
        )  # fmt: skip
        made = await reviews.convene(desk, self.convener, self.id, plan, once=self._once("review"))
        self.review = made.id
        async with desk.db.reading() as ask:
            board = await review_desk.board(ask, self.convener, self.review)
        free = {each.staff for each in board.members if each.conflict is None}
        chosen = [each for each in self.experts if each.id in free][: read("reviews")["apart"] + 1]
        for expert, role in zip(chosen, ROLES, strict=False):
            asked = "required" if role == "facilitator" else "optional"
            await reviews.seat(desk, self.convener, self.review, expert.id, asked=asked, role=role)

    async def _poll(self, desk: Desk) -> None:
        starts = [self.days.at(day, hour, 30) for day, hour in self.given["slots"]]
        deadline = self.days.at(self.given["deadline"], 17 if self.given["stage"] == "polling" else 9)
        await review_polls.poll(desk, self.convener, self.review, starts, None, deadline)

    async def _say_when(self, desk: Desk) -> None:
        """Everybody says when they can; where it is still open, whoever is to advise has not yet."""
        async with desk.db.reading() as ask:
            seats = await ask.reviews.there(self.review)
            slots = [each.id for each in await ask.reviews.slots(self.review)]
        silent = "adviser" if self.given["stage"] == "polling" else ""
        for n, person in enumerate(each.staff for each in seats if each.role != silent):
            says = dict.fromkeys(slots, Says.YES)
            if n:
                says[slots[-1]] = self.dice.one((Says.YES, Says.MAYBE, Says.NO))
            note = self.dice.one(read("reviews")["notes"]) if n == 1 else ""
            await review_polls.answer(desk, self._of(person), self.review, says, note)

    async def _fix(self, desk: Desk) -> None:
        async with desk.db.reading() as ask:
            first = min(await ask.reviews.slots(self.review))
        await review_times.fix(desk, self.convener, self.review, first.id)

    async def _cancel(self, desk: Desk) -> None:
        await review_times.cancel(desk, self.convener, self.review, "few")

    async def _write(self, desk: Desk) -> None:
        on = self.days.on(self.given["heard"] + 1)
        brief = self.given["brief"]
        await briefs.keep(desk, self.holder, self.review, brief, "subject_oral", on, version=-1)

    async def _approve_page(self, desk: Desk) -> None:
        async with desk.db.reading() as ask:
            page = await ask.review_papers.brief(await ask.reviews.get(self.review))
        if page is not None:
            await briefs.approve(desk, self.convener, self.review, page.version)

    async def _begin(self, desk: Desk) -> None:
        await sittings.begin(desk, self.convener, self.review)

    async def _end(self, desk: Desk) -> None:
        await sittings.end(desk, self.convener, self.review)

    async def _take_notes(self, desk: Desk) -> None:
        given, who = self.given, self.holder
        await review_notes.keep_issue(desk, who, self.review, 0, "", Issue(**given["issue"]))
        if given["dissent"]:
            seen = review_notes.digest(Issue(""))
            await review_notes.keep_dissent(desk, who, self.review, seen, given["dissent"])
        async with desk.db.reading() as ask:
            came = [each.staff for each in await ask.reviews.seats(self.review) if each.attends]
        expert = next((each for each in came if each != who.id), who.id)
        for task in given["tasks"]:
            whose = {"holder": who.id, "expert": expert}[task["who"]]
            due = self.days.on(task["due"])
            await review_notes.keep_task(desk, who, self.review, "", task["text"], whose, due)

    async def _print(self, desk: Desk) -> None:
        await briefs.print_out(desk, self.convener, self.review, once=self._once("print"))

    async def _collect(self, desk: Desk) -> None:
        await review_collecting.collect(desk, self.convener, self.review)

    async def _approve_notes(self, desk: Desk) -> None:
        book = await review_notes.look(desk, self.convener, self.review)
        if book.notes is not None:
            await review_notes.approve(desk, self.convener, self.review, book.notes.version)

    async def _advise(self, desk: Desk) -> None:
        await review_notes.advise(desk, self.holder, self.review, self.given["advice"])

    async def _do(self, desk: Desk) -> None:
        """The last task is done."""
        async with desk.db.reading() as ask:
            task = (await ask.review_papers.tasks(await ask.reviews.get(self.review)))[-1]
        await review_notes.do(desk, self._of(task.staff), task.id)

    def _of(self, person: str) -> Actor:
        """Somebody who sits in the review, with their role."""
        those = (*self.experts, *self.cast.counselors, *self.cast.coordinators)
        return next(each for each in those if each.id == person)


class Reading:
    """One アドバイス内容の検討会. `given`: its entry in `templates/seed/reviews.toml`."""

    def __init__(
        self,
        leader: Actor,
        readers: tuple[str, ...],
        given: dict[str, Any],
        days: OpenDays,
        dice: Dice,
        name: str,
    ) -> None:
        self.leader, self.readers, self.given, self.days, self.dice = leader, readers, given, days, dice
        self.name, self.words = name, read("reviews")["reading"]
        kinds = {"model": self.words["models"], "topic": self.words["topics"]}
        self.unsaid = [(kind, each) for kind, those in kinds.items() for each in those]
        dice.shuffle(self.unsaid)
        self.review = ""

    def acts(self) -> Acts:
        """It is opened, read, and maybe summed up."""
        yield Act(self.days.at(self.given["opened"], 10), self._open)
        yield Act(self.days.at(self.given["opened"] + 1, 16), self._read)
        if "closed" in self.given:
            yield Act(self.days.at(self.given["closed"], 10), self._close)

    async def _open(self, desk: Desk) -> None:
        last = self.days.on(self.given["opened"])
        since = last - timedelta(days=self.given["since"])
        with suppress(NothingToRead):  # of a few consultations, none may be closed yet
            opened = await advice_reviews.open_review(
                desk, self.leader, since, last, 1, self.readers, once=f"seed:{self.name}"
            )
            self.review = opened.id

    async def _read(self, desk: Desk) -> None:
        for reader in self.readers:
            async with desk.db.reading() as ask:
                samples = [
                    s.record for s in await ask.advice_reviews.to_read(reader) if s.review == self.review
                ]
            for record in samples[: round(len(samples) * self.given["share"])]:
                answers = {
                    each: self.dice.weighed(self.words["answers"]) for each in codes.load(RUBRIC).codes
                }
                finds = self.unsaid and self.dice.happens(0.3)
                kind, words = self.unsaid.pop() if finds else (None, "")
                who = Actor(reader, frozenset({Role.COUNSELOR}))
                await advice_reviews.answer(desk, who, record, Said(answers, kind, words))

    async def _close(self, desk: Desk) -> None:
        """It is summed up: what is a good sentence is kept, the first topic is for a training."""
        if not self.review:
            return
        board = await advice_reviews.close(desk, self.leader, self.review)
        for finding in board.findings:
            if finding.kind == "model":
                await advice_reviews.keep_model(desk, self.leader, finding.id, finding.text, finding.theme)
        for finding in [each for each in board.findings if each.kind == "topic"][:1]:
            await advice_reviews.settle(desk, self.leader, finding.id, TOPIC)
