"""The papers of reviews for tests: a page, a sitting, a record, through the desk's own acts."""

from datetime import date

from bot.domain.review_papers import Issue
from bot.domain.staff import THE_CLOCK, Role
from bot.usecases import briefs, people, review_notes, sittings
from tests.reviews import CONVENER, HOLDER, PSY, given_experts, given_fixed, review_of

PAGE = {
    "topic": "親の介護と仕事の両立に悩む世帯",
    "reason": "訪問を断られることが続いている。",
    "question": "どう声をかけると、また会ってもらえるか",
    "household": "□80代（父）－○50代（娘・主な介護者）",
    "course": "X年の春から、通所を休みがちになった。",
    "agencies": "居宅介護支援事業所、市の高齢者の窓口",
    "strengths": "娘さんは、父の好きな食べ物をよく知っている。",
}
ISSUE = Issue(
    "訪問を断られる", "断ることで暮らしを守っている。", "玄関先で天気の話をする。", "通院に同行する。"
)
SUPERVISOR = "U_SUZUKI"
DUE = date(2026, 12, 10)


async def act(desk, person: str, do, *args, **more):
    """Somebody does something, and all that follows is said."""
    found = await do(desk.bot.desk, await desk.actor(person), *args, **more)
    await desk.settle()
    return found


async def given_sitting(desk, **more) -> str:
    """A review on the third of December at ten, with everybody; its id."""
    await given_experts(desk)
    return await given_fixed(desk, **more)


async def given_brief(desk, review: str, *, approved: bool = True, by: str = HOLDER, **words) -> None:
    """Its page, approved or not."""
    page = await act(
        desk, by, briefs.keep, review, {**PAGE, **words}, "subject_oral", date(2026, 11, 20), version=-1
    )
    if approved:
        await act(desk, CONVENER, briefs.approve, review, page.brief.version)


async def comes_to(desk, review: str, **before) -> None:
    """The clock comes to its beginning."""
    starts_at = (await review_of(desk, review)).starts_at
    desk.clock.advance(seconds=(starts_at - desk.clock.now).total_seconds())
    await desk.ask_the_clock()


async def given_held(desk, review: str) -> None:
    """It began and ended in time."""
    await comes_to(desk, review)
    await act(desk, CONVENER, sittings.begin, review)
    await desk.passes(minutes=89)
    await act(desk, CONVENER, sittings.end, review)


async def given_over(desk, **more) -> str:
    """A review that is over; its id."""
    review = await given_sitting(desk, **more)
    await given_held(desk, review)
    return review


async def given_record(desk, review: str, *, by: str = PSY, approved: bool = True) -> None:
    """A record with one issue and a task of the holder's; `by` wrote it."""
    writer = by if by != PSY else HOLDER
    await act(desk, writer, review_notes.keep_issue, review, 99, "", ISSUE)
    await act(desk, writer, review_notes.keep_task, review, "", "娘さんに電話でようすをうかがう", HOLDER, DUE)
    if approved:
        await given_approved(desk, review)


async def given_approved(desk, review: str) -> None:
    """Somebody who did not write it approves the record."""
    await people.grant(desk.bot.desk, THE_CLOCK, SUPERVISOR, Role.SUPERVISOR)
    book = await act(desk, SUPERVISOR, review_notes.look, review)
    await act(desk, SUPERVISOR, review_notes.approve, review, book.notes.version)


async def look(desk, person: str, review: str):
    return await act(desk, person, review_notes.look, review)


async def case_of(desk, review: str):
    async with desk.db.reading() as ask:
        return await ask.consultations.get((await ask.reviews.get(review)).consultation)


async def loses_slack(desk, review: str) -> None:
    """Let it be as if an operator had entered it for somebody without Slack."""
    case = await case_of(desk, review)
    async with desk.db.transaction(await desk.actor("U_TANAKA")) as tx:
        tx.connection.later(
            "UPDATE consultations SET supporter = NULL, entered_by = 'U_TANAKA' WHERE id = :id",
            {"id": case.id},
        )


def file_names(desk) -> list[str]:
    return [each.name for each in desk.workspace.world.files.values()]
