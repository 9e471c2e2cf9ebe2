"""事例の1枚: drawn without anybody in it, checked by a person, for those invited alone, and gone when its time is over."""

import re
from datetime import date

import pytest

from bot.domain.refusals import Changed, InTheFuture, Missing
from bot.domain.review import NotInvited, NotNow
from bot.domain.review_papers import BriefGone, NotApproved, NotWritten, TooLongForPage
from bot.domain.staff import THE_CLOCK, Role
from bot.usecases import briefs, closing, people, review_polls, review_times
from bot.usecases.desk import Identified
from tests.review_papers import PAGE, act, comes_to, given_brief, given_sitting
from tests.reviews import (
    ACADEMIC,
    CONVENER,
    HOLDER,
    OTHER,
    PSY,
    at,
    before,
    given_experts,
    given_people,
    given_poll,
    given_review,
)


async def number_of(desk, review: str) -> str:
    [row] = await desk.rows(
        "SELECT c.number FROM consultations AS c JOIN reviews AS r ON r.consultation = c.id WHERE r.id = :r",
        r=review,
    )
    return row["number"]


async def reads(desk, person: str, review: str):
    return await act(desk, person, briefs.read, review)


async def test_the_page_goes_from_the_draft_to_those_invited(desk):
    review = await given_sitting(desk)
    sato, yamamoto, hayashi = desk.sato, desk.yamamoto, desk.hayashi
    await sato.open_home()
    await sato.presses("brief.write", where="home")
    await sato.fills_and_sends(**{**PAGE, "course": "X年に、山田花子さんが訪問を断りました。"}, agreement="supporter",
                               agreed_on="2026-11-20")  # fmt: skip
    assert "このように伏せました" in await before(sato)
    await sato.fills_and_sends()
    said = await before(sato)
    assert "山田" not in said
    assert "まだ、書いた方とコーディネーターだけ" in said
    assert "事例の1枚" not in await hayashi.reads()

    await yamamoto.presses("brief.open", where="C_COORD")
    await yamamoto.presses("brief.approve", where="view")
    assert "読めるのは 12月17日(木) 11時30分まで" in await before(yamamoto)
    await hayashi.presses("brief.open", where="bot")

    said = await before(hayashi)
    assert "親の介護と仕事" in said
    assert "書き直す" not in said
    trail = await desk.trail(await number_of(desk, review))
    assert [each for each in trail if each.startswith("brief.")] == [
        "brief.written", "brief.read", "brief.approved", "brief.read",
    ]  # fmt: skip


async def test_the_draft_holds_nobody_and_no_day(sqlite_desk):
    review = await given_review(sqlite_desk)
    number = await number_of(sqlite_desk, review)
    async with sqlite_desk.db.transaction(await sqlite_desk.actor(HOLDER)) as tx:
        await tx.casework.write(
            await sqlite_desk.id_of(number),
            "story",
            "2026年3月に山田花子さんが訪問を断りました。犬が8匹います。",
        )
        await tx.casework.write(await sqlite_desk.id_of(number), "handover", "林さんから引き継ぎました。")

    drawn = await act(sqlite_desk, HOLDER, briefs.draw, review)

    assert "断りました" in drawn.words["course"]
    assert not re.search("山田|2026|8匹|林", drawn.words["course"])
    assert set(drawn.words) == set(PAGE)


async def test_the_draft_tells_the_household_in_symbols_and_stops_at_a_full_stop(sqlite_desk):
    review = await given_review(sqlite_desk)
    async with sqlite_desk.db.transaction(await sqlite_desk.actor(HOLDER)) as tx:
        case = await sqlite_desk.id_of(await number_of(sqlite_desk, review))
        await tx.casework.write(
            case, "story", "84歳の母と55歳の息子の世帯です。" + "訪問を断られています。" * 60
        )

    drawn = await act(sqlite_desk, HOLDER, briefs.draw, review)

    assert drawn.words["household"] == "○80代（母）－□50代（息子）"
    assert drawn.words["course"].endswith("断られています。")
    assert 480 < len(drawn.words["course"]) <= 500


