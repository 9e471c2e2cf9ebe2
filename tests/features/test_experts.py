"""専門職の都合: stated by themselves, described by coordinators, and over when the role is taken back."""

from datetime import datetime, time, timedelta

import pytest

from bot.domain.business_time import TOKYO
from bot.domain.directory import Agency
from bot.domain.expert import EXPERTS, NotAnExpert, free_at
from bot.domain.refusals import Changed, NotAllowed
from bot.domain.review import Discipline
from bot.domain.staff import THE_CLOCK, Role
from bot.usecases import directory, experts, people
from bot.usecases.experts import Stated
from tests.running import ROLES

PSY = "U_KITAMURA"
TEAM = {person for role in EXPERTS for person in ROLES[role]}
NOTHING = {"off": (), "since": None, "until": None, "most": None, "ways": ("online",), "version": 0}


@pytest.fixture
async def asked(desk):
    """The desk, with a psychologist."""
    await people.grant(desk.bot.desk, THE_CLOCK, PSY, Role.EXPERT_PSY)
    await desk.settle()
    return desk


async def _known(desk, staff=PSY):
    async with desk.db.reading() as ask:
        return await ask.experts.get(staff)


async def _all(desk):
    async with desk.db.reading() as ask:
        return {each.staff: each for each in await ask.experts.all(ask.now) if each.staff not in TEAM}


async def test_an_expert_says_when_they_can_from_their_home(asked):
    desk = asked
    await desk.kitamura.open_home()
    await desk.kitamura.presses("expert.own", where="home")
    answer = await desk.kitamura.fills_and_sends(
        tue="13時〜17時", fri="9:00-12:00、13:30-16:00", off_since="2026-12-28", off_until="2027-01-04", most="6", ways=["online"]
    )  # fmt: skip
    assert not answer.get("errors")

    assert "お預かりしました" in await desk.kitamura.reads("view")
    known = await _known(desk)
    assert known.hours[1] == ((time(13), time(17)),)
    assert len(known.hours[4]) == 2 and set(known.hours) == {1, 4}
    assert len(known.days_off) == 8 and known.most == 6 and known.ways == ("online",)
    assert known.discipline is Discipline.PSYCHOLOGY
    tuesday = datetime(2026, 12, 1, 13, tzinfo=TOKYO)
    assert free_at(known, tuesday, tuesday + timedelta(hours=4))
    assert not free_at(known, tuesday, tuesday + timedelta(hours=5))
    assert (await desk.trail()).count("expert.stated") == 1

    await desk.kitamura.close(clear=True)
    await desk.kitamura.command("/都合", "")
    shown = await desk.kitamura.reads("view")
    assert "13時〜17時" in shown and "9時〜12時、13時30分〜16時" in shown and "12月28日(月)" in shown
    await desk.kitamura.fills_and_sends(tue="", off=["2026-12-28"])
    known = await _known(desk)
    assert set(known.hours) == {4}
    assert [day.isoformat() for day in known.days_off] == ["2026-12-28"]


async def test_hours_that_cannot_be_read_are_refused_on_their_day_and_nothing_is_lost(asked):
    desk = asked
    await desk.kitamura.command("/都合", "")
    answer = await desk.kitamura.fills_and_sends(mon="9-12", wed="午後ならいつでも")

    assert "13時〜17時" in await desk.kitamura.refused(answer)
    assert [name.split("~")[0] for name in answer["errors"]] == ["wed"]
    assert await desk.how_many("experts") == 0
    await desk.kitamura.fills_and_sends(wed="13-17")
    assert set((await _known(desk)).hours) == {0, 2}


