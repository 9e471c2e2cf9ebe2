"""同意, whatever happens: what went out under it is found, all of it, and nothing goes beyond it or after it."""

import pytest

import bot.usecases.agreements as taking_back
from bot.domain.agreement import Withdrawal
from bot.domain.handover import State
from bot.usecases import agreements, handover_answers, handovers
from bot.usecases.handover_answers import Said
from bot.usecases.handover_ways import Office
from tests.handover_lives import MOST, Bare, lived
from tests.handovers import NAGAHAMA, agreed, drafted, packages, today


async def test_in_random_lives_every_package_is_found_and_nothing_goes_beyond_or_after(sqlite_db, clock):
    seen = await lived(sqlite_db, clock, 60, 22, 2026)

    of_all = (
        "sent",
        "refused",
        "accepted",
        "rejected",
        "asked back",
        "by law",
        "refused by law",
        "wanted back",
    )
    assert min(seen[each] for each in of_all) > 10
    assert seen[MOST] > 2  # receivers under one agreement that was taken back


async def test_of_forty_receivers_each_is_asked_whatever_it_had_said(sqlite_db, clock):
    bare = Bare(sqlite_db, clock)
    number, sato = await bare.given(), await bare.actor("U_SATO")
    offices = tuple(Office("tantosha", NAGAHAMA, f"事業所{n}", n=n) for n in range(40))
    agreement = await agreed(bare, number, offices=offices)
    for n in range(0, 40, 3):
        looked = await drafted(bare, number, agreement, receivers=agreement.receivers[n : n + 3])
        await handovers.send(bare.bot.desk, sato, looked.sheets[0][0].batch, looked.digest)
    for n, each in enumerate(await packages(bare, number)):
        if n % 4:
            said = Said("accepted") if n % 4 > 1 else Said("rejected", "full")
            await handover_answers.answer(bare.bot.desk, sato, each.id, said)
        if n % 4 == 3:
            await handover_answers.finish(bare.bot.desk, sato, each.id)
    everything = {each.id: each.state for each in await packages(bare, number)}
    assert len(everything) == 40 and len(set(everything.values())) == 4

    back = await agreements.take_back(
        bare.bot.desk, sato, agreement.id, Withdrawal(today(bare), "oral"), once="x"
    )

    assert {each.id: each.before for each in back} == everything
    letters = await sqlite_rows(bare, "SELECT facts FROM outbox WHERE template = 'package_letter'")
    assert len(letters) == 40


async def sqlite_rows(bare, sql):
    async with bare.db.reading() as ask:
        return await ask.connection.rows(sql, {})


async def test_a_withdrawal_that_forgets_those_that_were_answered_would_be_seen(
    sqlite_db, clock, monkeypatch
):
    """The control."""
    monkeypatch.setattr(taking_back, "OUT", frozenset({State.SENT}))
    with pytest.raises(AssertionError):
        await lived(sqlite_db, clock, 600, 22, 2026)


async def test_the_same_on_either_database(db, clock):
    assert (await lived(db, clock, 6, 20, 7))["sent"]
