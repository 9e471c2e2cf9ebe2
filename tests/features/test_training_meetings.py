"""Meetings: who is asked to come, which municipality has answered, and minutes."""

import pytest

from bot.domain.refusals import NotYourRole
from bot.domain.training import Plan
from bot.usecases import meetings, seats, trainings
from handlers.forms import Answers
from handlers.training_form import plan_of
from tests.desk import TRAINING
from tests.meetings import (
    HIKONE,
    NAGAHAMA,
    OTSU,
    asks,
    given_held,
    given_meeting,
    questions_of,
    there,
    trail_of,
)
from tests.trainings import ORGANIZER, given_announced, given_draft, joined, now


async def test_people_are_asked_by_name_once_and_those_asked_may_ask_questions(desk):
    training = await given_meeting(desk)

    await desk.kondo.presses_anyway("invite.open", training.id)
    await desk.kondo.fills_and_sends(people=["U_TAKAGI", "U_KITAMURA"], municipality=HIKONE)

    assert "2人に、出席をお願いしました" in await desk.kondo.reads("view")
    await desk.kondo.close(clear=True)
    await desk.kondo.presses_anyway("invite.open", training.id)
    assert "これまでに2人" in await desk.kondo.reads("view")
    await desk.kondo.fills_and_sends(people=["U_TAKAGI", "U_SUZUKI"])
    again = await desk.kondo.reads("view")
    assert "1人に、出席をお願いしました" in again
    assert "1人には、前にお願いしてありました" in again
    for person in (desk.takagi, desk.kitamura, desk.suzuki):
        assert (await person.reads()).count(training.title) == 1
    assert training.title not in await desk.mori.reads()  # the control: nobody else

    await asks(desk, training, "U_KITAMURA", "別の者が出てもよいですか。")
    (asked,) = await questions_of(desk, training)
    assert asked.municipality == HIKONE


async def test_guests_strangers_and_leavers_are_not_asked_to_come(sqlite_desk):
    desk = sqlite_desk
    training = await given_meeting(desk)

    for stranger in ("U_GUEST", "U_STRANGER", "U_GONE"):
        await desk.kondo.presses_anyway("invite.open", training.id)
        refused = await desk.kondo.fills_and_sends(people=["U_TAKAGI", stranger])
        assert "メンバーの方ではない" in refused["errors"]["people~0"]
        await desk.kondo.close(clear=True)

    assert await desk.how_many("training_invitees") == 0


async def test_only_organizers_ask_people_to_come_and_only_while_it_is_open(sqlite_desk):
    desk = sqlite_desk
    draft, training = await given_draft(desk), await given_meeting(desk)
    await desk.tanaka.presses_anyway("invite.open", training.id)
    await desk.kondo.presses_anyway("invite.open", draft.id)
    await desk.kondo.presses_anyway("invite.open", training.id)
    await given_held(desk, training)
    await desk.kondo.fills_and_sends(people=["U_TAKAGI"])

    assert "研修担当" in (await desk.tanaka.whispers("bot"))[0]
    assert await desk.tanaka.top_view() is None
    assert len(await desk.kondo.whispers("bot")) == 1
    assert await desk.how_many("training_invitees") == 0
    with pytest.raises(NotYourRole):
        await trainings.invite(desk.bot.desk, await desk.actor("U_TANAKA"), training.id, ["U_TAKAGI"])


