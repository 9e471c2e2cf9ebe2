"""つなぐ, the way back: what must come back leaves Slack too, and nothing else goes than was looked at, whatever changed meanwhile."""

import asyncio
import io
import json
from datetime import timedelta

import openpyxl
import pytest

from bot.domain.agreement import Consent, OnlyTheFamily, Withdrawal, consent_of
from bot.domain.directory import Agency, Town
from bot.domain.handover import (
    AnswerButtonOver,
    NotAsPreviewed,
    PackageMovedOn,
    State,
    TooManyAtOnce,
)
from bot.domain.refusals import NotAllowed, TwelveDigits
from bot.domain.staff import THE_CLOCK, Role
from bot.privacy.anonymizer import Known, Label
from bot.reports import linkage
from bot.store.directory import Towns
from bot.usecases import (
    agreements,
    case_names,
    closing,
    directory,
    expiry,
    handover_answers,
    handover_files,
    handovers,
    letters,
    people,
)
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import Identified
from bot.usecases.handover_answers import Said
from bot.usecases.handover_ways import Office
from bot.usecases.handovers import Draft, Wanted
from bot.usecases.package_content import spoken
from tests.features.test_handover import by_law, content, send
from tests.handovers import FIELDS, MAIBARA, NAGAHAMA, agreed, drafted, found, packages, sent, today

WITH_MEMBER = (Office("juso", NAGAHAMA, "社会福祉課", person="U_KITAMURA"), Office("juso", MAIBARA, n=2))


def sheets(desk) -> set[str]:
    """The sheets that lie in Slack."""
    names = (each.name for each in desk.workspace.world.files.values() if each.shared)
    return {name for name in names if "-sheet." in name}


async def takes_back(desk, agreement, **part):
    said = Withdrawal(today(desk), "oral", **{name: frozenset(those) for name, those in part.items()})
    sato = await desk.actor("U_SATO")
    back = await agreements.take_back(desk.bot.desk, sato, agreement.id, said, once=desk.once())
    await desk.settle()
    return back


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
    async with desk.db.transaction(await desk.actor("U_ADMIN")) as tx:
        await expiry.take_down(tx, await tx.handovers.files_of_case(await desk.id_of(number)))
        await tx.expiry.shred_consultation(await desk.id_of(number))
    await desk.settle()
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
    await desk.sato.open_home()
    await desk.sato.presses("details.open", await desk.id_of(number), where="home")
    await desk.sato.presses("linkage.open", where="view")
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
    await desk.sato.open_home()
    await desk.sato.presses("details.open", await desk.id_of(number), where="home")
    await desk.sato.presses("linkage.open", where="view")
    assert "2件、返却をお願いしないまま残っています" in await desk.sato.reads("view")
    await takes_back(desk, agreement)
    await desk.sato.presses("details.open", await desk.id_of(number), where="home")
    await desk.sato.presses("linkage.open", where="view")
    assert "残っています" not in await desk.sato.reads("view")


# Whose yes it is


async def test_the_familys_yes_alone_opens_nothing_and_a_representatives_does(sqlite_desk):
    number = await sqlite_desk.given_heard()
    for who in ("child", "spouse", "other_family"):
        with pytest.raises(OnlyTheFamily):
            await agreed(sqlite_desk, number, who=who)
    assert await sqlite_desk.how_many("agreements") == 0
    await agreed(sqlite_desk, number, who="parent", how="proxy", relation="parental")
    async with sqlite_desk.db.reading() as ask:
        said = await ask.handovers.agreements_of(await sqlite_desk.id_of(number))
    assert consent_of(said, today(sqlite_desk)) is Consent.STANDING