async def test_only_those_invited_read_it_and_only_once_it_is_approved(desk):
    await given_experts(desk, U_NISHI=Role.EXPERT_LEGAL)
    review = await given_poll(desk)
    await given_brief(desk, review, approved=False)
    for person in (PSY, ACADEMIC):
        with pytest.raises(NotApproved):
            await reads(desk, person, review)
    assert (await reads(desk, HOLDER, review)).brief.words == PAGE
    page = await reads(desk, CONVENER, review)
    await act(desk, CONVENER, briefs.approve, review, page.brief.version)

    for person in (PSY, ACADEMIC, HOLDER, CONVENER):
        assert (await reads(desk, person, review)).brief.words == PAGE
    for person in (OTHER, "U_NISHI", "U_TANAKA", "U_TAKAGI", "U_ADMIN", "U_KONDO"):
        with pytest.raises(NotInvited):
            await reads(desk, person, review)
    for person in (PSY, OTHER, "U_TAKAGI"):
        for do in (briefs.draw, briefs.print_out):
            with pytest.raises(NotInvited):
                await act(desk, person, do, review, **({"once": "1"} if do is briefs.print_out else {}))


async def test_who_is_chosen_and_not_asked_yet_sees_nothing(sqlite_desk):
    await given_experts(sqlite_desk)
    review = await given_review(sqlite_desk)
    await given_people(sqlite_desk, review)
    await given_brief(sqlite_desk, review)

    with pytest.raises(NotInvited):
        await reads(sqlite_desk, PSY, review)


async def test_who_leaves_or_loses_the_role_sees_nothing_from_then_on(desk):
    review = await given_sitting(desk)
    await given_brief(desk, review)
    for person in (PSY, ACADEMIC):
        assert (await reads(desk, person, review)).brief.words == PAGE

    await act(desk, PSY, review_times.decline, review)
    await people.revoke(desk.bot.desk, THE_CLOCK, ACADEMIC, Role.EXPERT_ACADEMIC)

    for person in (PSY, ACADEMIC):
        with pytest.raises(NotInvited):
            await reads(desk, person, review)
    assert (await reads(desk, HOLDER, review)).brief.words == PAGE  # the control


async def test_the_page_is_gone_two_weeks_after_the_end_for_everybody(desk):
    review = await given_sitting(desk)
    await given_brief(desk, review)
    await act(desk, CONVENER, briefs.print_out, review, once="1")
    assert any(each.name.endswith("-brief.pdf") for each in desk.workspace.world.files.values())
    await comes_to(desk, review)
    await desk.passes(days=14, hours=1, minutes=29)
    assert (await reads(desk, PSY, review)).brief.words == PAGE
    assert await desk.how_many("briefs") == 1

    await desk.passes(minutes=1)

    assert await desk.how_many("briefs") == 0
    assert not any(each.name.endswith("-brief.pdf") for each in desk.workspace.world.files.values())
    with pytest.raises(NotInvited):
        await reads(desk, PSY, review)
    with pytest.raises(BriefGone):
        await reads(desk, CONVENER, review)
    assert "brief.expired" in await desk.trail(await number_of(desk, review))


async def test_a_review_that_is_called_off_takes_its_page_with_it(desk):
    review = await given_sitting(desk)
    await given_brief(desk, review)
    await act(desk, CONVENER, review_times.cancel, review, "few")
    with pytest.raises(NotInvited):
        await reads(desk, PSY, review)

    await desk.ask_the_clock()

    assert await desk.how_many("briefs") == 0


