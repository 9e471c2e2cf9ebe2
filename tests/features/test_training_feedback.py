"""Feedback: once from everybody who was there, begun and sent, read by organizers; and what came of it later."""

import json
from datetime import timedelta

import pytest

from bot.domain.refusals import Missing, NotAllowed, NotYourRole
from bot.domain.seats import Attendance, Mark
from bot.domain.staff import Actor
from bot.store.feedback import Said, draft_owner
from bot.usecases import feedback, trainings
from bot.usecases.desk import Identified
from tests.trainings import ORGANIZER, given_announced, joined, now


async def given_over(desk, *people, **changes):
    """A training that is over, in which these people had a seat; nobody was marked."""
    training = await given_announced(desk, **changes)
    parts = await joined(desk, training, *people)
    desk.clock.now = (await now(desk, training)).plan.ends_at + timedelta(minutes=1)
    await desk.ask_the_clock()
    return training, parts


async def gives(desk, training, person, **said):
    actor = await desk.actor(person)
    return await feedback.give(desk.bot.desk, actor, training.id, Said(**{"satisfaction": "4", **said}))


async def results(desk, training, by=ORGANIZER):
    return await feedback.results(desk.bot.desk, await desk.actor(by), training.id)


async def given(desk):
    return await desk.rows("SELECT * FROM feedback ORDER BY id")


async def test_who_was_there_says_it_once_in_a_window(desk):
    training, _ = await given_over(desk, "U_TAKAGI")

    await desk.takagi.presses("feedback.open", training.id, where="bot")
    assert "お名前は残りません" in await desk.takagi.seen("view")
    await desk.takagi.fills_and_sends(
        satisfaction="5", usefulness="now", wishes=["gap"], words="よくわかった。"
    )
    assert "たしかにお預かりしました" in await desk.takagi.seen("view")
    await desk.takagi.close(clear=True)

    (row,) = await given(desk)
    assert (row["satisfaction"], row["usefulness"], row["pace"]) == ("5", "now", None)
    assert json.loads(row["wishes"]) == ["gap"]
    assert "よく" not in str(row)
    await desk.takagi.presses("feedback.open", training.id, where="bot")
    assert "もういただいています" in (await desk.takagi.whispers("bot"))[-1]
    assert len(await given(desk)) == 1


async def test_two_windows_of_one_person_are_one_answer(sqlite_desk):
    desk = sqlite_desk
    training, _ = await given_over(desk, "U_TAKAGI")
    await gives(desk, training, "U_TAKAGI")

    with pytest.raises(feedback.AlreadyGiven):
        await gives(desk, training, "U_TAKAGI", satisfaction="1")

    assert [each["satisfaction"] for each in await given(desk)] == ["4"]


async def test_nothing_said_is_asked_for_on_the_first_question(sqlite_desk):
    desk = sqlite_desk
    training, _ = await given_over(desk, "U_TAKAGI")

    with pytest.raises(Missing) as refused:
        await feedback.give(desk.bot.desk, await desk.actor("U_TAKAGI"), training.id, Said())

    assert refused.value.field == "satisfaction"


