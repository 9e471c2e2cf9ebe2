"""つなぐ, the keeping: who may do what with a sheet, and what is left of it with its key."""

import json
from dataclasses import replace
from datetime import timedelta

from bot.domain.handover import State
from bot.domain.refusals import NotAllowed
from bot.domain.staff import Actor, Role
from bot.usecases import agreements, handover_answers, handovers
from bot.usecases.handover_answers import Said
from bot.usecases.handovers import Draft, Wanted
from tests.handovers import agreed, asked, drafted, packages, sent

HOLDS = {Role.COUNSELOR, Role.COORDINATOR}
RELATIONS = {
    "none": "U_NOBODY",
    "holder": "U_SATO",
    "supporter": "U_TAKAGI",
    "entered": "U_TANAKA",
    "offered": "U_MORI",
}


def by_hand(act, role, relation) -> bool:
    """Written once more, from the promises: the counselor who holds it, and the coordinators. The code of a paper is for the
    staff who take calls; the button is for nobody but the receiver.
    """
    if act == "answer_by_code":
        return role in {Role.OPERATOR, Role.COUNSELOR, Role.COORDINATOR}
    if act == "answer_by_token":
        return False
    return role is Role.COORDINATOR or (relation == "holder" and role is Role.COUNSELOR)


async def test_who_may_do_what_is_as_it_was_written_by_hand(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_heard()
    async with desk.db.transaction(await desk.actor("U_SATO")) as tx:
        await tx.connection.rows(
            "UPDATE consultations SET entered_by = 'U_TANAKA', handover_to = 'U_MORI' RETURNING id", {}
        )
    agreement = await agreed(desk, number)
    looked = await drafted(desk, number, agreement)
    await sent(desk, number, agreement)
    [package, *_] = [each for each in await packages(desk, number) if each.state is State.SENT]
    here, c, batch = desk.bot.desk, await desk.id_of(number), looked.sheets[0][0].batch
    way = Draft("consent", "plan", agreement.receivers, agreement.id, {})
    wanted = Wanted("nonsense")
    taken = agreements.Withdrawal(agreement.given_on, "nonsense")
    acts = {
        "overview": lambda who: handovers.overview(here, who, c),
        "under": lambda who: agreements.under(here, who, agreement.id),
        "record": lambda who: agreements.record(
            here, who, c, asked(desk, until=agreement.given_on - timedelta(days=1)), once=desk.once()
        ),
        "take_back": lambda who: agreements.take_back(
            here,
            who,
            agreement.id,
            replace(taken, how="oral", on=agreement.given_on + timedelta(days=9)),
            once="x",
        ),
        "begin": lambda who: handovers.begin(here, who, c, replace(wanted, purpose="plan", abuse=("child",))),
        "again": lambda who: handovers.again(here, who, c, way),
        "draft": lambda who: handovers.draft(
            here, who, c, replace(way, texts={"risks": "冬の暖房。"}), once=desk.once()
        ),
        "preview": lambda who: handovers.preview(here, who, batch),
        "redo": lambda who: handovers.redo(here, who, batch),
        "send": lambda who: handovers.send(here, who, batch, "x"),
        "opened": lambda who: handover_answers.opened(here, who, package.id),
        "answer": lambda who: handover_answers.answer(here, who, package.id, Said("nonsense")),
        "finish": lambda who: handover_answers.finish(here, who, package.id),
        "confirm_return": lambda who: handover_answers.confirm_return(here, who, package.id),
        "ask_back": lambda who: agreements.ask_back(here, who, looked.sheets[1][0].id),
        "print_again": lambda who: handover_answers.print_again(here, who, package.id, once="x"),
        "answer_by_code": lambda who: handover_answers.answer_by_code(
            here, who, "R8-1-1", "A", Said("accepted")
        ),
        "answer_by_token": lambda who: handover_answers.answer_by_token(
            here, who, package.id, "x", Said("accepted")
        ),
    }
    found, wrong = {}, []
    for act, do in acts.items():
        for role in (None, *(each for each in Role if each is not Role.SYSTEM)):
            for relation, person in RELATIONS.items():
                try:
                    await do(Actor(person, frozenset({role} if role else ())))
                    may = True
                except NotAllowed:
                    may = False
                except Exception as error:
                    assert type(error).__name__ in {
                        "UntilWhen", "InTheFuture", "OutsideScope", "NotAsPreviewed", "Missing", "PackageMovedOn",
                        "NoSuchAnswerCode", "TooManyLookups",
                    }, (act, error)  # fmt: skip
                    may = True  # let in, and told of something else
                found[act, role, relation] = may
                if may != by_hand(act, role, relation):
                    wrong.append((act, role, relation))
    assert wrong == []
    assert len(found) == len(acts) * len(Role) * len(RELATIONS)
    assert any(found.values()) and not all(found.values())


async def test_what_is_kept_is_sealed_and_goes_with_the_key(desk):
    number = await desk.given_heard()
    [first, _] = await sent(desk, number, await agreed(desk, number))
    await handover_answers.answer(
        desk.bot.desk, await desk.actor("U_SATO"), first.id, Said("accepted", words="来週話し合うとのこと。")
    )
    kept = json.dumps(
        [
            await desk.rows(f"SELECT * FROM {table}")
            for table in ("packages", "handover_receivers", "agreements")
        ],
        ensure_ascii=False,
    )
    for word in ("玄関", "社会福祉課", "話し合う"):
        assert word not in kept
    async with desk.db.transaction(await desk.actor("U_ADMIN")) as tx:
        gone = await tx.expiry.shred_consultation(await desk.id_of(number))
    assert gone.counts["packages"] == 2
    rows = await desk.rows("SELECT * FROM packages")
    assert {(each["content_sealed"], each["sent_by"], each["token_hash"]) for each in rows} == {
        (None, None, None)
    }
    assert {each["office_sealed"] for each in await desk.rows("SELECT * FROM handover_receivers")} == {None}
    await desk.passes(days=8)
    await desk.sato.open_home()
    assert first.number not in await desk.sato.reads("home")
