"""つなぐ, the answers: by the code of the paper or by the receiver's own button, once."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.certificate import TooManyLookups
from bot.domain.handover import AnswerButtonOver, NoSuchAnswerCode, State
from bot.domain.refusals import NotAllowed
from bot.domain.staff import THE_CLOCK, Role
from bot.usecases import handover_answers, people
from bot.usecases.handover_answers import Said
from bot.usecases.package_content import spoken
from tests.handovers import WITH_MEMBER, agreed, asked, content, packages, sent, takes_back, token


async def test_an_operator_enters_an_answer_with_the_code_of_the_paper_and_it_serves_once(desk):
    number = await desk.given_heard()
    [first, _] = await sent(desk, number, await agreed(desk, number))
    code = spoken(await token(desk, first))
    assert code in (await content(desk, first)).written

    await desk.tanaka.open_home()
    await desk.tanaka.presses("package.reply", where="home")
    await desk.tanaka.fills_and_sends(
        number=first.number,
        code=code.lower(),
        answer="rejected",
        reason="full",
        words="来月なら受けられます。",
    )
    assert "お返事を承りました" in await desk.tanaka.reads("view")

    again = (await packages(desk, number))[0]
    assert (again.state, again.reason, again.answered_through) == (State.REJECTED, "full", "U_TANAKA")
    assert "わけは「いまは受けられない」です" in await desk.sato.reads()
    opened = await handover_answers.opened(desk.bot.desk, await desk.actor("U_SATO"), first.id)
    assert opened.reply == "来月なら受けられます。"
    with pytest.raises(NoSuchAnswerCode):
        await handover_answers.answer_by_code(
            desk.bot.desk, await desk.actor("U_TANAKA"), first.number, code, Said("accepted")
        )


async def test_a_wrong_code_an_old_one_and_guessing_are_refused(sqlite_desk):
    number = await sqlite_desk.given_heard()
    [first, second] = await sent(sqlite_desk, number, await agreed(sqlite_desk, number))
    tanaka, right = (
        await sqlite_desk.actor("U_TANAKA"),
        [spoken(await token(sqlite_desk, each)) for each in (first, second)],
    )

    async def enters(given_number, code):
        return await handover_answers.answer_by_code(
            sqlite_desk.bot.desk, tanaka, given_number, code, Said("accepted")
        )

    for given, code in (
        (first.number, right[1]),
        ("R8-9999-1", right[0]),
        (first.number, ""),
        (first.number, "A" * 8),
    ):
        with pytest.raises(NoSuchAnswerCode):
            await enters(given, code)
    with pytest.raises(NotAllowed):
        await handover_answers.answer_by_code(
            sqlite_desk.bot.desk,
            await sqlite_desk.actor("U_TAKAGI"),
            first.number,
            right[0],
            Said("accepted"),
        )
    for _ in range(6):
        with pytest.raises(NoSuchAnswerCode):
            await enters(first.number, "B" * 8)
    with pytest.raises(TooManyLookups):
        await enters(first.number, right[0])
    sqlite_desk.clock.advance(minutes=11)
    assert (await enters(first.number, right[0])).state is State.ACCEPTED
    sqlite_desk.clock.advance(days=61)
    with pytest.raises(NoSuchAnswerCode):
        await enters(second.number, right[1])


async def test_the_button_of_a_receiver_is_theirs_alone_and_serves_once(desk):
    number = await desk.given_heard()
    offices = (replace(asked(desk).offices[0], person="U_KITAMURA"),)
    [package] = await sent(desk, number, await agreed(desk, number, offices=offices))
    secret = await token(desk, package)
    assert secret not in json.dumps(await desk.rows("SELECT * FROM packages"))
    assert secret not in json.dumps(await desk.rows("SELECT * FROM outbox"))
    assert f"{number}-1-sheet.pdf" in desk.told()

    for other in ("U_TAKAGI", "U_SATO"):
        with pytest.raises(NotAllowed):
            await handover_answers.answer_by_token(
                desk.bot.desk, await desk.actor(other), package.id, secret, Said("accepted")
            )
    kitamura = await desk.actor("U_KITAMURA")
    with pytest.raises(NoSuchAnswerCode):
        await handover_answers.answer_by_token(
            desk.bot.desk, kitamura, package.id, "x" * 32, Said("accepted")
        )
    await desk.kitamura.presses("package.reject", where="bot")
    await desk.kitamura.fills_and_sends(reason="other_place", words="地域包括のほうが合うと思います。")
    assert (await packages(desk, number))[0].state is State.REJECTED
    await desk.kitamura.presses("package.accept", where="bot")  # the old button is still there
    assert "お断り" in await desk.kitamura.refused()
    assert (await packages(desk, number))[0].state is State.REJECTED


async def test_who_waits_is_reminded_each_week_and_only_while_waiting(desk):
    number = await desk.given_heard()
    [first, _] = await sent(desk, number, await agreed(desk, number))
    await desk.passes(days=6)
    assert "お待ちしています" not in await desk.sato.reads()
    await desk.passes(days=1)
    await desk.passes(minutes=30)
    assert (await desk.sato.reads()).count("お待ちしています") == 2
    await handover_answers.answer(desk.bot.desk, await desk.actor("U_SATO"), first.id, Said("accepted"))
    await desk.passes(days=7)
    assert (await desk.sato.reads()).count("お待ちしています") == 3


async def test_nobody_is_reminded_at_night(sqlite_desk):
    number = await sqlite_desk.given_heard()
    await sent(sqlite_desk, number, await agreed(sqlite_desk, number))
    night = (sqlite_desk.clock.now + timedelta(days=7)).replace(hour=14, minute=0)  # 23 o'clock, Tokyo
    await sqlite_desk.passes(seconds=(night - sqlite_desk.clock.now).total_seconds())
    assert "お待ちしています" not in await sqlite_desk.sato.reads()
    await sqlite_desk.passes(hours=11)
    assert "お待ちしています" in await sqlite_desk.sato.reads()


async def test_whoever_left_the_desk_sees_no_more_what_they_handed_on(sqlite_desk):
    number = await sqlite_desk.given_heard()
    [first, _] = await sent(sqlite_desk, number, await agreed(sqlite_desk, number))
    await sqlite_desk.sato.open_home()
    assert first.number in await sqlite_desk.sato.reads("home")  # the control
    await people.grant(sqlite_desk.bot.desk, THE_CLOCK, "U_SATO", Role.ORGANIZER)
    await people.revoke(sqlite_desk.bot.desk, THE_CLOCK, "U_SATO", Role.COUNSELOR)
    await sqlite_desk.sato.open_home()
    assert first.number not in await sqlite_desk.sato.reads("home")


async def test_accepted_is_finished_and_the_giver_keeps_sight_of_it_a_while(desk):
    number = await desk.given_heard()
    [first, second] = await sent(desk, number, await agreed(desk, number))
    sato = await desk.actor("U_SATO")
    await handover_answers.answer(desk.bot.desk, sato, first.id, Said("accepted"))
    await desk.sato.open_home()
    await desk.sato.presses("details.open", await desk.id_of(number), where="home")
    assert "つないだもの" in await desk.sato.reads("view")
    await desk.sato.presses("linkage.open", where="view")
    await desk.sato.presses("package.open", first.id, where="view")
    await desk.sato.presses("package.done", first.id, where="view")
    assert "つなぎ終わり" in await desk.sato.reads("view")
    await desk.sato.presses("package.print", first.id, where="view")
    assert (await desk.sato.reads()).count(f"つなぎシート {number}-1 です") == 2
    await desk.sato.open_home()
    assert first.number in await desk.sato.reads("home")
    desk.clock.advance(days=91)
    await desk.sato.open_home()
    home = await desk.sato.reads("home")
    assert first.number not in home
    assert second.number in home  # still waited for


async def test_a_button_that_serves_no_more_says_so(sqlite_desk):
    number = await sqlite_desk.given_heard()
    first, _ = await sent(sqlite_desk, number, await agreed(sqlite_desk, number, offices=WITH_MEMBER))
    async with sqlite_desk.db.reading() as ask:
        secret = ask.handovers.token(first.id, "answer")
    sqlite_desk.clock.advance(days=61)
    kitamura = await sqlite_desk.actor("U_KITAMURA")
    with pytest.raises(AnswerButtonOver):
        await handover_answers.answer_by_token(
            sqlite_desk.bot.desk, kitamura, first.id, secret, Said("accepted")
        )
    await sqlite_desk.kitamura.presses("package.accept", where="bot")
    assert "お電話で窓口へ" in await sqlite_desk.kitamura.refused()


async def test_without_slack_each_receiver_can_say_each_thing_by_the_code_of_its_paper(sqlite_desk):
    """Accepting, refusing, and giving back: by an operator, who learns nothing of the case."""
    number = await sqlite_desk.given_heard()
    agreement = await agreed(sqlite_desk, number)
    both = await sent(sqlite_desk, number, agreement)
    tanaka = await sqlite_desk.actor("U_TANAKA")

    async def says(package, step, said):
        async with sqlite_desk.db.reading() as ask:
            code = spoken(ask.handovers.token(package.id, step))
        return await handover_answers.answer_by_code(sqlite_desk.bot.desk, tanaka, package.number, code, said)

    assert (await says(both[0], "answer", Said("accepted"))).state is State.ACCEPTED
    assert (await says(both[1], "answer", Said("rejected", "full"))).state is State.REJECTED
    await takes_back(sqlite_desk, agreement)
    for each in both:
        assert (await says(each, "return", Said("returned"))).state is State.RETURNED
    with pytest.raises(NotAllowed):
        await handover_answers.opened(sqlite_desk.bot.desk, tanaka, both[0].id)
