"""After a training: answers, questions, feedback and names on certificates go at their own times; counts stay."""

import json
from datetime import UTC, datetime, timedelta

from bot.domain.retention import Kind
from bot.domain.staff import THE_CLOCK
from bot.store.feedback import Said, draft_owner
from bot.store.trainings import owner
from bot.usecases import certificates, expiry
from tests.features.test_training_certificates import given_attended, issued
from tests.trainings import now

# The training is over in December 2026, in the fiscal year that ends with March 2027.
ANSWERS_GO = datetime(2028, 4, 1, 1, tzinfo=UTC)
QUESTIONS_GO = datetime(2030, 4, 1, 1, tzinfo=UTC)
FEEDBACK_GOES = datetime(2032, 4, 1, 1, tzinfo=UTC)
NAMES_GO = datetime(2037, 4, 1, 1, tzinfo=UTC)


async def given_everything(desk):
    """A training with all that can be sealed about one: two were there, one of them has a certificate."""
    training, (part, other) = await given_attended(
        desk, "U_TAKAGI", "U_MORI", kind="exchange", asks=("phone", "needs")
    )
    async with desk.db.transaction(THE_CLOCK) as tx:
        for each, name in ((part, "高木 まどか"), (other, "森 のぞみ")):
            await tx.participations.write_answers(
                each, {"name": name, "phone": "090-0000-0000", "needs": "手話"}
            )
        question = await tx.meetings.ask(training.id, "様式はどれですか。", None)
        asked = await tx.meetings.get(question)
        await tx.meetings.answer(asked, "新しい様式です。", "県の担当", tx.now)
        await tx.feedback.keep_draft(training.id, "U_MORI", {"words": "書きかけ"})
        await tx.feedback.give(training.id, "U_TAKAGI", Said(satisfaction="5", words="よくわかった。"))
    certificate = (await issued(desk, part)).certificate
    return training, part, other, certificate


async def until(desk, at):
    desk.clock.now = at - timedelta(days=1)
    await desk.ask_the_clock()
    await expiry.clock_is_right(desk.bot.desk, await desk.actor("U_YAMAMOTO"))
    desk.clock.now = at
    await desk.ask_the_clock()


async def there(desk, training):
    """What can still be read of a training."""
    async with desk.db.reading() as ask:
        answers = await ask.participations.answers_of_training(training.id)
        questions = await ask.meetings.of_training(training.id)
        said = await ask.feedback.of_training(training.id)
        plan = (await ask.trainings.get(training.id)).plan
    return {
        "answers": sorted(json.dumps(each, ensure_ascii=False) for each in answers.values()),
        "questions": [(each.text, each.answer, each.answerer) for each in questions],
        "feedback": [(each.satisfaction, each.words) for each in said],
        "title": plan.words["title"],
    }


async def keys(desk, *owners):
    found = await desk.rows("SELECT owner, wrapped FROM data_keys")
    return {row["owner"]: row["wrapped"] for row in found if row["owner"] in owners}


async def test_each_kind_goes_at_its_own_time_and_what_stays_can_be_read(desk):
    training, *_ = await given_everything(desk)
    whole, key = await there(desk, training), await keys(desk, owner(training.id))

    await until(desk, ANSWERS_GO - timedelta(days=1))
    assert {**await there(desk, training), "title": ""} == {**whole, "title": ""}

    await until(desk, ANSWERS_GO)
    after_answers, second = await there(desk, training), await keys(desk, owner(training.id))
    await until(desk, QUESTIONS_GO)
    after_questions = await there(desk, training)
    await until(desk, FEEDBACK_GOES)
    after_feedback, third = await there(desk, training), await keys(desk, owner(training.id))
    await until(desk, NAMES_GO)

    assert after_answers["answers"] == ['{"name": "高木 まどか"}']
    assert (
        after_answers["questions"]
        == whole["questions"]
        == [("様式はどれですか。", "新しい様式です。", "県の担当")]
    )
    assert after_questions["questions"] == []
    assert after_questions["feedback"] == whole["feedback"] == [("5", "よくわかった。")]
    assert after_feedback["feedback"] == [("5", "")]
    assert after_feedback["answers"] == ['{"name": "高木 まどか"}']
    assert (await there(desk, training))["answers"] == []
    assert len({key[owner(training.id)], second[owner(training.id)], third[owner(training.id)]}) == 3
    assert await keys(desk, owner(training.id)) == {}
    assert (await there(desk, training))["title"] == whole["title"]


