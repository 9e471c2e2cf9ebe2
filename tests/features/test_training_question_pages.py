"""The list of questions about a meeting, page by page."""

from bot.usecases import meetings
from handlers.meetings import draw_questions
from tests.meetings import asks, given_meeting, questions_of
from tests.trainings import ORGANIZER, joined


async def test_many_long_questions_come_page_by_page_and_say_so(sqlite_desk):
    desk = sqlite_desk
    training = await given_meeting(desk)
    await joined(desk, training, "U_TAKAGI")
    actor, organizer = await desk.actor("U_TAKAGI"), await desk.actor(ORGANIZER)
    for number in range(25):
        text = f"{number:02d}番の質問です。" + "&" * 985
        await meetings.ask(desk.bot.desk, actor, training.id, text, once=desk.once())
    for asked in await questions_of(desk, training):
        said = meetings.Answer("<" * 2000, "県")
        await meetings.answer(desk.bot.desk, organizer, asked.id, said, once=desk.once())
    await desk.settle()

    async def read(person, opening):
        """Everything said, page by page; the workspace refuses a window Slack would refuse."""
        await person.presses_anyway(opening, training.id)
        found = [await person.reads("view")]
        while any(
            each["text"]["text"] == "つづきを読む"
            for block in (await person.top_view())["blocks"]
            for each in block.get("elements", ())
            if each["type"] == "button"
        ):
            await person.presses("meeting.page", _next(await person.top_view()), where="view")
            found.append(await person.reads("view"))
        return found

    for person, opening in ((desk.kondo, "meeting.questions"), (desk.takagi, "meeting.answers")):
        pages = await read(person, opening)
        assert len(pages) >= 3
        assert "25件のうち、1件めから" in pages[0]
        assert all(sum(f"{n:02d}番の質問" in page for page in pages) == 1 for n in range(25))


def _next(view):
    return next(
        each["value"]
        for block in view["blocks"]
        for each in block.get("elements", ())
        if each["type"] == "button" and each["text"]["text"] == "つづきを読む"
    )


async def test_a_short_list_has_no_second_page(sqlite_desk):
    desk = sqlite_desk
    training = await given_meeting(desk)
    await joined(desk, training, "U_TAKAGI")
    await asks(desk, training, "U_TAKAGI", "駐車場はありますか。")

    await desk.kondo.presses("meeting.questions", training.id, where="bot")

    assert not await desk.kondo.has("meeting.page", where="view")
    assert "件めから" not in await desk.kondo.reads("view")


async def test_a_page_beyond_the_end_is_the_first_one(sqlite_desk):
    desk = sqlite_desk
    training = await given_meeting(desk)
    await joined(desk, training, "U_TAKAGI")
    await asks(desk, training, "U_TAKAGI", "駐車場はありますか。")
    board = await meetings.questions(desk.bot.desk, await desk.actor(ORGANIZER), training.id)

    drawn = str(draw_questions(desk.bot.desk.organisation, board, 40).view())

    assert "駐車場はありますか。" in drawn
    assert "件めから" not in drawn