async def test_a_sheet_with_consent_to_a_meeting_of_secrecy_names_the_law_of_that_meeting(sqlite_desk):
    number = await sqlite_desk.given_heard()
    agreement = await agreed(sqlite_desk, number, offices=(Office("shien_konkyu", NAGAHAMA),))
    sato, c = await sqlite_desk.actor("U_SATO"), await sqlite_desk.id_of(number)
    told = Draft(
        "consent", "plan", agreement.receivers, agreement.id, {"trouble": "断られる。"}, secrecy=True
    )
    looked = await handovers.draft(sqlite_desk.bot.desk, sato, c, told, once=sqlite_desk.once())
    [note] = [
        each.text for each in looked.sheets[0][1].parts if each.kind == "note" and "守秘義務" in each.text
    ]
    assert "支援会議（生活困窮者自立支援法9条）でお使いください" in note
    assert "個人情報の保護に関する法律" not in note


# The preview is what goes


async def test_whatever_changes_meanwhile_the_sheet_goes_as_it_was_looked_at(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number)
    looked = await drafted(desk, number, agreement)
    seen = [each.written for _, each in looked.sheets]
    sato, c = await desk.actor("U_SATO"), await desk.id_of(number)
    async with desk.db.transaction(sato) as tx:
        await Towns(tx).keep(Town(NAGAHAMA, juso="yes", meetings={"juso": "つながる会議"}))
        await tx.casework.write(c, "told", "あとから分かったこと。")
    await agreed(desk, number)  # another yes, to the same

    await send(desk, looked)

    first, second, *_ = [each for each in await packages(desk, number) if each.sent_at]
    assert [(await content(desk, each)).written for each in (first, second)] == seen
    assert not any("あとから" in each or "つながる会議" in each for each in seen)
    assert "つながる会議" in (await drafted(desk, number, agreement)).sheets[0][1].written  # the control


async def test_content_that_is_not_what_the_digest_is_over_does_not_go(desk):
    number = await desk.given_heard()
    looked = await drafted(desk, number, await agreed(desk, number))
    package, whole = looked.sheets[0]
    changed = whole.written.replace("この家で", "施設で")
    assert changed != whole.written
    async with desk.db.transaction(await desk.actor("U_SATO")) as tx:
        sealed = await tx.handovers._seal(package.consultation, "packages", "content", package.id, changed)
        await tx.connection.rows(
            "UPDATE packages SET content_sealed = :sealed WHERE id = :id RETURNING id",
            {"sealed": sealed, "id": package.id},
        )
    with pytest.raises(NotAsPreviewed):
        await send(desk, looked)
    assert {each.state for each in await packages(desk, number)} == {State.DRAFT}


async def test_what_is_left_of_a_preparation_can_be_looked_at_and_sent(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number)
    looked = await drafted(desk, number, agreement)
    first, second = [each for each, _ in looked.sheets]
    await takes_back(desk, agreement, receivers=[second.receiver])

    with pytest.raises(NotAsPreviewed):  # the window that still shows both
        await send(desk, looked)
    left = await handovers.preview(desk.bot.desk, await desk.actor("U_SATO"), first.batch)
    assert [each.id for each, _ in left.sheets] == [first.id]
    await send(desk, left)

    assert [each.state for each in await packages(desk, number)] == ["sent", "dropped"]


async def test_who_gets_it_in_slack_stands_above_the_preview(sqlite_desk):
    number = await sqlite_desk.given_heard()
    await drafted(sqlite_desk, number, await agreed(sqlite_desk, number, offices=WITH_MEMBER))
    await sqlite_desk.sato.open_home()
    await sqlite_desk.sato.presses("details.open", await sqlite_desk.id_of(number), where="home")
    await sqlite_desk.sato.presses("linkage.open", where="view")
    await sqlite_desk.sato.presses("package.preview", where="view")
    assert "<@U_KITAMURA>さんのメッセージにも届きます" in await sqlite_desk.sato.reads("view")


async def test_more_receivers_than_sheets_are_not_left_out_silently(sqlite_desk):
    number = await sqlite_desk.given_heard()
    offices = tuple(Office("juso", each, n=n) for n, each in enumerate((NAGAHAMA, MAIBARA, "252077") * 2, 1))
    agreement = await agreed(sqlite_desk, number, offices=offices)
    chosen = tuple(f"{agreement.id}/{each}" for each in agreement.receivers)
    with pytest.raises(TooManyAtOnce):
        await found(sqlite_desk, number, Wanted("plan", chosen=chosen[:4]))
    assert len((await found(sqlite_desk, number, Wanted("plan", chosen=chosen[:3]))).receivers) == 3