async def test_the_old_key_opens_nothing_that_is_left(desk):
    """What was shredded was sealed under a key that is gone: whoever finds the old bytes cannot open them."""
    training, part, *_ = await given_everything(desk)
    [old] = await desk.rows("SELECT answers_sealed FROM participations WHERE id = :p", p=part.id)

    await until(desk, ANSWERS_GO)

    async with desk.db.reading() as ask:
        try:
            await ask.keys.open(
                owner(training.id), "participations", "answers", part.id, old["answers_sealed"]
            )
            raise AssertionError("it opened")
        except Exception as error:
            assert type(error).__name__ == "NotReadable"


async def test_a_draft_nobody_sent_goes_after_its_days(desk):
    training, *_ = await given_everything(desk)
    mine = draft_owner(training.id, "U_MORI")
    assert await keys(desk, mine)

    await until(desk, (await now(desk, training)).ended_at + timedelta(days=91))

    assert not await keys(desk, mine)
    assert await desk.how_many("feedback_drafts") == 0
    assert [each["kind"] for each in await desk.rows("SELECT kind FROM destructions")] == [
        Kind.FEEDBACK_DRAFTS
    ]


async def test_who_took_part_is_told_by_no_row_and_the_figures_stay(desk):
    training, part, other, _ = await given_everything(desk)
    async with desk.db.reading() as ask:
        before = await ask.training_figures.of_year(2026)

    await until(desk, ANSWERS_GO)
    middle = await desk.rows("SELECT id, person, attendee FROM participations")
    await until(desk, NAMES_GO)

    rows = await desk.rows("SELECT person, attendee, entered_by FROM participations")
    assert {row["id"]: row["person"] for row in middle} == {part.id: "U_TAKAGI", other.id: None}
    assert all(row["attendee"].startswith("x:") for row in [*middle, *rows])
    assert all(row["person"] is None for row in rows)
    async with desk.db.reading() as ask:
        after = await ask.training_figures.of_year(2026)
    assert after == before
    assert after.participants == after.people == 2
    for table in ("training_invitees", "feedback_given", "check_in_screens", "training_questions"):
        assert await desk.how_many(table) == 0


async def test_a_certificate_verifies_by_its_number_when_the_name_is_gone(desk):
    training, _, _, certificate = await given_everything(desk)
    sato = await desk.actor("U_SATO")
    await until(desk, ANSWERS_GO)
    early = await certificates.verify(
        desk.bot.desk, sato, certificate.number, certificate.code, "高木 まどか"
    )

    await until(desk, NAMES_GO)

    late = await certificates.verify(desk.bot.desk, sato, certificate.number, certificate.code, "高木 まどか")
    assert (early.stands, early.named) == (True, True)
    assert (late.stands, late.named) == (True, None)


async def test_what_never_came_to_an_end_is_kept(desk):
    training, *_ = await given_everything(desk)
    async with desk.db.transaction(THE_CLOCK) as tx:
        await tx.connection.rows("UPDATE trainings SET stage = 'announced', ends_at = '2099-01-01'", {})
    whole = await there(desk, training)

    await until(desk, NAMES_GO)

    assert await there(desk, training) == whole
    assert await desk.how_many("destructions") == 0


async def test_one_whose_key_was_lost_does_not_keep_the_others_waiting(desk):
    training, *_ = await given_everything(desk)
    async with desk.db.transaction(THE_CLOCK) as tx:
        await tx.keys.destroy(owner(training.id))

    await until(desk, NAMES_GO)
    done = await expiry.sweep(desk.bot.desk, at_once=True)

    assert not done.total()
    assert await desk.rows("SELECT answers_sealed FROM participations WHERE answers_sealed IS NOT NULL") == []