async def test_nobody_writes_for_another_but_a_coordinator(asked):
    desk = asked
    stated = Stated(hours={0: ((time(9), time(12)),)}, **NOTHING)
    for person in ("U_SATO", "U_TANAKA", "U_TAKAGI", "U_KONDO"):
        actor = await desk.actor(person)
        with pytest.raises(NotAllowed):
            await experts.state(desk.bot.desk, actor, PSY, stated)
        with pytest.raises(NotAllowed):
            await experts.of(desk.bot.desk, actor, PSY)
        with pytest.raises(NotAllowed):
            await experts.everybody(desk.bot.desk, actor)
    with pytest.raises(NotAllowed):  # nor do experts write what they belong to
        await experts.describe(
            desk.bot.desk, await desk.actor(PSY), PSY, agency=None, municipalities=(), honorarium=9, version=0
        )

    await experts.state(desk.bot.desk, await desk.actor("U_YAMAMOTO"), PSY, stated)
    await experts.state(desk.bot.desk, await desk.actor("U_YAMAMOTO"), PSY, stated)  # pressed twice

    assert (await _known(desk)).version == 1
    assert (await desk.trail()).count("expert.stated") == 1
    with pytest.raises(Changed):
        await experts.state(desk.bot.desk, await desk.actor(PSY), PSY, Stated(hours={}, **NOTHING))


async def test_a_coordinator_notes_what_somebody_belongs_to(asked):
    desk = asked
    actor = await desk.actor("U_YAMAMOTO")
    day = desk.clock.now.date() + timedelta(days=99)
    agency = await directory.keep_agency(
        desk.bot.desk,
        actor,
        Agency("", "みずうみ大学 心理学研究室", "other", "252026", confirm_on=day),
        once="1",
    )
    await desk.yamamoto.open_home()
    await desk.yamamoto.presses("expert.list", where="home")
    assert "検討会にお声がけできる方は *5人* です" in await desk.yamamoto.reads("view")
    await desk.yamamoto.presses("expert.facts", PSY, where="view")
    await desk.yamamoto.fills_and_sends(municipalities=["252026", "252034"], agency=agency.id, honorarium="0")

    known = await _known(desk)
    assert (known.agency, known.municipalities, known.honorarium) == (agency.id, ("252026", "252034"), 0)
    shown = await desk.yamamoto.reads("view")
    assert "所属 みずうみ大学 心理学研究室" in shown and "かかわりのある市町 彦根市、長浜市" in shown
    assert "謝金なし" in shown and "都合はまだうかがっていません" in shown
    await desk.yamamoto.presses("expert.own", PSY, where="view")
    assert f"<@{PSY}>さんの都合を、代わりに書きます" in await desk.yamamoto.reads("view")


async def test_counselors_and_supervisors_sit_in_where_something_is_stated(asked):
    desk = asked
    assert set(await _all(desk)) == {PSY}
    await desk.yamamoto.command("/都合", "")
    await desk.yamamoto.presses("expert.facts", "-", where="view")
    answer = await desk.yamamoto.fills_and_sends(person="U_TAKAGI")
    assert "役割をお持ちの方から選んでください" in await desk.yamamoto.refused(answer)
    await desk.yamamoto.fills_and_sends(person="U_SATO", honorarium="5000")

    found = await _all(desk)
    assert set(found) == {PSY, "U_SATO"}
    assert found["U_SATO"].discipline is Discipline.SOCIAL_WORK


async def test_who_lost_the_role_keeps_the_facts_and_is_asked_no_more(asked):
    desk = asked
    stated = Stated(hours={1: ((time(9), time(12)),)}, **NOTHING)
    await experts.state(desk.bot.desk, await desk.actor(PSY), PSY, stated)
    await people.revoke(desk.bot.desk, THE_CLOCK, PSY, Role.EXPERT_PSY)

    known = await _known(desk)
    assert not known.active and known.hours == stated.hours
    assert await _all(desk) == {}
    tuesday = datetime(2026, 12, 1, 9, tzinfo=TOKYO)
    assert not free_at(known, tuesday, tuesday + timedelta(hours=1))
    with pytest.raises(NotAnExpert):
        await experts.state(desk.bot.desk, await desk.actor("U_YAMAMOTO"), PSY, stated)
    with pytest.raises(NotAllowed):
        await experts.of(desk.bot.desk, await desk.actor(PSY), PSY)

    await people.grant(desk.bot.desk, THE_CLOCK, PSY, Role.EXPERT_ACADEMIC)
    assert (await _all(desk))[PSY].discipline is Discipline.ACADEMIC
    assert (await _all(desk))[PSY].hours == stated.hours