# What is typed


async def test_a_name_the_case_knows_cannot_be_let_stand_on_a_sheet(sqlite_desk):
    number = await sqlite_desk.given_heard()
    agreement = await agreed(sqlite_desk, number)
    package, _ = await sent(sqlite_desk, number, agreement)
    sato, c = await sqlite_desk.actor("U_SATO"), await sqlite_desk.id_of(number)
    async with sqlite_desk.db.transaction(sato) as tx:
        await case_names.confirm(tx, c, Confirmed(names=(Known("大将", Label.PERSON, "D"),)))
    stands, kept = "大将と話した。", Confirmed(kept=frozenset({"大将"}))
    told = Draft("consent", "plan", agreement.receivers, agreement.id, {"trouble": stands}, said=kept)

    with pytest.raises(Identified) as refused:
        await handovers.draft(sqlite_desk.bot.desk, sato, c, told, once=sqlite_desk.once())
    assert refused.value.is_own("大将")
    # The control: in the sqlite_desk's own notes it may be let stand.
    assert await handover_answers.answer(
        sqlite_desk.bot.desk, sato, package.id, Said("accepted", words=stands, names=kept)
    )


async def test_who_answers_for_an_office_of_the_directory_is_a_member_here(sqlite_desk):
    number = await sqlite_desk.given_heard()
    yamamoto = await sqlite_desk.actor("U_YAMAMOTO")
    entry = Agency(
        "", "みずうみ支援センター", "npo", NAGAHAMA, confirm_on=today(sqlite_desk) + timedelta(days=90)
    )
    kept = await directory.keep_agency(sqlite_desk.bot.desk, yamamoto, entry, once="x")
    await sqlite_desk.sato.open_home()
    await sqlite_desk.sato.presses("details.open", await sqlite_desk.id_of(number), where="home")
    await sqlite_desk.sato.presses("linkage.open", where="view")
    await sqlite_desk.sato.presses("linkage.start", where="view")
    told = {"purpose": "plan", "meeting": "shien_konkyu", "agency": kept.id}

    answer = await sqlite_desk.sato.fills_and_sends(**told, person_1="U_GUEST")
    assert "person_1" in str(answer.get("errors"))
    assert await sqlite_desk.how_many("handover_receivers") == 0
    answer = await sqlite_desk.sato.fills_and_sends(**told, person_1="U_KITAMURA")  # the control
    assert not answer.get("errors")


async def test_in_every_box_twelve_digits_and_signs_of_slack_do_no_harm(sqlite_desk):
    number = await sqlite_desk.given_heard()
    agreement = await agreed(sqlite_desk, number)
    tanaka = await sqlite_desk.actor("U_TANAKA")
    for given, code in (("1234 5678 9018", "A"), ("R8-1-1", "123456789018")):
        with pytest.raises(TwelveDigits):
            await handover_answers.answer_by_code(sqlite_desk.bot.desk, tanaka, given, code, Said("accepted"))
    texts = dict.fromkeys(FIELDS[:4], "=1+1 <!channel> & <b>")
    looked = await drafted(sqlite_desk, number, agreement, texts=texts)
    batch = looked.sheets[0][0].batch
    await sqlite_desk.sato.open_home()
    await sqlite_desk.sato.presses("details.open", await sqlite_desk.id_of(number), where="home")
    await sqlite_desk.sato.presses("linkage.open", where="view")
    await sqlite_desk.sato.presses("package.preview", batch, where="view")
    drawn = json.dumps(await sqlite_desk.sato.top_view(), ensure_ascii=False)
    assert "<!channel>" not in drawn and "&lt;!channel&gt;" in drawn
    sheet = openpyxl.load_workbook(io.BytesIO(linkage.table(looked.sheets[0][1]))).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == texts[FIELDS[0]] for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n"}  # none is a formula


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
