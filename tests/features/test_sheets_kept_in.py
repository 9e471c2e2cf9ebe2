"""What one case prepares stays its own: no office, draft or code of another gets in, and every wrong code is written down."""

import pytest

from bot.domain.agreement import OutsideScope
from bot.domain.handover import NoSuchAnswerCode, State
from bot.domain.staff import THE_CLOCK
from bot.usecases import case_names, handover_answers, handovers
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import tell
from bot.usecases.handover_answers import Said
from bot.usecases.handover_ways import Office
from bot.usecases.handovers import Draft, Wanted
from bot.usecases.package_content import spoken
from tests.handovers import (
    NAGAHAMA,
    TEXTS,
    WITH_MEMBER,
    agreed,
    drafted,
    found,
    packages,
    sent,
    takes_back,
    token,
)

BY_LAW = Wanted("plan", office=Office("shien_konkyu", NAGAHAMA))


async def drafts(desk, number: str, receivers: tuple[str, ...], replaces: str = ""):
    """The sheet for a 支援会議, which needs no agreement."""
    told = Draft("shien_konkyu", "plan", receivers, None, TEXTS, secrecy=True, replaces=replaces)
    return await handovers.draft(
        desk.bot.desk, await desk.actor("U_SATO"), await desk.id_of(number), told, once=desk.once()
    )


async def test_an_office_of_another_case_is_none_of_this_one(sqlite_desk):
    number, other = await sqlite_desk.given_heard(), await sqlite_desk.given_heard()
    [own] = (await found(sqlite_desk, number, BY_LAW)).receivers
    [theirs] = (await found(sqlite_desk, other, BY_LAW)).receivers

    with pytest.raises(OutsideScope):
        await drafts(sqlite_desk, number, (theirs.id,))
    assert await packages(sqlite_desk, number) == []
    assert len((await drafts(sqlite_desk, number, (own.id,))).sheets) == 1  # the control


async def test_what_is_written_again_throws_away_its_own_draft_and_nobody_elses(sqlite_desk):
    number, other = await sqlite_desk.given_heard(), await sqlite_desk.given_heard()
    [own] = (await found(sqlite_desk, number, BY_LAW)).receivers
    first = await drafts(sqlite_desk, number, (own.id,))
    theirs = await drafted(sqlite_desk, other, await agreed(sqlite_desk, other))

    await drafts(sqlite_desk, number, (own.id,), replaces=theirs.sheets[0][0].batch)
    assert {each.state for each in await packages(sqlite_desk, other)} == {State.DRAFT}

    await drafts(sqlite_desk, number, (own.id,), replaces=first.sheets[0][0].batch)  # the control
    states = [each.state for each in await packages(sqlite_desk, number)]
    assert states == [State.DROPPED, State.DRAFT, State.DRAFT]


async def test_each_wrong_code_is_written_down_and_a_right_one_is_not(sqlite_desk):
    number = await sqlite_desk.given_heard()
    [package, _] = await sent(sqlite_desk, number, await agreed(sqlite_desk, number))
    tanaka = await sqlite_desk.actor("U_TANAKA")

    async def refused() -> int:
        async with sqlite_desk.db.reading() as ask:
            return [each.event for each in await ask.audit.trail("U_TANAKA")].count("access.refused")

    before = await refused()
    for n in (1, 2):
        with pytest.raises(NoSuchAnswerCode):
            await handover_answers.answer_by_code(
                sqlite_desk.bot.desk, tanaka, package.number, "B" * 8, Said("accepted")
            )
        assert await refused() == before + n
    right = spoken(await token(sqlite_desk, package))
    await handover_answers.answer_by_code(
        sqlite_desk.bot.desk, tanaka, package.number, right, Said("accepted")
    )
    assert await refused() == before + 2


async def test_what_was_let_stand_in_a_note_is_masked_in_what_a_sheet_could_say(sqlite_desk):
    number = await sqlite_desk.given_heard()
    case = await sqlite_desk.id_of(number)
    agreement = await agreed(sqlite_desk, number)
    async with sqlite_desk.db.transaction(await sqlite_desk.actor("U_SATO")) as tx:
        await case_names.confirm(tx, case, Confirmed(kept=frozenset({"山田花子"})))
        await tx.casework.write(case, "story", "山田花子さんが訪問を断りました。")
        said = await case_names.case_of(tx, case)
    seen = await case_names.read_together({"note": "山田花子さんが訪問を断りました。"}, said)
    assert "山田花子" in seen["note"].masked  # the control: in a note it stands

    chosen = (f"{agreement.id}/{agreement.receivers[0]}",)
    texts = (await found(sqlite_desk, number, Wanted("plan", chosen=chosen))).texts

    assert "訪問を断りました" in texts["trouble"]
    assert "山田" not in str(texts)


async def test_a_sheet_that_was_asked_back_is_not_made_any_more_on_paper_nor_as_a_table(sqlite_desk):
    number = await sqlite_desk.given_heard()
    agreement = await agreed(sqlite_desk, number)
    [package, _] = await sent(sqlite_desk, number, agreement)

    async def promised(once: str) -> int:
        """How many files come of a promise of both."""
        before = len(sqlite_desk.workspace.world.files)
        async with sqlite_desk.db.transaction(THE_CLOCK) as tx:
            await handovers.papers(tx, package, "U_SATO", once)
        await sqlite_desk.settle()
        return len(sqlite_desk.workspace.world.files) - before

    assert await promised("1") == 2  # the control
    await takes_back(sqlite_desk, agreement)

    assert await promised("2") == 0


async def test_nobody_is_offered_the_button_again_once_they_answered(sqlite_desk):
    number = await sqlite_desk.given_heard()
    [package, _] = await sent(sqlite_desk, number, await agreed(sqlite_desk, number, offices=WITH_MEMBER))
    arrived = "受け取れるかどうか、お聞かせください"

    async def offered(once: str) -> int:
        """How often it was said that a sheet came, when that is promised once more."""
        async with sqlite_desk.db.transaction(THE_CLOCK) as tx:
            consultation = await tx.consultations.get(package.consultation)
            await tell(tx, "U_KITAMURA", "package_arrived", consultation, once, package=package.id)
        await sqlite_desk.settle()
        return (await sqlite_desk.kitamura.reads()).count(arrived)

    assert await offered("1") == 2  # the control: with the first one
    secret, member = await token(sqlite_desk, package), await sqlite_desk.actor("U_KITAMURA")
    await handover_answers.answer_by_token(sqlite_desk.bot.desk, member, package.id, secret, Said("accepted"))

    assert await offered("2") == 2