async def test_before_the_first_end_it_is_too_soon_and_after_a_cancellation_too(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    with pytest.raises(feedback.TooSoon):
        await gives(desk, training, "U_TAKAGI")
    await trainings.cancel(desk.bot.desk, await desk.actor(ORGANIZER), training.id, "weather")
    desk.clock.advance(days=30)

    with pytest.raises(feedback.TooSoon):
        await gives(desk, training, "U_TAKAGI")


async def test_only_those_who_were_there_are_asked(desk):
    training, (takagi, sato) = await given_over(desk, "U_TAKAGI", "U_SATO")
    with pytest.raises(feedback.NotThere):
        await gives(desk, training, "U_MORI")
    async with desk.db.transaction(await desk.actor(ORGANIZER)) as tx:
        (session,) = (await tx.trainings.get(training.id)).plan.sessions
        for part, status in ((takagi, Attendance.PARTIAL), (sato, Attendance.ABSENT)):
            await tx.participations.mark(Mark(part.id, session.id, status, 90, "roster", tx.now, ORGANIZER))

    await gives(desk, training, "U_TAKAGI")
    with pytest.raises(feedback.NotThere):
        await gives(desk, training, "U_SATO")


# Begun and not sent


async def test_what_was_begun_waits_sealed_for_its_writer_and_is_gone_when_sent(desk):
    training, _ = await given_over(desk, "U_TAKAGI", "U_SATO")
    await desk.takagi.presses("feedback.open", training.id, where="bot")
    await desk.takagi.fill(satisfaction="3", words="途中までの感想です。")

    await desk.takagi.presses("feedback.draft", where="view")
    assert "ここまでを残しました" in await desk.takagi.seen("view")
    await desk.takagi.close(clear=True)
    (row,) = await desk.rows("SELECT * FROM feedback_drafts")
    assert row["attendee"] == "U_TAKAGI"
    assert "途中" not in str(row)
    owner = draft_owner(training.id, "U_TAKAGI")
    assert await desk.rows("SELECT owner FROM data_keys WHERE owner = :owner", owner=owner)

    await desk.takagi.presses("feedback.open", training.id, where="bot")
    assert "途中までの感想です。" in json.dumps(await desk.takagi.top_view(), ensure_ascii=False)
    await desk.takagi.fills_and_sends()
    assert await desk.rows("SELECT * FROM feedback_drafts") == []
    assert await desk.rows("SELECT owner FROM data_keys WHERE owner = :owner", owner=owner) == []
    assert [each["satisfaction"] for each in await given(desk)] == ["3"]
    assert (await feedback.begin(desk.bot.desk, await desk.actor("U_SATO"), training.id))[1] is None


async def test_closing_the_window_keeps_what_was_in_it_masked_and_an_empty_one_keeps_nothing(sqlite_desk):
    desk = sqlite_desk
    training, _ = await given_over(desk, "U_TAKAGI", "U_SATO")
    await desk.sato.presses("feedback.open", training.id, where="bot")
    await desk.sato.close()
    await desk.takagi.presses("feedback.open", training.id, where="bot")
    await desk.takagi.fill(pace="fast", words="湖東太郎さんの話がよかった。090-1234-5678")
    await desk.takagi.close()
    await desk.settle()

    actor = await desk.actor("U_TAKAGI")
    _, kept = await feedback.begin(desk.bot.desk, actor, training.id)

    assert kept["pace"] == "fast"
    assert "湖東太郎" not in kept["words"]
    assert "090" not in kept["words"]
    assert "よかった" in kept["words"]
    assert await desk.how_many("feedback_drafts") == 1


async def test_a_name_in_the_words_is_offered_masked_before_anything_is_kept(sqlite_desk):
    desk = sqlite_desk
    training, _ = await given_over(desk, "U_TAKAGI")
    await desk.takagi.presses("feedback.open", training.id, where="bot")

    await desk.takagi.fills_and_sends(satisfaction="5", words="湖東太郎さんの話がよかった。")

    assert "このように伏せて" in await desk.takagi.seen("view")
    assert await given(desk) == []
    await desk.takagi.fills_and_sends()
    assert len(await given(desk)) == 1
    with pytest.raises(Identified):
        await feedback.save_draft(
            desk.bot.desk, await desk.actor("U_TAKAGI"), training.id, {"words": "湖東太郎さん"}
        )


# What the organizer reads


async def test_results_are_told_from_five_answers_on(desk):
    training, _ = await given_over(desk, *PEOPLE_THERE)
    for person in PEOPLE_THERE[:4]:
        await gives(desk, training, person, words="よかった。")

    assert not (await results(desk, training)).enough
    await desk.kondo.presses_anyway("feedback.results", training.id)
    seen = await desk.kondo.seen("view")
    assert "5人以上そろってから" in seen
    assert "よかった。" not in seen
    await desk.kondo.close(clear=True)
    await gives(desk, training, PEOPLE_THERE[4], satisfaction="2", usefulness="now")

    await desk.kondo.presses_anyway("feedback.results", training.id)
    seen = await desk.kondo.seen("view")
    assert "よかった：4人（80%）" in seen
    assert "あまりよくなかった：1人（20%）" in seen
    assert (
        seen.count("お答えが5人に満たないため") == 3
    )  # usefulness, pace and wishes were answered by one or none
    assert seen.count("・よかった。") == 4
    read = await desk.rows("SELECT actor, subject FROM audit WHERE event = 'feedback.read'")
    assert [tuple(row.values()) for row in read] == [(ORGANIZER, training.id)] * 3


PEOPLE_THERE = ["U_TAKAGI", "U_SATO", "U_SUZUKI", "U_MORI", "U_YAMAMOTO"]


async def test_nobody_but_organizers_reads_them(sqlite_desk):
    desk = sqlite_desk
    training, _ = await given_over(desk, *PEOPLE_THERE)

    for person in ("U_TAKAGI", "U_YAMAMOTO", "U_ADMIN"):
        with pytest.raises(NotYourRole):
            await results(desk, training, by=person)

    assert await desk.rows("SELECT 1 FROM audit WHERE event = 'feedback.read'") == []


async def test_many_long_words_are_read_page_by_page_and_none_is_lost(sqlite_desk):
    desk = sqlite_desk
    training, _ = await given_over(desk, *PEOPLE_THERE)
    async with desk.db.transaction(Actor("test")) as tx:
        for n in range(47):
            await tx.feedback.give(
                training.id, f"U_X{n}", Said("5", words=f"<!channel> 感想{n:02d}" + "あ" * 900)
            )

    await desk.kondo.presses_anyway("feedback.results", training.id)
    seen = await desk.kondo.seen("view")
    while await desk.kondo.has("feedback.words", where="view"):
        buttons = [
            each for block in (await desk.kondo.top_view())["blocks"] for each in block.get("elements", ())
            if each.get("action_id", "").startswith("feedback.words")
        ]  # fmt: skip
        following = [each for each in buttons if "続き" in each["text"]["text"]]
        if not following:
            break
        await desk.kondo.presses("feedback.words", following[0]["value"], where="view")
        seen += await desk.kondo.seen("view")

    assert [n for n in range(47) if f"感想{n:02d}" not in seen] == []
    assert "<!channel>" not in json.dumps(await desk.kondo.top_view(), ensure_ascii=False)


# Three months later


async def test_three_months_later_one_tap_is_kept_and_the_last_one_counts(desk):
    training, (takagi, _) = await given_over(desk, "U_TAKAGI", "U_SATO")
    await desk.passes(days=80)
    assert "その後のお仕事でいかがですか" not in await desk.takagi.reads()

    await desk.passes(days=13)
    assert (await desk.takagi.reads()).count("その後のお仕事でいかがですか") == 1
    await desk.takagi.presses("practice.not_yet", takagi.id, where="bot")
    assert "「まだ試せていない」と承りました" in await desk.takagi.reads()
    await desk.takagi.presses("practice.changed", takagi.id, where="bot")

    said = await desk.takagi.reads()
    assert "「やり方が変わった」と承りました" in said
    assert said.count("その後のお仕事でいかがですか") == 1
    async with desk.db.reading() as ask:
        kept = [each.practice for each in await ask.participations.of_training(training.id)]
    assert sorted(kept, key=str) == [None, "changed"]


async def test_nobody_answers_for_somebody_else(sqlite_desk):
    desk = sqlite_desk
    _, (part,) = await given_over(desk, "U_TAKAGI")

    for other in ("U_SATO", ORGANIZER):
        with pytest.raises(NotAllowed):
            await feedback.practice(desk.bot.desk, await desk.actor(other), part.id, "tried")
    await feedback.practice(desk.bot.desk, await desk.actor("U_TAKAGI"), part.id, "tried")

    assert await desk.rows("SELECT practice FROM participations") == [{"practice": "tried"}]


async def test_the_question_waits_for_the_morning_and_an_answer_at_night_is_shown_at_once(sqlite_desk):
    desk = sqlite_desk
    _, (part,) = await given_over(desk, "U_TAKAGI")
    desk.clock.advance(days=92)
    desk.clock.now = desk.clock.now.replace(hour=17, minute=0)  # two in the morning in Otsu

    await desk.ask_the_clock()
    assert "その後のお仕事でいかがですか" not in await desk.takagi.reads()
    await desk.passes(hours=7)
    assert "その後のお仕事でいかがですか" in await desk.takagi.reads()

    desk.clock.advance(hours=16)
    await desk.takagi.presses("practice.tried", part.id, where="bot")
    assert "「試してみた」と承りました" in await desk.takagi.reads()