async def test_a_change_needs_a_new_approval(desk):
    review = await given_sitting(desk)
    await given_brief(desk, review)
    drawn = await act(desk, HOLDER, briefs.draw, review)
    same = await act(
        desk,
        HOLDER,
        briefs.keep,
        review,
        drawn.words,
        drawn.agreement,
        drawn.agreed_on,
        version=drawn.version,
    )
    assert same.brief.approved_at is not None

    await act(desk, HOLDER, briefs.keep, review, {**PAGE, "topic": "別の題目"}, "not_needed", None,
              version=drawn.version)  # fmt: skip

    with pytest.raises(NotApproved):
        await reads(desk, PSY, review)
    with pytest.raises(Changed):  # as it was read before the change
        await act(desk, CONVENER, briefs.approve, review, drawn.version)
    with pytest.raises(Changed):  # and two do not write over each other
        await act(desk, CONVENER, briefs.keep, review, PAGE, "not_needed", None, version=drawn.version)


async def test_what_cannot_be_is_refused_on_its_field(sqlite_desk):
    review = await given_review(sqlite_desk)
    day = date(2026, 11, 20)
    for change, agreement, on, refusal, field in (
        ({"topic": " "}, "supporter", day, Missing, "topic"),
        ({"question": ""}, "supporter", day, Missing, "question"),
        ({}, None, day, Missing, "agreement"),
        ({}, "supporter", None, Missing, "agreed_on"),
        ({}, "supporter", date(2027, 1, 1), InTheFuture, "agreed_on"),
        ({"course": "あ" * 501}, "supporter", day, TooLongForPage, "course"),
        ({"strengths": "山田花子さんの力。"}, "supporter", day, Identified, "strengths"),
    ):
        with pytest.raises(refusal) as refused:
            await act(sqlite_desk, HOLDER, briefs.keep, review, {**PAGE, **change}, agreement, on, version=-1)
        assert refused.value.field == field
    assert await sqlite_desk.how_many("briefs") == 0


