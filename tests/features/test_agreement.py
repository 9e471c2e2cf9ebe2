"""同意: noted in codes, taken back whole or in part, and over when its last day is behind."""

from datetime import timedelta

import pytest

from bot.domain.agreement import AgreementEnded, OutsideScope, UntilWhen, Withdrawal
from bot.domain.directory import PersonNamed
from bot.domain.handover import State
from bot.domain.refusals import InTheFuture, Missing, NotAllowed
from bot.usecases import agreements, closing, directory, handovers
from bot.usecases.handover_ways import Office
from tests.handovers import FIELDS, NAGAHAMA, agreed, asked, drafted, packages, sent, takes_back, today
from tests.papers import read


async def test_what_somebody_said_is_kept_in_codes_and_never_by_name(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number, how="proxy", relation="guardian")
    [row] = await desk.rows("SELECT * FROM agreements")
    assert (row["who"], row["how"], row["relation"], row["answer"]) == (
        "person",
        "proxy",
        "guardian",
        "given",
    )
    assert (row["explained_by"], row["given_on"]) == ("U_SATO", today(desk).isoformat())
    assert agreement.fields == tuple(each for each in handovers.FIELDS if each in FIELDS)
    assert len(agreement.receivers) == 2
    [office, _] = await desk.rows("SELECT * FROM handover_receivers")
    assert "課" not in str(office)
    assert "agreement.recorded" in await desk.trail(number)
    with pytest.raises(PersonNamed):
        await agreed(desk, number, offices=(Office("juso", NAGAHAMA, "山田花子さん"),))


async def test_what_is_missing_is_asked_for_and_nothing_is_kept(sqlite_desk):
    number = await sqlite_desk.given_heard()
    for changes, refused in (
        ({"fields": ()}, Missing), ({"offices": ()}, Missing), ({"until": None}, Missing), ({"given_on": None}, Missing),
        ({"until": today(sqlite_desk) + timedelta(days=367)}, UntilWhen), ({"how": "proxy"}, Missing),
        ({"offices": (Office("case_review", NAGAHAMA),)}, Missing), ({"offices": (Office("juso", None, "課"),)}, Missing),
    ):  # fmt: skip
        with pytest.raises(refused):
            await agreed(sqlite_desk, number, **changes)
    assert await sqlite_desk.rows("SELECT * FROM agreements UNION ALL SELECT * FROM agreements") == []
    assert await sqlite_desk.how_many("handover_receivers") == 0


async def test_the_same_form_sent_twice_is_one_agreement(desk):
    number = await desk.given_heard()
    sato, c = await desk.actor("U_SATO"), await desk.id_of(number)
    one = await agreements.record(desk.bot.desk, sato, c, asked(desk), once="form")
    assert await agreements.record(desk.bot.desk, sato, c, asked(desk), once="form") == one
    assert await desk.how_many("agreements") == 1


async def test_taken_back_in_part_only_what_it_touches_comes_back(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number)
    [first, second] = await sent(desk, number, agreement)

    back = await takes_back(desk, agreement, receivers=[second.receiver])

    assert [each.id for each in back] == [second.id]
    assert [each.state for each in await packages(desk, number)] == ["sent", "return_asked"]
    with pytest.raises(OutsideScope):
        await drafted(desk, number, agreement, receivers=(second.receiver,))
    await drafted(desk, number, agreement, receivers=(first.receiver,))
    back = await takes_back(desk, agreement, fields=["wish"])
    assert [(each.id, each.state) for each in back] == [
        (first.id, State.RETURN_ASKED),
        (back[1].id, State.DROPPED),
    ]
    assert {each.return_because for each in back} == {"narrowed", None}
    with pytest.raises(OutsideScope):
        await drafted(desk, number, agreement, receivers=(first.receiver,))
    left = {"trouble": "断られる。"}
    assert await sent(desk, number, agreement, receivers=(first.receiver,), texts=left)
    assert len(await desk.rows("SELECT * FROM agreement_withdrawals")) == 2


async def test_a_letter_for_each_receiver_comes_to_whoever_sent_it_and_says_nothing_of_the_case(sqlite_desk):
    number = await sqlite_desk.given_heard()
    agreement = await agreed(sqlite_desk, number)
    await sent(sqlite_desk, number, agreement)
    await takes_back(sqlite_desk, agreement, by="U_YAMAMOTO")
    for person in (sqlite_desk.sato, sqlite_desk.yamamoto):
        assert (await person.reads()).count("返却をお願いする手紙です") == 2
    assert f"{number}-1-return.pdf" in sqlite_desk.told()
    assert "玄関" not in sqlite_desk.told()


async def test_the_letter_names_the_meeting_as_the_town_calls_it_like_the_sheet(sqlite_desk):
    desk = sqlite_desk
    coordinator = await desk.actor("U_YAMAMOTO")
    await directory.call_meeting(desk.bot.desk, coordinator, NAGAHAMA, "juso", "まるごと会議")
    number = await desk.given_heard()
    agreement = await agreed(desk, number)
    await sent(desk, number, agreement)
    await takes_back(desk, agreement)

    papers = [read(each.body) for each in desk.workspace.world.files.values() if each.name.endswith(".pdf")]

    for_nagahama = [each for each in papers if "長浜市" in each]
    assert any("返却" in each for each in for_nagahama)
    assert all("まるごと会議（重層的支援会議）" in each for each in for_nagahama)
    assert all(
        "まるごと会議" not in each for each in papers if "長浜市" not in each
    )  # the other town has none


async def test_from_a_closed_consultation_what_is_out_there_can_still_be_asked_back(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number)
    await sent(desk, number, agreement)
    ending = closing.Closing(("advice_closed",), "advice_closed", "resolved", "またどうぞ。")
    await closing.close(desk.bot.desk, await desk.actor("U_SATO"), await desk.id_of(number), ending)
    assert len(await takes_back(desk, agreement)) == 2


async def test_when_its_last_day_is_behind_nothing_new_goes_and_somebody_is_asked_what_now(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number, until=today(desk) + timedelta(days=7))
    await sent(desk, number, agreement)
    await desk.passes(days=7)
    assert "期間が" not in await desk.sato.reads()
    await desk.passes(days=1)
    await desk.passes(hours=1)
    assert (await desk.sato.reads()).count("の同意の期間が") == 1
    with pytest.raises(AgreementEnded):
        await drafted(desk, number, agreement)
    await desk.sato.presses("agreement.withdraw", agreement.id, where="bot")
    await desk.sato.fills_and_sends(how="oral")
    assert [each.state for each in await packages(desk, number)] == ["return_asked", "return_asked"]


async def test_a_day_to_come_and_a_stranger_take_nothing_back(sqlite_desk):
    number = await sqlite_desk.given_heard()
    agreement = await agreed(sqlite_desk, number)
    tomorrow = Withdrawal(today(sqlite_desk) + timedelta(days=1), "oral")
    with pytest.raises(InTheFuture):
        await agreements.take_back(
            sqlite_desk.bot.desk, await sqlite_desk.actor("U_SATO"), agreement.id, tomorrow, once="x"
        )
    for stranger in ("U_MORI", "U_TAKAGI", "U_TANAKA", "U_ADMIN"):
        with pytest.raises(NotAllowed):
            await takes_back(sqlite_desk, agreement, by=stranger)
    assert await takes_back(sqlite_desk, agreement) == []  # nothing had gone out
    assert await takes_back(sqlite_desk, agreement) == []  # and it was taken back already
