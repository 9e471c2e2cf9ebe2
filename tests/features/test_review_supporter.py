"""What the supporter hears of a review: in plain words, on paper, or by telephone."""

import pytest

from bot.domain.review import NotInvited, NotNow, Stage
from bot.domain.review_papers import NotApproved
from bot.domain.staff import THE_CLOCK, Role
from bot.usecases import closing, people, review_notes
from bot.usecases.papers import NothingToPrint
from tests.review_papers import ISSUE, act, case_of, file_names, given_over, given_record, look, loses_slack
from tests.reviews import CONVENER, HOLDER, OTHER, PSY, before, review_of


async def test_the_supporter_hears_it_in_plain_words_and_has_it_on_paper(desk):
    review = await given_over(desk)
    await given_record(desk, review)
    with pytest.raises(NothingToPrint):
        await act(desk, "U_TAKAGI", review_notes.print_advice, review, once="0")
    _, _, drawn = await act(desk, HOLDER, review_notes.advice_drawn, review)
    assert drawn == f"{ISSUE.short}\n{ISSUE.long}"
    sato, takagi = desk.sato, desk.takagi
    await sato.presses("notes.advise", where="bot")
    await sato.fills_and_sends(advice="山田花子さんには、玄関先で天気の話をしてみてください。")
    await sato.fills_and_sends()

    assert "専門職といっしょに考えました" in await takagi.reads()
    await takagi.presses("own.open", where="bot")
    said = await before(takagi)
    assert "玄関先で天気の話" in said
    assert "山田" not in said
    await takagi.presses("advice.print", where="bot")
    assert any(name.endswith("-review.pdf") for name in file_names(desk))
    sent = "専門職といっしょに考えました"
    await act(desk, HOLDER, review_notes.advise, review, (await look(desk, HOLDER, review)).advice.text)
    assert (await takagi.reads()).count(sent) == 1

    await desk.passes(days=14, hours=1)  # asked how it went
    assert await takagi.has("follow_up.helped", where="bot")
    for person in (PSY, OTHER):
        with pytest.raises(NotInvited):
            await act(desk, person, review_notes.print_advice, review, once="1")
    for person in (HOLDER, CONVENER, "U_TANAKA"):
        await act(desk, person, review_notes.print_advice, review, once="1")


async def test_nothing_is_told_before_the_record_is_settled(sqlite_desk):
    review = await given_over(sqlite_desk)
    await given_record(sqlite_desk, review, approved=False)
    for do, more in ((review_notes.advice_drawn, ()), (review_notes.advise, ("天気の話をする。",))):
        with pytest.raises(NotApproved):
            await act(sqlite_desk, HOLDER, do, review, *more)
        with pytest.raises(NotInvited):
            await act(sqlite_desk, PSY, do, review, *more)
    assert (await review_of(sqlite_desk, review)).stage is Stage.HELD


async def test_who_has_no_slack_is_handed_a_page_by_whoever_took_their_call(desk):
    review = await given_over(desk)
    await given_record(desk, review)
    await loses_slack(desk, review)

    await act(desk, HOLDER, review_notes.advise, review, "玄関先で天気の話をしてみてください。")

    tanaka = desk.tanaka
    assert "お渡しください" in await tanaka.reads()
    await tanaka.presses("advice.print", where="bot")
    assert any(name.endswith("-review.pdf") for name in file_names(desk))
    assert "専門職といっしょに" not in await desk.takagi.reads()


async def test_nothing_is_told_about_a_consultation_that_was_taken_back(sqlite_desk):
    review = await given_over(sqlite_desk)
    await given_record(sqlite_desk, review)
    await act(sqlite_desk, "U_TAKAGI", closing.withdraw, (await case_of(sqlite_desk, review)).id)
    with pytest.raises(NotNow):
        await act(sqlite_desk, CONVENER, review_notes.advise, review, "天気の話をする。")
    assert await sqlite_desk.how_many("review_advice") == 0


async def test_who_has_no_slack_is_asked_by_telephone_how_it_went(desk):
    review = await given_over(desk)
    await given_record(desk, review)
    await loses_slack(desk, review)
    await act(desk, HOLDER, review_notes.advise, review, "玄関先で天気の話をしてみてください。")
    await desk.passes(days=13)
    assert "2週間ほどになります" not in await desk.sato.reads()
    await desk.passes(days=1, minutes=1)
    await desk.passes(minutes=10)
    assert (await desk.sato.reads()).count("2週間ほどになります") == 1
    assert await desk.sato.has("activity.open", where="bot")


async def test_a_supporter_with_slack_is_not_asked_twice(sqlite_desk):
    review = await given_over(sqlite_desk)
    await given_record(sqlite_desk, review)
    await act(sqlite_desk, HOLDER, review_notes.advise, review, "玄関先で天気の話をしてみてください。")
    await sqlite_desk.passes(days=14, hours=1)
    assert "2週間ほどになります" not in await sqlite_desk.sato.reads()


async def test_a_page_is_handed_on_by_somebody_who_can_print_it(sqlite_desk):
    review = await given_over(sqlite_desk)
    await given_record(sqlite_desk, review)
    await loses_slack(sqlite_desk, review)
    await people.revoke(sqlite_desk.bot.desk, THE_CLOCK, "U_TANAKA", Role.OPERATOR)
    await act(sqlite_desk, HOLDER, review_notes.advise, review, "玄関先で天気の話をしてみてください。")
    assert "お渡しください" not in await sqlite_desk.tanaka.reads()
    await sqlite_desk.sato.presses("advice.print", where="bot")
    assert any(name.endswith("-review.pdf") for name in file_names(sqlite_desk))