async def test_the_municipalities_are_counted_by_what_they_answered(desk):
    training = await given_meeting(desk)
    organizer = await desk.actor(ORGANIZER)
    await trainings.invite(desk.bot.desk, organizer, training.id, ["U_KITAMURA"], NAGAHAMA)
    await trainings.invite(desk.bot.desk, organizer, training.id, ["U_SUZUKI"], OTSU)
    await trainings.invite(desk.bot.desk, organizer, training.id, ["U_MORI"])

    await desk.kondo.presses_anyway("meeting.towns", training.id)
    before = (await desk.kondo.reads("view")).replace("*", "")
    await desk.kondo.close(clear=True)
    await joined(desk, training, "U_TAKAGI", "U_SATO", municipality=HIKONE)
    await seats.decline(desk.bot.desk, await desk.actor("U_KITAMURA"), training.id)
    await seats.enter(
        desk.bot.desk, await desk.actor("U_TANAKA"), training.id,
        seats.Joining(name="町田 通", phone="077-561-3811", municipality="252069"), once=desk.once(),
    )  # fmt: skip
    await desk.settle()
    await desk.kondo.presses_anyway("meeting.towns", training.id)
    after = (await desk.kondo.reads("view")).replace("*", "")

    assert "19市町のうち、0から返事がありました。" in before
    assert "19市町のうち、3から返事がありました。" in after
    assert "出席 2、欠席 1、まだのところ 16" in after
    assert "出席のお返事は3人です。" in after
    lines = after.split("\n")
    coming, cannot, silent = (
        lines.index(each) for each in ("出席の返事", "欠席の返事", "まだお返事のない市町")
    )
    where = {line.split("　")[0]: number for number, line in enumerate(lines) if line.startswith("・")}
    assert coming < where["・彦根市"] < cannot
    assert "2人　<@U_TAKAGI>さん、<@U_SATO>さん" in lines[where["・彦根市"]]
    assert "1人　Slackのない方1人" in lines[where["・草津市"]]
    assert "町田" not in after
    assert "お願いしていないところ：近江八幡市、守山市" in after
    assert cannot < where["・長浜市"] < silent
    assert silent < where["・大津市"]
    assert "<@U_SUZUKI>" in lines[where["・大津市"]]
    assert "<@U_MORI>" in lines[where["・市町のわからない方"]]
    assert "roster.read" in await trail_of(desk, training)


async def test_after_it_was_held_who_was_there_comes_first(desk):
    training = await given_meeting(desk, municipalities=(HIKONE, NAGAHAMA, OTSU))
    hikone = await joined(desk, training, "U_TAKAGI", "U_SATO", municipality=HIKONE)
    await joined(desk, training, "U_KITAMURA", municipality=NAGAHAMA)
    held = await given_held(desk, training)
    await desk.kondo.presses_anyway("meeting.towns", training.id)
    unmarked = await desk.kondo.reads("view")
    await desk.kondo.close(clear=True)

    await there(desk, held, hikone[0])
    await desk.kondo.presses_anyway("meeting.towns", training.id)
    told = (await desk.kondo.reads("view")).replace("*", "")

    assert "当日の出席は、まだ記録されていません" in unmarked
    assert "3市町のうち、2から返事がありました。" in told
    assert "当日の出席は1人でした。1市町から来てくださいました。" in told
    lines = told.split("\n")
    assert lines[lines.index("出席した市町") + 1] == "・彦根市　1人　<@U_TAKAGI>さん"
    assert lines[lines.index("申込みがあり、出席の記録がない市町") + 1].startswith("・長浜市　1人")
    assert lines[lines.index("まだお返事のない市町") + 1] == "まだどなたにもお願いしていないところ：大津市"
    assert not await desk.kondo.has("invite.open", where="view")


async def test_a_meeting_of_two_regions_expects_their_municipalities_only(sqlite_desk):
    desk = sqlite_desk
    training = await given_meeting(desk, regions=("koto", "kohoku"))
    workshop = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI", municipality=OTSU)

    await desk.kondo.presses_anyway("meeting.towns", training.id)
    told = (await desk.kondo.reads("view")).replace("*", "")
    await desk.kondo.close(clear=True)
    await desk.kondo.presses_anyway("meeting.towns", workshop.id)

    assert "7市町のうち、0から返事がありました。" in told
    assert "・大津市　1人　<@U_TAKAGI>さん" in told
    assert "市町のうち" not in await desk.kondo.reads("view")


@pytest.mark.parametrize(
    ("kind", "chosen", "asked"),
    [
        ("municipal_meeting", [], ("municipality",)),
        ("municipal_meeting", ["agency"], ("agency",)),
        ("workshop", [], ()),
    ],
)
def test_a_meeting_of_municipalities_asks_for_the_municipality_where_nothing_else_was_chosen(
    kind, chosen, asked
):
    answers = Answers({"kind": kind, "asks": chosen}, {})

    assert plan_of(answers, Plan(), whole=False).plan.asks == asked


async def test_somebody_is_counted_where_they_said_they_come_from_before(sqlite_desk):
    desk = sqlite_desk
    earlier, training = await given_announced(desk), await given_meeting(desk)
    await joined(desk, earlier, "U_TAKAGI", municipality=HIKONE)
    await joined(desk, training, "U_TAKAGI", "U_KITAMURA")

    await desk.kondo.presses_anyway("meeting.towns", training.id)
    told = await desk.kondo.reads("view")

    assert "・彦根市　1人　<@U_TAKAGI>さん" in told
    assert "・市町のわからない方　1人　<@U_KITAMURA>さん" in told


