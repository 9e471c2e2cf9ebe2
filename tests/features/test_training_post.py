"""The post of a training: what stands in the channel as time goes by, as seats fill, and at its longest."""

from dataclasses import replace
from datetime import timedelta

from bot import codes
from bot.domain.training import Session
from tests.desk import TRAINING
from tests.planning import edits, posts
from tests.trainings import a_plan, given_announced, joined, now


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
