"""Changing what was announced: the post is edited in place, and everybody who joined hears it once."""

import re

import pytest

from bot.domain.events import Event
from bot.domain.training import Stage
from tests.planning import edits, posts
from tests.trainings import CHANGED, by_phone, given_announced, joined, messages_about, now


async def test_a_change_is_told_once_to_each_and_the_post_is_edited_in_place(desk):
    training = await given_announced(desk, seats={"onsite": 3})
    await joined(desk, training, "U_TAKAGI", "U_SATO", "U_MORI")
    await joined(desk, training, "U_SUZUKI")  # waits
    await desk.passes(minutes=1)
    before = await posts(desk)
    await edits(desk, training)
    assert "お申し込みの方が *4人* います" in await desk.kondo.seen("view")

    answer = await desk.kondo.fills_and_sends(on1="2026-12-09", place="長浜市民交流センター", lecturers="")

    assert answer["errors"] is None
    await desk.passes(minutes=1)
    [post] = await posts(desk)
    assert post["ts"] == before[0]["ts"]
    assert "12月9日(水) 13時〜16時" in str(post["blocks"])
    assert "長浜市民交流センター" in str(post["blocks"])
    for person in ("U_TAKAGI", "U_SATO", "U_MORI", "U_SUZUKI"):
        [told] = await messages_about(desk, person, CHANGED)
        assert "前：12月8日(火) 13時〜16時" in told
        assert "今：*12月9日(水) 13時〜16時*" in told
        assert "前：彦根市福祉センター 2階会議室" in told
        assert "今：*長浜市民交流センター*" in told
        assert "今：決まっていません" in told  # the lecturer
        assert "参加できなくなりました" in told
    [waiting] = await messages_about(desk, "U_SUZUKI", CHANGED)
    assert "このまま待ちます" in waiting
    assert await messages_about(desk, "U_KITAMURA", CHANGED) == []
    assert (await now(desk, training)).edition == 1
    assert (await desk.trail()).count(Event.TRAINING_CHANGED) == 1
    assert "変更のお知らせ 1回" in await desk.kondo.seen("view")  # the window beneath is fresh


async def test_sending_the_same_again_tells_nobody(sqlite_desk):
    """The control: what is not changed is not told."""
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    await edits(desk, training)

    await desk.kondo.fills_and_sends()

    assert (await now(desk, training)).edition == 0
    assert await messages_about(desk, "U_TAKAGI", CHANGED) == []


async def test_what_is_nobodys_news_changes_the_post_only(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    await edits(desk, training)

    await desk.kondo.fills_and_sends(purpose="あたらしいねらい", onsite="40")
    await desk.passes(minutes=1)

    [post] = await posts(desk)
    assert "あたらしいねらい" in str(post["blocks"])
    assert "あと39席" in str(post["blocks"])
    assert await messages_about(desk, "U_TAKAGI", CHANGED) == []


async def test_the_address_is_changed_without_being_said(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(
        desk, private={"online": "https://meet.example/old"}, seats={"online": 0}
    )
    await joined(desk, training, "U_TAKAGI")
    await edits(desk, training)

    await desk.kondo.fills_and_sends(address="https://meet.example/new")
    await desk.passes(minutes=1)

    [told] = await messages_about(desk, "U_TAKAGI", CHANGED)
    assert "オンラインの参加先が変わりました" in told
    assert "meet.example" not in str(await posts(desk))
    assert (await now(desk, training)).plan.private == {"online": "https://meet.example/new"}


async def test_fee_deadline_name_and_format_are_said_in_plain_words(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, seats={"onsite": 1})
    await joined(desk, training, "U_SATO", "U_TAKAGI")  # she waits: the deadline is her news
    await edits(desk, training)

    await desk.kondo.fills_and_sends(name="あたらしい名前", fee="1000", deadline_on="2026-12-03", online="5")

    [told] = await messages_about(desk, "U_TAKAGI", CHANGED)
    for words in (
        "前：ダブルケアを支える", "今：*あたらしい名前*", "前：無料", "今：*1,000円*",
        "前：12月4日(金) 13時", "今：*12月3日(木) 13時*", "今：*オンライン・会場*",
    ):  # fmt: skip
        assert words in told or words.replace("オンライン・会場", "会場・オンライン") in told, words


async def test_fewer_seats_than_people_are_refused_with_how_many(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, seats={"onsite": 5})
    await joined(desk, training, "U_TAKAGI", "U_SATO", "U_MORI")
    await edits(desk, training)

    for few in ("2", None):
        answer = await desk.kondo.fills_and_sends(onsite=few, online="5")
        assert list(answer["errors"]) == ["onsite~0"]
        assert "すでに 3人の席が決まっています" in await desk.kondo.refused(answer)
    assert (await now(desk, training)).plan.seats == {"onsite": 5}
    answer = await desk.kondo.fills_and_sends(onsite="3", online=None)
    assert answer["errors"] is None
    assert (await now(desk, training)).plan.seats == {"onsite": 3}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"to1": "12:00"}, "to1"),
        ({"deadline_on": "2026-12-20"}, "deadline_on"),
        ({"name": "長" * 121}, "name"),
        ({"purpose": "番号は 123456789018"}, "purpose"),
        ({"address": "番号は 123456789018"}, "address"),
        ({"on1": "2036-12-08"}, "on1"),
    ],
)
async def test_what_cannot_be_stays_as_it_was(sqlite_desk, typed, field):
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    before = await desk.kept()
    await edits(desk, training)

    answer = await desk.kondo.fills_and_sends(**typed)

    assert list(answer["errors"]) == [f"{field}~0"]
    assert await desk.kept() == before


