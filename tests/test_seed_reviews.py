"""The made-up year has a case review in every stage, sheets in every state, and advice that is read together."""

from datetime import UTC, datetime, timedelta

import pytest

from bot import homes, organisation
from bot.domain.handover import State
from bot.domain.review import Stage
from bot.practice.validate import check_view
from bot.privacy.anonymizer import anonymize
from bot.seed import fill
from bot.seed_words import read
from tests.running import settings
from tests.test_seed import NOW, ask_the_clock, column, opened, phrases, rows

NEW_YEAR = datetime(2027, 1, 4, 0, 30, tzinfo=UTC)  # the first open morning after long holidays
CODES = {"kind", "stage", "supporter", "format", "to", "supporter_contact", "who", "municipalities"}


async def test_the_year_holds_a_review_in_every_stage_with_its_papers(database_url):
    await fill(settings(database_url), 40, 1, now=NOW)

    async with opened(database_url) as db:
        stages = await column(db, "SELECT stage FROM reviews ORDER BY stage")
        advised = await column(db, "SELECT COUNT(*) FROM review_advice")
        prints = await column(db, "SELECT collected_at IS NULL FROM review_prints ORDER BY printed_at")
        open_tasks = await column(db, "SELECT COUNT(*) FROM review_tasks WHERE done_at IS NULL")
        silent = await rows(
            db, "SELECT staff FROM review_people WHERE answered_at IS NULL AND invited_at > ''"
        )
        async with db.reading() as ask:
            assert await ask.audit.verify() is None
    assert stages == sorted(Stage)
    assert advised == [1]
    # Of the settled one, and not yet of the one just held.
    assert [bool(each) for each in prints] == [False, True]
    assert open_tasks[0] >= 2
    assert silent


async def test_the_year_holds_a_sheet_in_every_state_somebody_sees(database_url):
    await fill(settings(database_url), 40, 1, now=NOW)

    async with opened(database_url) as db:
        states = set(await column(db, "SELECT DISTINCT state FROM packages"))
        withdrawn = await rows(db, "SELECT id FROM agreements WHERE withdrawn_on IS NOT NULL")
        [one] = withdrawn
        under = await column(db, f"SELECT state FROM packages WHERE agreement = '{one['id']}'")
    assert states == set(State) - {State.DROPPED}
    assert set(under) == {State.RETURN_ASKED, State.RETURNED}


async def test_advice_was_read_together_and_is_being_read(tmp_path):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    await fill(settings(url), 200, 1, now=NOW)

    async with opened(url) as db:
        closed = await column(db, "SELECT COUNT(*) FROM advice_reviews WHERE closed_at IS NOT NULL")
        unread = await column(db, "SELECT COUNT(*) FROM advice_samples WHERE read_at IS NULL")
        models = await column(db, "SELECT COUNT(*) FROM advice_models")
        found = await rows(db, "SELECT review, text FROM advice_findings")
    assert closed == [1]
    assert unread[0] > 0
    assert models[0] > 0
    said = {(each["review"], each["text"]) for each in found}
    assert len(said) == len(found) > 2  # no list says a thing twice


async def test_whoever_comes_new_has_something_before_them(database_url):
    await fill(settings(database_url), 40, 1, now=NOW)

    there = organisation.load()
    async with opened(database_url) as db, db.reading() as ask:
        counselor = await homes.facts(ask, "U_SATO")
        coordinator = await homes.facts(ask, "U_YAMAMOTO")
        expert = await homes.facts(ask, "U_HAYASHI")
        supervisor = await homes.facts(ask, "U_SUZUKI")
        nobody = await homes.facts(ask, "U_KITAMURA")
    assert len(coordinator.reviews.events) == 3
    assert expert.reviews.asked
    assert expert.papers.coming
    assert expert.papers.past
    assert counselor.papers.tasks
    assert counselor.papers.to_write
    assert counselor.linkages.given
    assert coordinator.linkages.to_return
    assert supervisor.papers.to_settle
    assert not nobody.reviews.asked
    for each in (counselor, coordinator, expert, supervisor):
        check_view(homes.view(each, there), "home")


@pytest.mark.parametrize("now", [NEW_YEAR, NEW_YEAR - timedelta(days=2), NOW - timedelta(days=1)])
async def test_on_any_day_all_stages_are_there_and_nothing_is_left_to_be_said(tmp_path, now):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    await fill(settings(url), 25, 3, now=now)

    async with opened(url, now) as db:
        assert set(await column(db, "SELECT stage FROM reviews")) == set(Stage)
        await ask_the_clock(db)
        assert await column(db, "SELECT COUNT(*) FROM outbox WHERE finished_at IS NULL") == [0]


async def test_control_of_a_few_consultations_none_is_brought_to_a_review(tmp_path):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    await fill(settings(url), 20, 1, now=NOW)

    async with opened(url) as db:
        assert await column(db, "SELECT COUNT(*) FROM reviews") == [0]
        assert await column(db, "SELECT COUNT(*) FROM packages") == [0]


def test_no_word_of_it_points_at_anybody():
    written = [(path, text) for path, text in phrases(read("reviews")) if not CODES & set(path)]
    assert len(written) > 60
    for path, text in written:
        assert not anonymize(text).spans, (path, text)
