"""つなぐ, the way back: what must come back leaves Slack too, and is asked back once."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.agreement import Withdrawal
from bot.domain.handover import PackageMovedOn, State
from bot.domain.refusals import NotAllowed
from bot.domain.staff import THE_CLOCK, Role
from bot.usecases import agreements, closing, handover_files, handovers, letters, people
from tests.features.test_expiry import until_swept
from tests.features.test_expiry_reviews import FIVE_YEARS_ON
from tests.handovers import (
    WITH_MEMBER,
    agreed,
    by_law,
    drafted,
    opens_linkage,
    packages,
    send,
    sent,
    takes_back,
    today,
)


def sheets(desk) -> set[str]:
    """The sheets that lie in Slack."""
    names = (each.name for each in desk.workspace.world.files.values() if each.shared)
    return {name for name in names if "-sheet." in name}


# What lies in Slack


async def test_what_is_taken_back_leaves_every_message_it_came_with(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number, offices=WITH_MEMBER)
    first, second = await sent(desk, number, agreement)
    assert sheets(desk) == {
        f"{each.number}-sheet.{kind}" for each in (first, second) for kind in ("pdf", "xlsx")
    }

    await takes_back(desk, agreement, receivers=[first.receiver])

    assert sheets(desk) == {f"{second.number}-sheet.pdf", f"{second.number}-sheet.xlsx"}
    said = await desk.kitamura.reads()
    assert "このメッセージの場にあったシートは、こちらで消します" in said
    assert "こちらからは消せません" in said
    await takes_back(desk, agreement)
    assert sheets(desk) == set()
    assert await desk.rows("SELECT key FROM outbox WHERE state = 'dead'") == []


async def test_a_sheet_that_was_on_its_way_when_it_was_asked_back_goes_too(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number)
    await sent(desk, number, agreement)
    async with desk.db.reading() as ask:
        assert await ask.handovers.files_left() == []  # the control: nobody asked for them
    sato = await desk.actor("U_SATO")
    said = Withdrawal(today(desk), "oral")
    await agreements.take_back(desk.bot.desk, sato, agreement.id, said, once="form")
    async with desk.db.transaction(sato) as tx:  # as if they had not arrived yet
        await tx.connection.rows("DELETE FROM outbox WHERE op = 'remove' RETURNING id", {})

    await handover_files.collect(desk.bot.desk)
    await handover_files.collect(desk.bot.desk)
    await desk.settle()

    assert sheets(desk) == set()
    assert len(await desk.rows("SELECT id FROM outbox WHERE op = 'remove'")) == 4


async def test_after_months_of_tidying_it_is_still_known_where_the_sheets_lie(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number, until=today(desk) + timedelta(days=300))
    await sent(desk, number, agreement)
    before = await desk.how_many("outbox")
    desk.clock.advance(days=120)
    await letters.tidy(desk.bot.desk)
    assert await desk.how_many("outbox") < before  # the control: the others are forgotten

    await takes_back(desk, agreement)

    assert sheets(desk) == set()


async def test_with_the_key_of_a_consultation_its_sheets_go_from_slack(desk):
    number = await desk.given_heard()
    await sent(desk, number, await agreed(desk, number))
    ending = closing.Closing(("advice_closed",), "advice_closed", "resolved", "またどうぞ。")
    await closing.close(desk.bot.desk, await desk.actor("U_SATO"), await desk.id_of(number), ending)
    await until_swept(desk, FIVE_YEARS_ON - timedelta(days=1))
    assert len(sheets(desk)) == 4  # the control: as long as it is kept

    await until_swept(desk, FIVE_YEARS_ON)

    assert sheets(desk) == set()


async def test_who_has_left_the_desk_hears_no_more_of_it_and_the_coordinators_do(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number)
    await sent(desk, number, agreement)
    await people.revoke(desk.bot.desk, THE_CLOCK, "U_SATO", Role.COUNSELOR)
    await desk.settle()

    await desk.passes(days=8)
    said = Withdrawal(today(desk), "oral")
    yamamoto = await desk.actor("U_YAMAMOTO")
    await agreements.take_back(desk.bot.desk, yamamoto, agreement.id, said, once="form")
    await desk.settle()

    heard = await desk.sato.reads()
    assert "お待ちしています" not in heard and "返却をお願いする手紙" not in heard
    assert "お待ちしています" in await desk.yamamoto.reads("C_COORD")
    assert (await desk.yamamoto.reads()).count("返却をお願いする手紙です") == 2


async def test_sent_and_taken_back_at_once_nothing_is_left_out_there(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number)
    looked = await drafted(desk, number, agreement)
    sato, yamamoto = await desk.actor("U_SATO"), await desk.actor("U_YAMAMOTO")
    batch, said = looked.sheets[0][0].batch, Withdrawal(today(desk), "oral")

    await asyncio.gather(
        *(handovers.send(desk.bot.desk, who, batch, looked.digest) for who in (sato, yamamoto)),
        *(
            agreements.take_back(desk.bot.desk, who, agreement.id, said, once=desk.once())
            for who in (yamamoto, sato)
        ),
        return_exceptions=True,
    )

    states = {each.state for each in await packages(desk, number)}
    assert states <= {State.RETURN_ASKED, State.DROPPED}
    assert len(await desk.rows("SELECT id FROM agreement_withdrawals")) == 1


async def test_what_was_sent_in_a_consultation_that_was_merged_is_shown_where_it_went(desk):
    number, other = await desk.given_heard(), await desk.given_heard()
    await sent(desk, number, await agreed(desk, number))
    sato, into = await desk.actor("U_SATO"), await desk.id_of(other)
    assert (await handovers.overview(desk.bot.desk, sato, into)).merged == ()  # the control
    await closing.merge(desk.bot.desk, await desk.actor("U_YAMAMOTO"), await desk.id_of(number), other)
    await desk.settle()

    await desk.sato.open_home()
    await desk.sato.presses("details.open", into, where="home")
    await desk.sato.presses("linkage.open", into, where="view")
    assert f"まとめた相談 *{number}* にも" in await desk.sato.reads("view")
    await desk.sato.presses("linkage.open", await desk.id_of(number), where="view")
    await desk.sato.presses("agreement.withdraw", where="view")
    await desk.sato.fills_and_sends(how="oral")
    assert {each.state for each in await packages(desk, number)} == {State.RETURN_ASKED}


# Asked back by the desk


async def test_a_sheet_that_went_astray_is_asked_back_by_the_desk_once_and_without_a_word_of_consent(desk):
    number = await desk.given_heard()
    looked = await by_law(desk, number)
    await send(desk, looked)
    await desk.settle()
    [package] = await packages(desk, number)
    await opens_linkage(desk.sato, number)
    await desk.sato.presses("package.open", package.id, where="view")

    await desk.sato.presses("package.ask_back", package.id, where="view")
    assert "返却をお願い中" in await desk.sato.reads("view")
    again = await agreements.ask_back(desk.bot.desk, await desk.actor("U_SATO"), package.id)
    await desk.settle()

    assert (again.state, again.return_because) == (State.RETURN_ASKED, "by_desk")
    assert (await desk.trail(number)).count("package.return_asked") == 1
    assert sheets(desk) == set()
    told = await desk.yamamoto.reads("C_COORD")
    assert f"つなぎシート {package.number}" in told and "取り下げ" not in told
    for stranger in ("U_MORI", "U_TANAKA", "U_TAKAGI", "U_ADMIN"):
        with pytest.raises(NotAllowed):
            await agreements.ask_back(desk.bot.desk, await desk.actor(stranger), package.id)
    prepared = await by_law(desk, number)
    with pytest.raises(PackageMovedOn):
        await agreements.ask_back(desk.bot.desk, await desk.actor("U_SATO"), prepared.sheets[0][0].id)


async def test_a_no_after_a_yes_drops_what_was_prepared_and_shows_what_is_still_out(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number)
    await sent(desk, number, agreement)
    await drafted(desk, number, agreement)
    by_the_law = await by_law(desk, number)

    await agreed(desk, number, answer="refused", offices=())

    states = [each.state for each in await packages(desk, number)]
    assert states == ["sent", "sent", "dropped", "dropped", "draft"]
    assert by_the_law.sheets[0][0].id == (await packages(desk, number))[-1].id
    rows = await desk.rows("SELECT content_sealed FROM packages WHERE state = 'dropped'")
    assert {each["content_sealed"] for each in rows} == {None}
    await opens_linkage(desk.sato, number)
    assert "2件、返却をお願いしないまま残っています" in await desk.sato.reads("view")
    await takes_back(desk, agreement)
    await desk.sato.presses("details.open", await desk.id_of(number), where="home")
    await desk.sato.presses("linkage.open", where="view")
    assert "残っています" not in await desk.sato.reads("view")
