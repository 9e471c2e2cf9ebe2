"""Trainings for tests: a plan, an announced training, and people who join it, on the running desk of `tests.desk`."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.seats import Participation
from bot.domain.training import Plan, Session, Training
from bot.usecases import seats, trainings
from tests.desk import TRAINING, Desk

ORGANIZER = "U_KONDO"
CHANGED = "の内容が変わりました"
PEOPLE = [f"U_{name}" for name in ("TAKAGI", "SATO", "SUZUKI", "MORI", "YAMAMOTO", "TANAKA")]


def a_plan(now: datetime, *, days: float = 14, hours: float = 3, **changes: Any) -> Plan:
    """An ordinary plan: one session `days` ahead at 13:00 Tokyo (the clock starts at 10:00), thirty seats in a room."""
    starts = now.replace(hour=4, minute=0, second=0, microsecond=0) + timedelta(days=days)
    words = {
        "title": "ダブルケアを支える", "purpose": "ダブルケアの世帯を、分野をこえて支える見方を学びます。",
        "audience": "湖東・湖北の相談支援にあたる方", "place": "彦根市福祉センター 2階会議室", "lecturers": "湖北 みずほ",
        "contact": "滋賀県社会福祉士会 研修担当",
    }  # fmt: skip
    plan = Plan(
        kind="workshop", types=("lecture", "exercise"), concerns=("multi_pro",), characteristics=("double_care",),
        regions=("koto", "kohoku"), seats={"onsite": 30}, words=words,
        deadline=starts - timedelta(days=4),
        sessions=(Session(starts, starts + timedelta(hours=hours)),),
    )  # fmt: skip
    return replace(plan, **changes)


async def given_draft(desk: Desk, **changes: Any) -> Training:
    """A draft of an organizer."""
    actor = await desk.actor(ORGANIZER)
    made = await trainings.plan(desk.bot.desk, actor, a_plan(desk.clock.now, **changes), once=desk.once())
    await desk.settle()
    return made


async def given_announced(desk: Desk, **changes: Any) -> Training:
    """A training announced in the channel for trainings."""
    made = await given_draft(desk, **changes)
    out = await trainings.announce(desk.bot.desk, await desk.actor(ORGANIZER), made.id, [TRAINING])
    await desk.settle()
    return out


async def joined(desk: Desk, training: Training, *people: str, **said: Any) -> list[Participation]:
    """These people ask for a seat, one after the other."""
    found = []
    for person in people:
        actor = await desk.actor(person)
        found.append(await seats.join(desk.bot.desk, actor, training.id, seats.Joining(**said)))
    await desk.settle()
    return found


async def now(desk: Desk, training: Training) -> Training:
    """The training as it is kept now."""
    async with desk.db.reading() as ask:
        return await ask.trainings.get(training.id)


async def newcomers(desk: Desk, many: int) -> list[str]:
    """So many more members of the workspace, in the channel for trainings."""
    people = [f"U_N{number:02d}" for number in range(1, many + 1)]
    admin = desk.person("U_ADMIN")
    for each in people:
        await admin.change_person(each, name=each.lower())
    there = list(desk.workspace.world.channels[TRAINING].members)
    await admin.change_channel(TRAINING, members=[*there, *people])
    return people


async def parts(desk: Desk, training: Training) -> list[Participation]:
    """Everybody who ever answered, in the order they asked."""
    async with desk.db.reading() as ask:
        return await ask.participations.of_training(training.id)


async def part_of(desk: Desk, training: Training, person: str) -> Participation:
    """Somebody's part in a training."""
    return next(each for each in await parts(desk, training) if each.person == person)


async def by_status(desk: Desk, training: Training) -> dict[str, list[str]]:
    """Who is where: status → people, in the order they asked. Who has no Slack is `phone`."""
    found: dict[str, list[str]] = {}
    for each in await parts(desk, training):
        found.setdefault(str(each.status), []).append(each.person or "phone")
    return found


async def by_phone(
    desk: Desk, training: Training, name: str = "彦根 はる", phone: str = "0749-22-1234", **given: Any
) -> Participation:
    """An operator enters somebody who called."""
    said = seats.Joining(name=name, phone=phone, **given)
    part = await seats.enter(desk.bot.desk, await desk.actor("U_TANAKA"), training.id, said, once=desk.once())
    await desk.settle()
    return part


async def messages_about(desk: Desk, person: str, sentence: str = CHANGED) -> list[str]:
    """What somebody was told in the direct message with this sentence in it."""
    return [each for each in await desk.person(person).texts() if sentence in each]