async def test_minutes_are_told_once_to_those_who_were_there_or_were_asked(desk):
    training = await given_meeting(desk)
    organizer = await desk.actor(ORGANIZER)
    await trainings.invite(desk.bot.desk, organizer, training.id, ["U_SUZUKI"], OTSU)
    parts = await joined(desk, training, "U_TAKAGI", "U_KITAMURA")
    await desk.kondo.presses_anyway("meeting.minutes", training.id)
    early = (await desk.kondo.whispers("bot"))[-1]
    held = await given_held(desk, training)
    await there(desk, held, parts[0])

    await desk.kondo.presses_anyway("meeting.questions", training.id)
    await desk.kondo.presses("meeting.minutes", training.id, where="view")
    wrong = await desk.kondo.fills_and_sends(minutes="共有フォルダー")
    await desk.kondo.fills_and_sends(minutes="https://example.org/minutes?a=1&b=2")

    assert "まだ終わっていない会" in early
    assert "リンクのようには見えませんでした" in wrong["errors"]["minutes~0"]
    assert "お知らせしました" in await desk.kondo.reads("view")
    for person, heard in ((desk.takagi, 1), (desk.suzuki, 1), (desk.kitamura, 0), (desk.mori, 0)):
        told = await person.reads()
        assert told.count("議事録ができました") == heard
        assert "example.org" not in told
    await desk.takagi.presses("meeting.answers", training.id, where="bot")
    assert "https://example.org/minutes?a=1&amp;b=2" in str(await desk.takagi.top_view())

    await meetings.publish_minutes(desk.bot.desk, organizer, training.id, "https://example.org/better")
    await there(desk, held, parts[1])
    await meetings.publish_minutes(desk.bot.desk, organizer, training.id, "https://example.org/better")
    await desk.settle()
    assert (await desk.takagi.reads()).count("議事録ができました") == 1
    assert (await desk.kitamura.reads()).count("議事録ができました") == 1  # marked later, told then
    assert (await now(desk, training)).plan.private["minutes"] == "https://example.org/better"
    assert "example.org" not in str(await desk.rows("SELECT * FROM trainings"))  # sealed


async def test_minutes_written_into_the_plan_of_what_was_held_are_told_as_well(sqlite_desk):
    desk = sqlite_desk
    training = await given_meeting(desk)
    await joined(desk, training, "U_TAKAGI")
    held = await given_held(desk, training)
    organizer = await desk.actor(ORGANIZER)
    plan = held.plan

    for private in ({}, {"minutes": "https://example.org/m"}, {"minutes": "https://example.org/m"}):
        changed = type(plan)(**{**{name: getattr(plan, name) for name in plan.__slots__}, "private": private})
        await trainings.change(desk.bot.desk, organizer, training.id, changed)
    await desk.settle()

    assert (await desk.takagi.reads()).count("議事録ができました") == 1


async def test_people_without_slack_are_told_of_the_minutes_by_the_organizer(sqlite_desk):
    desk = sqlite_desk
    training = await given_meeting(desk)
    await seats.enter(
        desk.bot.desk, await desk.actor("U_TANAKA"), training.id,
        seats.Joining(name="町田 通", phone="077-561-3811"), once=desk.once(),
    )  # fmt: skip
    await desk.settle()
    await given_held(desk, training)

    await desk.kondo.presses_anyway("meeting.minutes", training.id)
    await desk.kondo.fills_and_sends(minutes="https://example.org/m")

    assert "Slackをお使いでない方が1人" in await desk.kondo.reads("view")


async def test_the_announcement_tells_the_agenda_and_never_the_minutes(sqlite_desk):
    desk = sqlite_desk
    words = {"title": "第2回 担当者会議", "agenda": "1 交付金\n2 意見交換", "place": "県庁"}
    private = {"minutes": "https://example.org/m", "online": "https://example.org/o"}
    training = await given_meeting(desk, words=words, private=private)
    await joined(desk, training, "U_TAKAGI")

    told = await desk.takagi.reads(TRAINING)
    await desk.takagi.presses_anyway("meeting.ask", training.id)

    assert "1 交付金" in told
    assert "example.org" not in told
    assert "1 交付金" in await desk.takagi.reads("view")
