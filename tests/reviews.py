"""Reviews for tests: people who sit in them, and the steps by which one is brought about, through the desk's own acts."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar

from bot.domain.expert import Expert
from bot.domain.review import Format, Plan, Says, Stage
from bot.domain.staff import THE_CLOCK, Role
from bot.practice.person import words
from bot.usecases import people, review_desk, review_polls, review_times, reviews

TOKYO = ZoneInfo("Asia/Tokyo")
CONVENER, HOLDER = "U_YAMAMOTO", "U_SATO"
PSY, ACADEMIC, OTHER = "U_HAYASHI", "U_OKADA", "U_MORI"
SITTING = {PSY: Role.EXPERT_PSY, ACADEMIC: Role.EXPERT_ACADEMIC}
PLAN = Plan(
    format=Format.PCAGIP,
    minutes=90,
    quorum={"psychology": 1, "academic": 1},
    apart=("agency", "municipality"),
    question="どう声をかけると、また会ってもらえるか",
    place="2階の会議室",
)
DEADLINE = datetime(2026, 11, 30, 17, tzinfo=TOKYO)


def at(day: int, hour: int = 10, minute: int = 0, month: int = 12) -> datetime:
    """A time in December 2026, Tokyo."""
    return datetime(2026, month, day, hour, minute, tzinfo=TOKYO)


TWO = (at(3), at(4))


async def given_experts(desk, **more: Role) -> None:
    """People with an expert's role; `more`: others."""
    for person, role in {**SITTING, **more}.items():
        await people.grant(desk.bot.desk, THE_CLOCK, person, role)


async def stated(desk, staff: str, **facts) -> None:
    """Somebody states something about themselves."""
    async with desk.db.transaction(THE_CLOCK) as tx:
        known: Expert = await tx.experts.get(staff)
        await tx.experts.keep(replace(known, **facts))


async def given_review(desk, plan: Plan = PLAN, **consultation) -> str:
    """A review that was convened of a consultation 佐藤 holds; its id."""
    number = await desk.given_heard(HOLDER, **consultation)
    actor = await desk.actor(CONVENER)
    review = await reviews.convene(desk.bot.desk, actor, await desk.id_of(number), plan, once=desk.once())
    await desk.settle()
    return review.id


async def given_people(desk, review: str, required=(), optional=(PSY, ACADEMIC)) -> None:
    """Some are chosen."""
    actor = await desk.actor(CONVENER)
    for asked, those in (("required", required), ("optional", optional)):
        for each in those:
            await reviews.seat(desk.bot.desk, actor, review, each, asked=asked)
    await desk.settle()


async def given_poll(desk, starts=TWO, deadline: datetime = DEADLINE, plan: Plan = PLAN, **people_) -> str:
    """A review whose slots are asked about; its id."""
    review = await given_review(desk, plan)
    await given_people(desk, review, **people_)
    await review_polls.poll(desk.bot.desk, await desk.actor(CONVENER), review, list(starts), None, deadline)
    await desk.settle()
    return review


async def slots_of(desk, review: str) -> list[str]:
    """The ids of its slots that stand, in order of time."""
    async with desk.db.reading() as ask:
        return [each.id for each in await ask.reviews.slots(review) if not each.withdrawn]


async def answers(desk, review: str, person: str, says: str, note: str = "") -> None:
    """Somebody says ○ △ or × to each slot, as in "○×△"."""
    marks = {"○": Says.YES, "△": Says.MAYBE, "×": Says.NO}
    said = {slot: marks[mark] for slot, mark in zip(await slots_of(desk, review), says, strict=True)}
    await review_polls.answer(desk.bot.desk, await desk.actor(person), review, said, note)
    await desk.settle()


async def given_fixed(desk, **more) -> str:
    """A review on the third of December at ten, with everybody; its id."""
    review = await given_poll(desk, **more)
    for person in await invited(desk, review):
        await answers(desk, review, person, "○" * len(await slots_of(desk, review)))
    await fixes(desk, review, 0)
    return review


async def fixes(desk, review: str, number: int) -> None:
    """The coordinator fixes this slot of those that stand."""
    slot = (await slots_of(desk, review))[number]
    await review_times.fix(desk.bot.desk, await desk.actor(CONVENER), review, slot)
    await desk.settle()


async def invited(desk, review: str) -> list[str]:
    """Who is still among those invited."""
    async with desk.db.reading() as ask:
        return [each.staff for each in await ask.reviews.seats(review) if each.there]


async def attending(desk, review: str) -> set[str]:
    """Who is expected."""
    async with desk.db.reading() as ask:
        return {each.staff for each in await ask.reviews.seats(review) if each.attends}


async def review_of(desk, review: str):
    """The review as it is kept."""
    async with desk.db.reading() as ask:
        return await ask.reviews.get(review)


async def board(desk, review: str):
    """How it stands for the coordinator."""
    async with desk.db.reading() as ask:
        return await review_desk.board(ask, await desk.actor(CONVENER), review)


async def stage_of(desk, review: str) -> Stage:
    """Where it is."""
    return (await review_of(desk, review)).stage


def hours(many: float) -> timedelta:
    """So many."""
    return timedelta(hours=many)


async def before(person) -> str:
    """All that stands in the window before somebody."""
    await person.desk.settle()
    return words(await person.top_view())


async def calendars(desk, person: str) -> list[icalendar.Calendar]:
    """The calendar files somebody was sent, in order."""
    await desk.settle()
    kept = desk.workspace.world.files
    sent = [each for one in await desk.person(person).messages("bot") for each in one.get("files") or ()]
    return [
        icalendar.Calendar.from_ical(kept[each["id"]].body) for each in sent if each["name"].endswith(".ics")
    ]


def told_by(calendar: icalendar.Calendar):
    """What it says: its method, its sequence, when it begins, and of which event."""
    [event] = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), int(event["SEQUENCE"]), event.decoded("dtstart"), str(event["UID"])


async def said_to(desk, person: str, words_: str) -> int:
    """How many messages to somebody hold these words."""
    await desk.settle()
    return sum(words_ in words(each) for each in await desk.person(person).messages("bot"))


async def chooses(person, menu: str, value: str) -> None:
    """Choose `value` (its end) in the menu that offers it."""
    view = await person.top_view()
    for block in view["blocks"]:
        for element in [*block.get("elements", ()), block.get("accessory")]:
            if not element or element.get("action_id", "").split("#")[0] != menu:
                continue
            for option in element["options"]:
                if option["value"].endswith(value):
                    await person.press(
                        action_id=element["action_id"], block_id=block.get("block_id"), view_id=view["id"],
                        choice=option["value"],
                    )  # fmt: skip
                    await person.desk.settle()
                    return
    raise AssertionError(value)
