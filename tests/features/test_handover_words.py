"""つなぐ, the words: what is typed into a sheet names nobody, and does no harm."""

import io
import json
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest

from bot.domain.directory import Agency, PersonNamed
from bot.domain.refusals import Missing, TwelveDigits
from bot.privacy.anonymizer import Known, Label
from bot.reports import linkage
from bot.usecases import case_names, directory, handover_answers, handovers
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import Identified
from bot.usecases.handover_answers import Said
from bot.usecases.handover_ways import Office
from bot.usecases.handovers import Draft, Wanted
from tests.handovers import (
    FIELDS,
    NAGAHAMA,
    SHIEN,
    agreed,
    drafted,
    found,
    opens_linkage,
    packages,
    sent,
    today,
)


async def test_lines_for_names_stay_blank_and_names_that_are_typed_are_offered_masked(sqlite_desk):
    number = await sqlite_desk.given_heard()
    agreement = await agreed(sqlite_desk, number)
    with pytest.raises(Identified):
        await drafted(sqlite_desk, number, agreement, texts={"trouble": "山田花子さんが大津市に引っ越した。"})
    with pytest.raises(TwelveDigits):
        await drafted(sqlite_desk, number, agreement, texts={"trouble": "番号は 1234 5678 9018 です。"})
    looked = await drafted(sqlite_desk, number, agreement)
    hand = [each for each in looked.sheets[0][1].parts if each.kind == "hand"]
    assert len(hand) == 3
    assert {each.text for each in hand} == {""}


async def test_the_form_that_comes_back_masked_can_be_sent_as_it_is(sqlite_desk):
    number = await sqlite_desk.given_heard()
    await agreed(sqlite_desk, number)
    await opens_linkage(sqlite_desk.sato, number)
    await sqlite_desk.sato.presses("linkage.start", where="view")
    view = await sqlite_desk.sato.top_view()
    [boxes] = [b["element"] for b in view["blocks"] if b.get("element", {}).get("action_id") == "chosen"]
    await sqlite_desk.sato.fills_and_sends(purpose="plan", chosen=[boxes["options"][0]["value"]])

    await sqlite_desk.sato.fills_and_sends(trouble="山田花子さんに断られる。", supporter_contact="via_desk")
    assert "このように伏せました" in await sqlite_desk.sato.reads("view")
    await sqlite_desk.sato.fills_and_sends()

    assert "山田" not in await sqlite_desk.sato.reads("view")
    assert "送る前に見る" in json.dumps(await sqlite_desk.sato.top_view(), ensure_ascii=False)
    await sqlite_desk.sato.presses(
        "package.redo", where="view"
    )  # and written again: the words are still there
    assert "断られる" in json.dumps(await sqlite_desk.sato.top_view(), ensure_ascii=False)
    await sqlite_desk.sato.fills_and_sends(wish="家で暮らしたい。", supporter_contact="via_desk")
    await sqlite_desk.sato.fills_and_sends()
    assert sorted(each.state for each in await packages(sqlite_desk, number)) == ["dropped", "sent"]


async def test_a_persons_name_is_no_office(sqlite_desk):
    number = await sqlite_desk.given_heard()
    with pytest.raises(PersonNamed):
        await found(sqlite_desk, number, Wanted("plan", office=replace(SHIEN, office="山田花子さん")))
    with pytest.raises(Missing):
        await found(sqlite_desk, number, Wanted("plan", office=Office("shien_juso")))


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
    await opens_linkage(sqlite_desk.sato, number)
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
    await opens_linkage(sqlite_desk.sato, number)
    await sqlite_desk.sato.presses("package.preview", batch, where="view")
    drawn = json.dumps(await sqlite_desk.sato.top_view(), ensure_ascii=False)
    assert "<!channel>" not in drawn and "&lt;!channel&gt;" in drawn
    sheet = openpyxl.load_workbook(io.BytesIO(linkage.table(looked.sheets[0][1]))).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == texts[FIELDS[0]] for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n"}  # none is a formula
