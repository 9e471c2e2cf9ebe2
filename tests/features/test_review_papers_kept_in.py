"""The papers of a review where two things happen at once: nothing stays behind, and no name a case knows gets onto them."""

from dataclasses import replace

import pytest

from bot.domain.entitlement import Act
from bot.domain.review import NotInvited, NotNow
from bot.domain.review_papers import NotApproved
from bot.domain.staff import THE_CLOCK
from bot.messages import said
from bot.privacy.anonymizer import Known, Label
from bot.usecases import briefs, case_names, review_desk, review_notes, review_times, reviews
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import Identified, screened_about
from tests.papers import read
from tests.review_papers import (
    ISSUE,
    PAGE,
    act,
    given_approved,
    given_brief,
    given_held,
    given_record,
    given_sitting,
)
from tests.reviews import ACADEMIC, CONVENER, HOLDER, PLAN, PSY, given_review, review_of


def printed(desk) -> list[str]:
    return [each.name for each in desk.workspace.world.files.values() if each.name.endswith("-brief.pdf")]


async def given_known(desk, review: str, surface: str) -> str:
    """The case of a review knows somebody by this name; its id."""
    [row] = await desk.rows("SELECT consultation FROM reviews WHERE id = :r", r=review)
    async with desk.db.transaction(await desk.actor(HOLDER)) as tx:
        await case_names.confirm(
            tx, row["consultation"], Confirmed(names=(Known(surface, Label.PERSON, "D"),))
        )
    return str(row["consultation"])


