"""Changing and calling off what was announced: the post is edited in place, and everybody who joined hears it once."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import codes
from bot.domain.events import Event
from bot.domain.seats import Place
from bot.domain.training import Session, Stage
from bot.usecases import seats, trainings
from tests.desk import TRAINING
from tests.trainings import ORGANIZER, a_plan, given_announced, joined, now

CHANGED = "の内容が変わりました"


async def posts(desk):
    return [each for each in await desk.kondo.messages(TRAINING) if not each.get("ephemeral")]


async def edits(desk, training):
    """Open the form that changes an announced training."""
    await desk.kondo.command("/研修")
    await desk.kondo.presses("training.open", training.id, where="view")
    await desk.kondo.presses("training.edit", where="view")


async def by_phone(desk, training):
    said = seats.Joining(name="彦根 はる", phone="0749-22-1234")
    part = await seats.enter(desk.bot.desk, await desk.actor("U_TANAKA"), training.id, said, once=desk.once())
    await desk.settle()
    return part


async def messages_about(desk, person, sentence):
    return [each for each in await desk.person(person).texts() if sentence in each]


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


# Calling off


async def calls_off(desk, training, because="lecturer"):
    await desk.kondo.command("/研修")
    await desk.kondo.presses("training.open", training.id, where="view")
    await desk.kondo.presses("training.cancel", where="view")
    return await desk.kondo.fills_and_sends(because=because)


async def test_calling_off_is_told_once_with_the_reason_and_ends_every_seat(desk):
    training = await given_announced(desk, seats={"onsite": 1})
    [first] = await joined(desk, training, "U_TAKAGI")
    await joined(desk, training, "U_SATO", "U_MORI")
    await seats.leave(desk.bot.desk, await desk.actor("U_TAKAGI"), first.id)  # an offer is open now
    await joined(desk, training, "U_SUZUKI")
    await desk.passes(minutes=1)

    answer = await calls_off(desk, training)
    assert answer["errors"] is None
    await trainings.cancel(desk.bot.desk, await desk.actor(ORGANIZER), training.id, "venue")  # pressed again
    await desk.passes(days=2)  # the offer would have run out, too

    for person in ("U_SATO", "U_MORI", "U_SUZUKI"):
        [told] = await messages_about(desk, person, "開けなくなりました")
        assert "12月8日(火)の研修会「ダブルケアを支える」は、講師の都合で開けなくなりました。" in told
        assert "楽しみにしてくださっていたのに申し訳ありません" in told
    assert await messages_about(desk, "U_TAKAGI", "開けなくなりました") == []  # had given the seat back
    [post] = await posts(desk)
    assert "講師の都合で開けなくなりました" in str(post["blocks"])
    assert "seat.join" not in str(post["blocks"])
    off = await now(desk, training)
    assert (off.stage, off.ended_because) == (Stage.CANCELLED, "lecturer")
    async with desk.db.reading() as ask:
        left = {each.status for each in await ask.participations.of_training(training.id)}
    assert left == {Place.CANCELLED}
    assert (await desk.trail()).count(Event.TRAINING_CANCELLED) == 1


async def test_before_calling_off_it_says_who_hears_of_it_and_closing_does_nothing(sqlite_desk):
    """The control: asking is not doing."""
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    await by_phone(desk, training)
    await desk.kondo.command("/研修")
    await desk.kondo.presses("training.open", training.id, where="view")
    await desk.kondo.presses("training.cancel", where="view")

    seen = await desk.kondo.seen("view")
    assert "お申し込みの 2人 に" in seen
    assert "1人はお電話での方" in seen
    await desk.kondo.close()
    await desk.settle()
    assert (await now(desk, training)).stage is Stage.ANNOUNCED


@pytest.mark.parametrize("because", ["lecturer", "few", "weather", "infection", "venue", "other"])
async def test_every_reason_makes_a_sentence(sqlite_desk, because):
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    await calls_off(desk, training, because)

    [told] = await messages_about(desk, "U_TAKAGI", "開けなくなりました")
    assert "」は、" in told
    assert "\n" not in told.split("」は、")[1].split("開けなくなりました")[0]


async def test_the_organizers_window_says_it_is_off_and_offers_a_copy_only(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await calls_off(desk, training)

    assert "中止" in await desk.kondo.seen("view")
    assert await desk.kondo.has("training.copy", training.id, where="view")
    assert not await desk.kondo.has("training.edit", training.id, where="view")
    await desk.kondo.presses_anyway("training.cancel", training.id)
    await desk.kondo.presses_anyway("training.edit", training.id)
    assert "いま「中止」になっています" in (await desk.kondo.whispers("bot"))[-1]


# As time goes by


async def test_the_post_says_when_it_is_too_late_to_join(sqlite_desk):
    desk = sqlite_desk
    await given_announced(desk)
    assert "seat.join" in str(await posts(desk))

    await desk.passes(days=11)
    await desk.passes(minutes=1)
    assert "お申込みの締切を過ぎました" in str(await posts(desk))
    assert "seat.join" not in str(await posts(desk))
    await desk.passes(days=3, hours=3)
    await desk.passes(minutes=1)
    assert "この研修会は始まりました" in str(await posts(desk))
    await desk.passes(hours=5)
    await desk.passes(minutes=1)
    assert "この研修会は終わりました" in str(await posts(desk))
    assert len(await posts(desk)) == 1


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


async def test_a_meeting_has_its_agenda_and_an_answer_for_who_cannot_come(sqlite_desk):
    desk = sqlite_desk
    words = {**a_plan(desk.clock.now).words, "agenda": "1 困りごとの共有\n2 来年度"}
    await given_announced(desk, kind="municipal_meeting", words=words)

    text = await desk.takagi.reads(TRAINING)
    assert "1 困りごとの共有" in text
    assert "欠席の返事" in text


async def test_a_workshop_has_neither(sqlite_desk):
    """The control of the test above."""
    desk = sqlite_desk
    await given_announced(desk)

    text = await desk.takagi.reads(TRAINING)
    assert "議題" not in text
    assert "欠席の返事" not in text


async def test_the_counter_goes_down_and_becomes_a_queue(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk, seats={"onsite": 2})
    assert "あと2席" in await desk.takagi.reads(TRAINING)
    await joined(desk, training, "U_TAKAGI", "U_SATO", "U_MORI")
    await desk.passes(minutes=1)

    text = await desk.takagi.reads(TRAINING)
    assert "満席・キャンセル待ち 1人" in text
    assert "キャンセル待ちに加わる" in text
    assert len(await posts(desk)) == 1


async def test_the_most_of_everything_fits_into_slack(sqlite_desk):
    """Eight days, every code, the longest words: it is previewed, posted and shown."""
    desk = sqlite_desk
    start = desk.clock.now + timedelta(days=30)
    words = {
        "title": "<&>" * 40, "purpose": "<&>" * 500, "audience": "&" * 300, "place": "&" * 300, "lecturers": "&" * 500,
        "materials": "https://a.example/" + "&" * 1400, "contact": "&" * 300, "agenda": "&\n\n" * 660,
    }  # fmt: skip
    every = {
        name: tuple(each.code for each in codes.options(listed))
        for name, listed in {
            "types": "training_types", "concerns": "supporter_concerns", "characteristics": "case_characteristics",
            "fields": "supporter_fields", "occupations": "occupations", "regions": "welfare_regions",
            "municipalities": "municipalities", "asks": "training_asks",
        }.items()
    }  # fmt: skip
    days = tuple(Session(start + timedelta(days=n), start + timedelta(days=n, hours=2)) for n in range(8))
    training = await given_announced(
        desk,
        words=words,
        sessions=days,
        deadline=None,
        seats={"onsite": 1000, "online": 1000},
        fee=1_000_000,
        **every,
    )

    [post] = await posts(desk)
    assert len(post["blocks"]) <= 50
    await edits(desk, training)
    assert (await desk.kondo.top_view())["callback_id"] == "training.submit"
    answer = await desk.kondo.fills_and_sends(place="短く")
    assert answer["errors"] is None
    assert replace((await now(desk, training)).plan, words={}, sessions=()) == replace(
        training.plan, words={}, sessions=()
    )