async def test_what_is_unusual_is_pointed_at_before_it_is_shown(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    await given_brief(sqlite_desk, review, approved=False, course="犬が8匹います。")
    page = await reads(sqlite_desk, CONVENER, review)
    assert list(page.unusual) == ["course"]
    await sqlite_desk.yamamoto.presses("brief.open", where="C_COORD")
    assert "めずらしい事実が残っています" in await before(sqlite_desk.yamamoto)

    await sqlite_desk.yamamoto.presses("brief.approve", where="view")
    await sqlite_desk.hayashi.presses("brief.open", where="bot")
    assert "めずらしい" not in await before(sqlite_desk.hayashi)


async def test_words_of_a_page_lie_sealed(desk):
    review = await given_sitting(desk)
    await given_brief(desk, review)
    [row] = await desk.rows("SELECT * FROM briefs")
    assert not any(PAGE["topic"] in str(each) for each in row.values())
    sent = await desk.rows("SELECT facts FROM outbox")
    assert not any("介護" in str(each) for each in sent)


async def test_after_it_is_over_nobody_writes_it_any_more(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    await comes_to(sqlite_desk, review)
    await sqlite_desk.passes(hours=2)
    with pytest.raises(NotNow):
        await act(sqlite_desk, HOLDER, briefs.draw, review)


async def test_a_consultation_that_is_taken_back_takes_its_page_with_it(desk):
    review = await given_sitting(desk)
    await given_brief(desk, review)
    await comes_to(desk, review)
    await desk.passes(hours=2)  # it was held
    assert (await reads(desk, PSY, review)).brief.words == PAGE
    [row] = await desk.rows("SELECT consultation FROM reviews WHERE id = :r", r=review)
    await act(desk, "U_TAKAGI", closing.withdraw, row["consultation"])

    with pytest.raises(NotInvited):
        await reads(desk, PSY, review)
    await desk.ask_the_clock()
    assert await desk.how_many("briefs") == 0


async def test_a_time_that_is_asked_about_again_ends_nothing(desk):
    review = await given_sitting(desk)
    await given_brief(desk, review)
    await act(desk, CONVENER, review_polls.poll, review, [at(18), at(21)], None, at(16))
    await desk.passes(days=24)  # two weeks after the first time
    assert await desk.how_many("briefs") == 1
    assert (await reads(desk, PSY, review)).brief.words == PAGE

    await desk.passes(days=12)  # a poll nobody decided
    with pytest.raises(NotInvited):
        await reads(desk, PSY, review)
    assert await desk.how_many("briefs") == 0


async def given_printed(desk, **brief) -> str:
    """A review whose page the coordinator and the presenter have printed; its id."""
    review = await given_sitting(desk)
    await given_brief(desk, review, **brief)
    for person in (CONVENER, HOLDER):
        await act(desk, person, briefs.print_out, review, once="1")
    assert len(printed(desk)) == 2
    return review


def printed(desk) -> list[str]:
    return [each.name for each in desk.workspace.world.files.values() if each.name.endswith("-brief.pdf")]


async def test_files_go_also_where_the_outbox_has_forgotten_them(desk):
    review = await given_printed(desk)
    async with desk.db.transaction(THE_CLOCK) as tx:
        tx.connection.later("DELETE FROM outbox WHERE op = 'upload'", {})
    await desk.ask_the_clock()
    assert len(printed(desk)) == 2  # the control: its time is not over
    await act(desk, CONVENER, review_times.cancel, review, "few")
    await desk.ask_the_clock()
    assert printed(desk) == []
    assert await desk.how_many("review_files") == 0


async def test_a_page_that_was_changed_takes_back_what_was_printed_of_it(desk):
    review = await given_printed(desk)
    drawn = await act(desk, HOLDER, briefs.draw, review)
    changed = {**PAGE, "topic": "別の題目"}
    page = await act(desk, HOLDER, briefs.keep, review, changed, "not_needed", None, version=drawn.version)
    await desk.passes(seconds=1)
    assert printed(desk) == []

    await act(desk, CONVENER, briefs.approve, review, page.brief.version)
    await desk.passes(seconds=1)
    await act(desk, HOLDER, briefs.print_out, review, once="2")
    await desk.ask_the_clock()
    assert len(printed(desk)) == 1  # the control


async def test_whoever_holds_the_case_no_more_keeps_no_file_of_it(desk):
    await given_printed(desk)
    await people.revoke(desk.bot.desk, THE_CLOCK, HOLDER, Role.COUNSELOR)
    await desk.ask_the_clock()
    assert len(printed(desk)) == 1  # the coordinator's


async def test_files_go_when_the_consultation_is_destroyed_before_its_time(desk):
    review = await given_printed(desk)
    [row] = await desk.rows("SELECT consultation FROM reviews WHERE id = :r", r=review)
    async with desk.db.transaction(THE_CLOCK) as tx:
        await tx.expiry.shred_consultation(row["consultation"])
    assert len(printed(desk)) == 2
    await desk.ask_the_clock()
    assert printed(desk) == []


async def test_the_home_shows_nothing_of_a_consultation_that_was_taken_back(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    await given_brief(sqlite_desk, review)
    await comes_to(sqlite_desk, review)
    await sqlite_desk.passes(hours=2)
    hayashi = sqlite_desk.hayashi
    await hayashi.open_home()
    assert await hayashi.has("brief.open", where="home")
    [row] = await sqlite_desk.rows("SELECT consultation FROM reviews WHERE id = :r", r=review)
    await act(sqlite_desk, "U_TAKAGI", closing.withdraw, row["consultation"])
    await hayashi.open_home()
    assert not await hayashi.has("brief.open", where="home")
    assert not await hayashi.has("notes.open", where="home")


async def test_whoever_could_write_the_page_is_told_that_nobody_has(sqlite_desk):
    review = await given_sitting(sqlite_desk)

    with pytest.raises(NotWritten):
        await act(sqlite_desk, CONVENER, briefs.read, review)
    with pytest.raises(NotWritten):
        await act(sqlite_desk, HOLDER, briefs.read, review)
    with pytest.raises(NotApproved) as refused:  # the control: whoever only reads waits
        await act(sqlite_desk, PSY, briefs.read, review)

    assert not isinstance(refused.value, NotWritten)