async def test_a_name_the_case_knows_cannot_be_let_stand_on_any_paper(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    stands, kept = "大将と話した。", Confirmed(kept=frozenset({"大将"}))
    case = await given_known(sqlite_desk, review, "大将")
    await given_held(sqlite_desk, review)
    another = await given_review(sqlite_desk)
    case_of_another = await given_known(sqlite_desk, another, "大将")
    issue = type(ISSUE)(stands)
    plan = type(PLAN)(question=stands)

    for do, *given in (
        (briefs.keep, another, {**PAGE, "course": stands}, "not_needed", None, kept),
        (review_notes.keep_issue, review, 99, "", issue, kept),
        (review_notes.keep_dissent, review, "", stands, kept),
        (reviews.convene, case_of_another, plan, kept),
        (reviews.change, another, plan, kept),
    ):
        more = {briefs.keep: {"version": -1}, reviews.convene: {"once": "1"}}.get(do, {})
        with pytest.raises(Identified) as refused:
            await act(sqlite_desk, CONVENER, do, *given, **more)
        assert refused.value.is_own("大将"), do

    # The control: in the desk's own notes it may be let stand.
    words = await screened_about(
        sqlite_desk.bot.desk, await sqlite_desk.actor(HOLDER), Act.HEAR, case, {"words": stands}, kept
    )
    assert words["words"] == stands


async def test_what_was_printed_goes_though_the_page_was_changed_and_approved_again_at_once(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    await given_brief(sqlite_desk, review)
    await act(sqlite_desk, CONVENER, briefs.print_out, review, once="1")
    await sqlite_desk.ask_the_clock()
    assert len(printed(sqlite_desk)) == 1  # the control: it is still what was approved

    sqlite_desk.clock.advance(seconds=1)
    drawn = await act(sqlite_desk, HOLDER, briefs.draw, review)
    changed = {**PAGE, "topic": "別の題目"}
    page = await act(
        sqlite_desk, HOLDER, briefs.keep, review, changed, "not_needed", None, version=drawn.version
    )
    await act(sqlite_desk, CONVENER, briefs.approve, review, page.brief.version)
    await sqlite_desk.ask_the_clock()

    assert printed(sqlite_desk) == []


async def test_a_page_that_is_over_takes_with_it_what_somebody_had_begun_to_change(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    await given_brief(sqlite_desk, review)
    sato = sqlite_desk.sato
    await sato.presses_anyway("brief.open", review)
    await sato.presses("brief.write", where="view")
    await sato.fill({"course": "X年の夏から、また通いはじめた。"})
    await sato.close()
    await sqlite_desk.settle()
    await sqlite_desk.ask_the_clock()
    assert await sqlite_desk.how_many("drafts") == 1  # the control: while the page is there

    await act(sqlite_desk, CONVENER, review_times.cancel, review, "few")
    await sqlite_desk.ask_the_clock()

    assert await sqlite_desk.how_many("briefs") == 0
    assert await sqlite_desk.how_many("drafts") == 0


async def test_how_long_those_invited_see_it_is_as_the_organisation_says(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    await given_brief(sqlite_desk, review)
    there = sqlite_desk.bot.desk.organisation
    rules = there.reviews.model_copy(update={"keeps_days": 3, "settled_days": 1})
    shorter = replace(sqlite_desk.bot.desk, organisation=there.model_copy(update={"reviews": rules}))
    psy = await sqlite_desk.actor(PSY)
    await given_held(sqlite_desk, review)
    sqlite_desk.clock.advance(days=2, hours=12)
    assert (await briefs.read(shorter, psy, review)).brief.words == PAGE  # the control
    await given_record(sqlite_desk, review)
    sqlite_desk.clock.advance(hours=13)  # three days after the end; of the settled record half a day is over
    with pytest.raises(NotInvited):
        await briefs.read(shorter, psy, review)
    assert (await act(sqlite_desk, PSY, briefs.read, review)).brief.words == PAGE  # by the usual rules

    await briefs.sweep(shorter)

    assert await sqlite_desk.how_many("briefs") == 0


async def test_a_settled_record_closes_it_as_soon_as_the_organisation_says(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    await given_brief(sqlite_desk, review)
    there = sqlite_desk.bot.desk.organisation
    rules = there.reviews.model_copy(update={"settled_days": 1})
    sooner = replace(sqlite_desk.bot.desk, organisation=there.model_copy(update={"reviews": rules}))
    psy = await sqlite_desk.actor(PSY)
    await given_held(sqlite_desk, review)
    await given_record(sqlite_desk, review)
    sqlite_desk.clock.advance(hours=23)
    assert (await briefs.read(sooner, psy, review)).brief.words == PAGE  # the control
    sqlite_desk.clock.advance(hours=1)
    with pytest.raises(NotInvited):
        await briefs.read(sooner, psy, review)


async def test_a_page_nobody_approved_is_not_printed(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    await given_brief(sqlite_desk, review, approved=False)
    for person in (CONVENER, HOLDER):
        with pytest.raises(NotApproved):
            await act(sqlite_desk, person, briefs.print_out, review, once="1")
    page = await act(sqlite_desk, CONVENER, briefs.read, review)
    await act(sqlite_desk, CONVENER, briefs.approve, review, page.brief.version)

    await act(sqlite_desk, HOLDER, briefs.print_out, review, once="2")

    assert len(printed(sqlite_desk)) == 1  # the control


async def test_a_page_is_approved_before_the_review_and_not_after_it(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    await given_brief(sqlite_desk, review, approved=False)
    page = await act(sqlite_desk, CONVENER, briefs.read, review)
    await given_held(sqlite_desk, review)

    with pytest.raises(NotNow):
        await act(sqlite_desk, CONVENER, briefs.approve, review, page.brief.version)
    with pytest.raises(NotApproved):
        await act(sqlite_desk, PSY, briefs.read, review)


async def test_a_task_is_nobodys_before_the_record_is_settled(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    await given_held(sqlite_desk, review)
    await given_record(sqlite_desk, review, approved=False)
    [task] = await sqlite_desk.rows("SELECT id FROM review_tasks")
    for person in (HOLDER, CONVENER):
        for do in (review_notes.read_task, review_notes.do):
            with pytest.raises(NotNow):
                await act(sqlite_desk, person, do, task["id"])
    sato = sqlite_desk.sato
    await sqlite_desk.passes(days=6)  # the day before it is due
    assert "は、あした" not in await sato.reads()
    await sato.open_home()
    assert not await sato.has("task.open", where="home")

    await given_approved(sqlite_desk, review)
    await sqlite_desk.passes(minutes=10)

    assert (await sato.reads()).count("は、あした") == 1
    await sato.open_home()
    assert await sato.has("task.open", where="home")
    assert (await act(sqlite_desk, HOLDER, review_notes.read_task, task["id"]))[2].id == task[
        "id"
    ]  # the control
    await act(sqlite_desk, HOLDER, review_notes.do, task["id"])
    [done] = await sqlite_desk.rows("SELECT done_by FROM review_tasks")
    assert done["done_by"] == HOLDER


async def test_what_was_promised_of_a_page_is_looked_at_again_when_it_is_said(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    await given_brief(sqlite_desk, review)
    kept = await review_of(sqlite_desk, review)

    async def promised(once: str) -> tuple[bool, ...]:
        """Whether a paper comes of a promise, and whether 林 and 岡田 hear anything."""
        people = (sqlite_desk.hayashi, sqlite_desk.okada)
        before = [len(printed(sqlite_desk)), *[len(await each.reads()) for each in people]]
        async with sqlite_desk.db.transaction(THE_CLOCK) as tx:
            for person in (PSY, ACADEMIC):
                await review_desk.tell(tx, person, "brief_ready", kept, once)
            await tx.outbox.add(
                "brief_paper", op="upload", to=HOLDER, key=once, review=review, consultation=kept.consultation
            )
        await sqlite_desk.settle()
        after = [len(printed(sqlite_desk)), *[len(await each.reads()) for each in people]]
        return tuple(now > then for now, then in zip(after, before, strict=True))

    assert await promised("1") == (True, True, True)  # the control
    await act(sqlite_desk, PSY, review_times.decline, review)
    assert await promised("2") == (True, False, True)
    drawn = await act(sqlite_desk, HOLDER, briefs.draw, review)
    await act(
        sqlite_desk,
        HOLDER,
        briefs.keep,
        review,
        {**PAGE, "topic": "別の題目"},
        "not_needed",
        None,
        version=drawn.version,
    )
    assert await promised("3") == (False, False, False)


async def test_a_word_that_was_let_stand_in_a_note_is_drawn_into_no_page_and_no_question(sqlite_desk):
    review = await given_review(sqlite_desk)
    [row] = await sqlite_desk.rows("SELECT consultation FROM reviews WHERE id = :r", r=review)
    case, told = str(row["consultation"]), "田中さんが訪問を断りました。"
    let_stand = Confirmed(kept=frozenset({"田中"}))
    holder = await sqlite_desk.actor(HOLDER)
    note = await screened_about(sqlite_desk.bot.desk, holder, Act.HEAR, case, {"words": told}, let_stand)
    assert note["words"] == told  # the control: in the note it stands
    async with sqlite_desk.db.transaction(holder) as tx:
        await case_names.confirm(tx, case, let_stand)
        await tx.casework.write(case, "story", told)

    drawn = await act(sqlite_desk, HOLDER, briefs.draw, review)
    question = await act(sqlite_desk, CONVENER, reviews.question_from, case)

    for text in (drawn.words["course"], question):
        assert "断りました" in text
        assert "田中" not in text


async def test_a_page_printed_after_the_record_is_settled_tells_the_day_that_holds(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    await given_brief(sqlite_desk, review)
    await given_held(sqlite_desk, review)
    until = []
    for once in ("before", "after"):
        page = await act(sqlite_desk, CONVENER, briefs.read, review)
        until.append(page.until)
        await act(sqlite_desk, CONVENER, briefs.print_out, review, once=once)
        await sqlite_desk.ask_the_clock()
        paper = [
            each for each in sqlite_desk.workspace.world.files.values() if each.name.endswith("-brief.pdf")
        ][-1]
        assert said(page.until, "paper").split("(")[0] in read(paper.body), once
        if once == "before":
            await given_record(sqlite_desk, review)
    assert until[1] < until[0]
