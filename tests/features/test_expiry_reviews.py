"""A consultation whose time is over takes its case reviews and its sheets with it: words, offices, people, files."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot import codes
from bot.domain.agreement import Withdrawal
from bot.domain.refusals import Refused
from bot.domain.retention import Destroyed
from bot.store import backups
from bot.store.database import open_database
from bot.usecases import (
    agreements,
    briefs,
    closing,
    expiry,
    handover_answers,
    restoring,
    review_notes,
    sittings,
)
from bot.usecases.handover_answers import Said
from tests.databases import MASTER_KEY
from tests.features.test_expiry import until_swept
from tests.handovers import agreed, sent, today
from tests.review_papers import (
    CONVENER,
    HOLDER,
    act,
    given_brief,
    given_held,
    given_record,
)
from tests.reviews import (
    ACADEMIC,
    DEADLINE,
    PSY,
    answers,
    fixes,
    given_experts,
    given_poll,
    invited,
    review_of,
)

FIVE_YEARS_ON = datetime(2032, 4, 1, 1, tzinfo=UTC)
# What is sealed, or tells who did what, and to which consultation it belongs.
OF_REVIEW = "IN (SELECT id FROM reviews WHERE consultation = :c)"
EARLIER = {"briefs"}  # the page goes when those invited see it no more
TELLS = {
    "reviews": "consultation = :c AND words_sealed IS NOT NULL",
    "review_answers": f"note_sealed IS NOT NULL AND slot IN (SELECT id FROM review_slots WHERE review {OF_REVIEW})",
    "briefs": f"review {OF_REVIEW}",
    "review_notes": f"review {OF_REVIEW}",
    "review_tasks": f"review {OF_REVIEW}",
    "review_advice": f"review {OF_REVIEW}",
    "review_prints": f"review {OF_REVIEW}",
    "handover_receivers": "consultation = :c AND COALESCE(office_sealed, person, agency) IS NOT NULL",
    "agreements": "consultation = :c AND explained_by <> ''",
    "agreement_withdrawals": "recorded_by <> '' AND agreement IN (SELECT id FROM agreements WHERE consultation = :c)",
    "packages": "consultation = :c AND COALESCE(content_sealed, reply_sealed, token_hash, sent_by) IS NOT NULL",
}


async def left_of(desk, it: str) -> dict[str, int]:
    """How much of it can be read or tells who it was, table by table."""
    found = {}
    for table, about in TELLS.items():
        [row] = await desk.rows(f"SELECT COUNT(*) AS n FROM {table} WHERE {about}", c=it)
        found[table] = row["n"]
    [row] = await desk.rows("SELECT COUNT(*) AS n FROM data_keys WHERE owner = :c", c=it)
    return {**found, "data_keys": row["n"]}


def later(left: dict[str, int]) -> dict[str, int]:
    """Without what goes on a day of its own, before the consultation does."""
    return {table: many for table, many in left.items() if table not in EARLIER}


async def given_whole(desk) -> tuple[str, str]:
    """A closed consultation with a review, all its papers, and sheets that went out and were asked back; it and the review."""
    await given_experts(desk)
    review = await given_poll(desk)
    for person in await invited(desk, review):
        await answers(desk, review, person, "○○", note="10分おくれます")
    await fixes(desk, review, 0)
    await given_brief(desk, review)
    await act(desk, CONVENER, briefs.print_out, review, once="1")
    await given_held(desk, review)
    await given_record(desk, review)
    await act(desk, HOLDER, review_notes.advise, review, "玄関先で天気の話をしてみてください。")
    it = (await review_of(desk, review)).consultation
    [row] = await desk.rows("SELECT number FROM consultations WHERE id = :c", c=it)
    agreement = await agreed(desk, row["number"])
    first, _ = await sent(desk, row["number"], agreement)
    await act(
        desk, HOLDER, handover_answers.answer, first.id, Said("rejected", "full", "来月なら受けられます。")
    )
    taken = Withdrawal(today(desk), "oral", frozenset(), frozenset())
    await act(desk, HOLDER, agreements.take_back, agreement.id, taken, once=desk.once())
    ending = closing.Closing(("advice_closed",), "advice_closed", "resolved", "またどうぞ。")
    await act(desk, HOLDER, closing.close, it, ending)
    return it, review


async def test_nothing_of_reviews_and_sheets_is_left_and_the_certificate_counts_them(desk):
    it, review = await given_whole(desk)
    before = await left_of(desk, it)
    ids = {
        review,
        *(each["id"] for each in await desk.rows("SELECT id FROM packages WHERE consultation = :c", c=it)),
    }

    await until_swept(desk, FIVE_YEARS_ON)

    assert all(before.values()), before
    assert not any((await left_of(desk, it)).values()), await left_of(desk, it)
    [row] = await desk.rows("SELECT counts FROM destructions")
    counts = json.loads(row["counts"])
    assert {table: counts.get(table) for table in before if table not in EARLIER} == later(before)
    assert set(counts) <= {
        each.code for each in codes.options("destroyed_tables")
    }  # each has its line on the paper
    for table in ("outbox", "timers", "done_once", "inbox"):
        told = json.dumps(await desk.rows(f"SELECT * FROM {table}"), default=str)
        assert not [each for each in ids if each in told], table
    [kept] = await desk.rows("SELECT COUNT(*) AS n FROM review_attendance")
    assert kept["n"]  # the hours stay, for the ledger


async def test_the_day_before_and_while_it_is_held_back_everything_is_there(desk):
    it, review = await given_whole(desk)
    before = await left_of(desk, it)

    await until_swept(desk, FIVE_YEARS_ON - timedelta(days=1))
    assert later(await left_of(desk, it)) == later(before)

    boss = await desk.actor("U_YAMAMOTO")
    await expiry.hold(desk.bot.desk, boss, it, "dispute")
    await until_swept(desk, FIVE_YEARS_ON)
    assert later(await left_of(desk, it)) == later(before)
    book = await act(desk, CONVENER, review_notes.look, review)
    assert book.notes.issues  # and can be read

    await expiry.lift(desk.bot.desk, boss, it)
    await until_swept(desk, FIVE_YEARS_ON + timedelta(days=1))
    assert not any((await left_of(desk, it)).values())


async def test_nobody_opens_anything_of_it_any_more(desk):
    it, review = await given_whole(desk)
    [task] = await desk.rows("SELECT id FROM review_tasks")
    [package, *_] = [each["id"] for each in await desk.rows("SELECT id FROM packages ORDER BY number")]
    await until_swept(desk, FIVE_YEARS_ON)
    boss = CONVENER

    for do, about in (
        (briefs.read, review), (briefs.draw, review), (review_notes.look, review), (sittings.enter, review),
        (review_notes.read_task, task["id"]), (handover_answers.opened, package), (handover_answers.confirm_return, package),
    ):  # fmt: skip
        for person in (boss, HOLDER, PSY, ACADEMIC):
            with pytest.raises((Destroyed, Refused)):
                await act(desk, person, do, about)
    doors = (
        "brief.open",
        "notes.open",
        "sitting.open",
        "review.open",
        "brief.write",
        "notes.advise",
        "advice.print",
    )
    for person in (desk.yamamoto, desk.person(HOLDER), desk.person(PSY)):
        for door in doors:
            await person.presses_anyway(door, review)
            view = await person.top_view()
            assert view is None or view["callback_id"] == "notice.submit", (person.id, door)
            await person.close(clear=True) if view else None
        await person.open_home()
        assert not await person.has("notes.open", where="home")
        assert not await person.has("task.open", where="home")


async def test_a_review_that_was_still_open_is_over(desk):
    """A poll nobody decided, in a consultation that was closed meanwhile."""
    await given_experts(desk)
    review = await given_poll(desk, deadline=DEADLINE)
    it = (await review_of(desk, review)).consultation
    await act(
        desk, HOLDER, closing.close, it, closing.Closing(("advice_closed",), "advice_closed", "resolved")
    )

    await until_swept(desk, FIVE_YEARS_ON)

    [row] = await desk.rows("SELECT stage, words_sealed FROM reviews WHERE id = :r", r=review)
    assert (row["stage"], row["words_sealed"]) == ("cancelled", None)
    await desk.hayashi.open_home()
    assert not await desk.hayashi.has("review.answer", where="home")


async def test_a_backup_that_comes_back_brings_nothing_of_it(sqlite_desk, tmp_path):
    desk = sqlite_desk
    folder = tmp_path / "backups"
    folder.mkdir()
    there = desk.bot.desk
    object.__setattr__(there, "backups", folder)
    it, _ = await given_whole(desk)
    desk.clock.now = FIVE_YEARS_ON - timedelta(days=2)
    await desk.ask_the_clock()
    made = backups.make(desk.url, folder, MASTER_KEY, desk.clock.now, timedelta(days=30))
    await until_swept(desk, FIVE_YEARS_ON)
    assert not any((await left_of(desk, it)).values())

    url = f"sqlite:///{tmp_path / 'back.db'}"
    await restoring.restore(made.path, url, MASTER_KEY, there.organisation, folder, clock=desk.clock)

    async with open_database(url, master_key=MASTER_KEY, clock=desk.clock) as db, db.reading() as ask:
        for table, about in TELLS.items():
            rows = await ask.connection.rows(f"SELECT 1 FROM {table} WHERE {about}", {"c": it})
            assert rows == [], table
