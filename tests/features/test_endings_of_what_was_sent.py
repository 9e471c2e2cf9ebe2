"""A consultation ends, in whichever way, while sheets of it are out: they are still found, answered and given back."""

import pytest

from bot.domain.agreement import Withdrawal
from bot.domain.consultation import Status
from bot.domain.handover import State
from bot.domain.refusals import TooLate
from bot.usecases import agreements, closing, handover_answers, handovers
from bot.usecases.handover_answers import Said
from tests.handovers import agreed, drafted, packages, sent, today
from tests.review_papers import act

HOLDER, BOSS = "U_SATO", "U_YAMAMOTO"
ENDING = closing.Closing(("advice_closed",), "advice_closed", "resolved")


async def ends(desk, number: str, how: str) -> None:
    it = await desk.id_of(number)
    if how == "closed":
        await act(desk, HOLDER, closing.close, it, ENDING)
    elif how == "withdrawn":
        await act(desk, "U_TAKAGI", closing.withdraw, it)
    else:
        other = await desk.given_waiting("U_KITAMURA")
        await act(desk, BOSS, closing.merge, it, other)


async def goes_on(desk, number: str, how: str) -> None:
    it = await desk.id_of(number)
    await act(desk, BOSS, closing.unmerge if how == "merged" else closing.reopen, it)


@pytest.mark.parametrize("how", ["closed", "withdrawn", "merged"])
async def test_what_is_out_is_found_when_it_is_taken_back_and_given_back(desk, how):
    number = await desk.given_heard(HOLDER)
    agreement = await agreed(desk, number)
    first, second = await sent(desk, number, agreement)
    await ends(desk, number, how)
    assert (await desk.row(number)).status == Status(how)

    await act(desk, HOLDER, handover_answers.answer, first.id, Said("accepted"))
    taken = Withdrawal(today(desk), "oral", frozenset(), frozenset())
    back = await act(desk, HOLDER, agreements.take_back, agreement.id, taken, once=desk.once())

    assert {each.id for each in back} == {first.id, second.id}  # all of them
    for each in back:
        await act(desk, HOLDER, handover_answers.confirm_return, each.id)
    assert {each.state for each in await packages(desk, number)} == {State.RETURNED}


@pytest.mark.parametrize("how", ["closed", "withdrawn", "merged"])
async def test_what_was_prepared_does_not_go_out_until_it_goes_on(desk, how):
    number = await desk.given_heard(HOLDER)
    agreement = await agreed(desk, number)
    looked = await drafted(desk, number, agreement)
    batch = looked.sheets[0][0].batch
    await ends(desk, number, how)

    with pytest.raises(TooLate):
        await act(desk, HOLDER, handovers.send, batch, looked.digest)
    with pytest.raises(TooLate):
        await drafted(desk, number, agreement)
    assert {each.state for each in await packages(desk, number)} == {State.DRAFT}

    await goes_on(desk, number, how)
    await act(desk, BOSS, handovers.send, batch, looked.digest)  # the control
    assert {each.state for each in await packages(desk, number)} == {State.SENT}