async def test_a_day_more_and_a_day_less_keep_the_others_sessions(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    first = training.plan.sessions[0].id
    await edits(desk, training)
    await desk.kondo.presses("training.more_days", where="view")
    await desk.kondo.fills_and_sends(on2="2026-12-15", from2="10:00", to2="12:00")

    kept = (await now(desk, training)).plan.sessions
    assert len(kept) == 2
    assert min(kept).id == first


async def test_closing_the_window_of_a_change_changes_nothing(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    before = await desk.kept()
    await edits(desk, training)
    await desk.kondo.fill(name="まだ")
    await desk.kondo.close()
    await desk.settle()

    assert await desk.kept() == before


async def test_who_has_no_slack_is_called_by_the_organizer(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await by_phone(desk, training)
    await joined(desk, training, "U_TAKAGI")
    await edits(desk, training)
    assert "そのうち 1人はお電話での方です" in await desk.kondo.seen("view")

    await desk.kondo.fills_and_sends(place="べつの会場")

    said = await desk.kondo.reads()
    assert said.count("お電話などでのお申し込みの方には、こちらからは届きません") == 1
    assert await desk.kondo.has("seat.people", training.id, where="bot")


async def test_where_all_have_slack_nobody_is_to_be_called(sqlite_desk):
    """The control of the test above."""
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    await edits(desk, training)
    await desk.kondo.fills_and_sends(place="べつの会場")

    assert "こちらからは届きません" not in await desk.kondo.reads()


async def test_the_marks_of_templates_stay_at_home(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, kind="municipal_meeting", seats={"onsite": 2, "online": 0})
    await by_phone(desk, training)
    await joined(desk, training, "U_TAKAGI", "U_SATO", format="onsite")
    for person in ("U_TAKAGI", "U_MORI", "U_TANAKA"):
        await desk.person(person).command("/研修")
    await edits(desk, training)
    await desk.kondo.fills_and_sends(place="べつの会場", on1="2026-12-10", fee="300", lecturers="")
    await desk.kondo.presses("training.cancel", where="view")
    await desk.kondo.fills_and_sends(because="weather")
    await desk.passes(minutes=1)

    marks = re.compile("[\ue000-\uf8ff]")
    assert not marks.search(desk.told())
    assert marks.search("\ue002 小さな字")


async def test_when_it_is_over_links_may_follow_and_nothing_else(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, kind="exchange", private={"online": "https://meet.example/x"})
    await joined(desk, training, "U_TAKAGI")
    await desk.passes(days=15)
    assert (await now(desk, training)).stage is Stage.HELD
    await edits(desk, training)
    assert (await desk.kondo.top_view())["callback_id"] == "training_after.submit"

    answer = await desk.kondo.fills_and_sends(
        materials="https://papers.example/2.pdf",
        minutes="https://papers.example/minutes",
        agenda="ふりかえり",
    )

    assert answer["errors"] is None
    held = await now(desk, training)
    assert held.plan.words["materials"] == "https://papers.example/2.pdf"
    assert held.plan.private == {
        "online": "https://meet.example/x",
        "minutes": "https://papers.example/minutes",
    }
    assert held.plan.words["place"] == training.plan.words["place"]
    assert await messages_about(desk, "U_TAKAGI", CHANGED) == []
    await desk.passes(minutes=1)
    assert "https://papers.example/2.pdf" in str(await posts(desk))
    assert "papers.example/minutes" not in str(await posts(desk))
