"""つなぐ: what is looked at is what goes, along the one legal way, to whom it may go; and what its receiver answers."""

import io
import json
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest
from pypdf import PdfReader

from bot import codes, messages
from bot.domain.agreement import AgreementEnded, OutsideScope
from bot.domain.certificate import TooManyLookups
from bot.domain.directory import Agency, PersonNamed, Town
from bot.domain.handover import (
    NoSuchAnswerCode,
    NotAsPreviewed,
    NoWay,
    OnlyCoordinators,
    PackageMovedOn,
    SecrecyFirst,
    State,
)
from bot.domain.refusals import Missing, NotAllowed, TooLate, TwelveDigits
from bot.domain.staff import Actor, Role
from bot.reports import linkage, linkage_page
from bot.store.directory import Towns
from bot.usecases import agreements, handover_answers, handovers
from bot.usecases.desk import Identified
from bot.usecases.handover_answers import Said
from bot.usecases.handover_ways import Office
from bot.usecases.handovers import Draft, Wanted
from bot.usecases.package_content import Content, spoken
from handlers.linkage import draw_told
from tests.handovers import (
    FIELDS,
    MAIBARA,
    NAGAHAMA,
    OTSU,
    TEXTS,
    agreed,
    asked,
    drafted,
    found,
    packages,
    sent,
)

SHIEN = Office("shien_juso", NAGAHAMA, "健康福祉部 社会福祉課")


async def by_law(desk, number, by="U_SATO", office=SHIEN, *, secrecy=True, texts=TEXTS):
    """A sheet without consent, drafted for a 支援会議."""
    way = await found(desk, number, Wanted("plan", office=office), by)
    draft = Draft(str(way.route.way), "plan", tuple(each.id for each in way.receivers), None, texts, secrecy)
    return await handovers.draft(
        desk.bot.desk, await desk.actor(by), await desk.id_of(number), draft, once=desk.once()
    )


async def send(desk, looked, by="U_SATO"):
    return await handovers.send(desk.bot.desk, await desk.actor(by), looked.sheets[0][0].batch, looked.digest)


async def content(desk, package) -> Content:
    async with desk.db.reading() as ask:
        return Content.read(await ask.handovers.content(package))


async def token(desk, package, step="answer") -> str:
    async with desk.db.reading() as ask:
        return ask.handovers.token(package.id, step)


def plain(text: str) -> str:
    return "".join(text.split())


# What is looked at is what goes


async def test_the_preview_the_paper_and_the_table_say_the_same_and_the_digest_is_over_it(sqlite_desk):
    number = await sqlite_desk.given_heard()
    agreement = await agreed(sqlite_desk, number)
    await drafted(sqlite_desk, number, agreement)
    assert [each.state for each in await packages(sqlite_desk, number)] == ["draft", "draft"]
    await sqlite_desk.sato.open_home()
    await sqlite_desk.sato.presses("details.open", await sqlite_desk.id_of(number), where="home")
    await sqlite_desk.sato.presses("linkage.open", where="view")
    await sqlite_desk.sato.presses("package.preview", where="view")
    seen = plain(await sqlite_desk.sato.reads("view"))

    await sqlite_desk.sato.fills_and_sends()

    for package in await packages(sqlite_desk, number):
        whole = await content(sqlite_desk, package)
        assert (package.state, package.digest) == (State.SENT, whole.digest)
        pdf = linkage_page.linkage(linkage.facts(whole))
        on_paper = plain("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))
        sheet = openpyxl.load_workbook(io.BytesIO(linkage.table(whole))).active
        in_table = plain(
            "".join(str(cell or "") for row in sheet.iter_rows(values_only=True) for cell in row)
        )
        for part in whole.parts:
            for text in (part.label, part.text):
                assert plain(text) in seen
                assert plain(text) in on_paper
                assert plain(text) in in_table
        assert pdf == linkage_page.linkage(linkage.facts(whole))  # the same bytes each time
    uploaded = sqlite_desk.told()
    assert f"{number}-1-sheet.pdf" in uploaded
    assert f"{number}-2-sheet.xlsx" in uploaded


async def test_what_is_not_what_was_looked_at_is_not_sent(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number)
    looked = await drafted(desk, number, agreement)
    sato, batch = await desk.actor("U_SATO"), looked.sheets[0][0].batch

    with pytest.raises(NotAsPreviewed):
        await handovers.send(desk.bot.desk, sato, batch, "0" * 32)
    async with desk.db.transaction(sato) as tx:  # somebody changes the row behind everybody's back
        await tx.connection.rows("UPDATE packages SET digest = 'x' WHERE number LIKE '%-1' RETURNING id", {})
    with pytest.raises(NotAsPreviewed):
        await send(desk, looked)
    assert {each.state for each in await packages(desk, number)} == {State.DRAFT}


async def test_a_sheet_whose_words_were_changed_after_it_went_is_not_printed(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number)
    [first, _] = await sent(desk, number, agreement)
    row = type("Row", (), {"template": "package_sheet", "facts": {}})()
    async with desk.db.reading() as ask:
        assert await linkage.sheet(ask, row, first)
        with pytest.raises(NotAsPreviewed):
            await linkage.sheet(ask, row, replace(first, digest="x"))


async def test_pressed_twice_it_goes_once(desk):
    number = await desk.given_heard()
    looked = await drafted(desk, number, await agreed(desk, number))
    await send(desk, looked)
    await send(desk, looked)
    await desk.settle()
    assert (await desk.trail(number)).count("package.sent") == 2  # two receivers, once each
    assert (await desk.sato.reads()).count(f"つなぎシート {number}-1 です") == 1


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
    await sqlite_desk.sato.open_home()
    await sqlite_desk.sato.presses("details.open", await sqlite_desk.id_of(number), where="home")
    await sqlite_desk.sato.presses("linkage.open", where="view")
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


async def test_what_is_dropped_leaves_no_words(desk):
    number = await desk.given_heard()
    looked = await drafted(desk, number, await agreed(desk, number))
    await handovers.drop(desk.bot.desk, await desk.actor("U_SATO"), looked.sheets[0][0].batch)
    assert {each["content_sealed"] for each in await desk.rows("SELECT * FROM packages")} == {None}
    with pytest.raises(PackageMovedOn):
        await send(desk, looked)


# Ways


async def test_by_consent_nothing_goes_beyond_fields_receivers_or_time(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number)
    other = await agreed(desk, number, offices=(Office("juso", NAGAHAMA, "包括支援課"),), fields=("theme",))
    with pytest.raises(OutsideScope):
        await drafted(desk, number, agreement, texts={**TEXTS, "risks": "冬の暖房。"})
    with pytest.raises(OutsideScope):
        await drafted(desk, number, agreement, receivers=other.receivers)
    looked = await drafted(desk, number, agreement)
    desk.clock.advance(days=91)
    with pytest.raises(AgreementEnded):
        await send(desk, looked)
    with pytest.raises(AgreementEnded):
        await drafted(desk, number, agreement)


async def test_without_consent_only_the_two_meetings_of_the_law_are_open(sqlite_desk):
    number = await sqlite_desk.given_heard()
    ways = {
        (meeting, town): str(
            (await found(sqlite_desk, number, Wanted("plan", office=Office(meeting, town)))).route.way
        )
        for meeting in ("juso", "tantosha", "shien_juso", "shien_konkyu")
        for town in (NAGAHAMA, OTSU)
    }
    assert ways == {
        ("juso", NAGAHAMA): "nothing", ("juso", OTSU): "nothing", ("tantosha", NAGAHAMA): "nothing",
        ("tantosha", OTSU): "nothing", ("shien_juso", NAGAHAMA): "shien_juso", ("shien_juso", OTSU): "nothing",
        ("shien_konkyu", NAGAHAMA): "shien_konkyu", ("shien_konkyu", OTSU): "shien_konkyu",
    }  # fmt: skip


async def test_the_law_of_the_meeting_stands_on_the_sheet_and_secrecy_is_acknowledged_first(sqlite_desk):
    number = await sqlite_desk.given_heard()
    with pytest.raises(SecrecyFirst):
        await by_law(sqlite_desk, number, secrecy=False)
    looked = await by_law(sqlite_desk, number)
    told = looked.sheets[0][1].written
    assert "支援会議（社会福祉法106条の6）" in told
    assert "守秘義務があります" in told
    await send(sqlite_desk, looked)
    looked = await by_law(sqlite_desk, number, office=Office("shien_konkyu", OTSU, "生活福祉課"))
    assert "支援会議（生活困窮者自立支援法9条）" in looked.sheets[0][1].written


async def test_an_agreement_about_others_is_none_for_an_office_nobody_was_asked_about(sqlite_desk):
    number = await sqlite_desk.given_heard()
    await agreed(sqlite_desk, number)
    way = await found(sqlite_desk, number, Wanted("plan", office=Office("juso", MAIBARA, "別の課")))
    assert way.route.reasons == ("consent_none",)


async def test_where_the_person_said_no_only_a_coordinator_may_go_by_the_law(sqlite_desk):
    number = await sqlite_desk.given_heard()
    await agreed(sqlite_desk, number, answer="refused", offices=())
    assert (
        await found(sqlite_desk, number, Wanted("plan", office=Office("juso", NAGAHAMA)))
    ).route.reasons == ("consent_refused",)
    with pytest.raises(OnlyCoordinators):
        await by_law(sqlite_desk, number)
    await send(sqlite_desk, await by_law(sqlite_desk, number, by="U_YAMAMOTO"), by="U_YAMAMOTO")
    assert [each.state for each in await packages(sqlite_desk, number)] == ["sent"]


async def test_where_abuse_is_feared_whom_to_call_is_shown_and_nothing_is_made(sqlite_desk):
    number = await sqlite_desk.given_heard()
    await agreed(sqlite_desk, number)
    await sqlite_desk.sato.open_home()
    await sqlite_desk.sato.presses("details.open", await sqlite_desk.id_of(number), where="home")
    await sqlite_desk.sato.presses("linkage.open", where="view")
    await sqlite_desk.sato.presses("linkage.start", where="view")
    await sqlite_desk.sato.fills_and_sends(purpose="plan", abuse=["child", "dv"])
    told = await sqlite_desk.sato.reads("view")
    assert "児童福祉法 25条" in told
    assert "189" in told
    assert "DV防止法 6条" in told
    assert "#8008" in told
    assert "県の担当課に確かめてください" in told
    assert "まだ名簿にありません" in told
    assert await packages(sqlite_desk, number) == []
    assert "package.routed" in await sqlite_desk.trail(number)


async def test_where_to_report_is_shown_with_its_number_as_the_directory_knows_it(sqlite_desk):
    number = await sqlite_desk.given_heard(municipality=NAGAHAMA)
    yamamoto = await sqlite_desk.actor("U_YAMAMOTO")
    async with sqlite_desk.db.transaction(yamamoto) as tx:
        await Towns(tx).keep(Town(NAGAHAMA, "高齢福祉課", "0749-65-0001"))
        for n, (kind, town) in enumerate(
            (("chiiki_hokatsu", NAGAHAMA), ("npo", NAGAHAMA), ("chiiki_hokatsu", OTSU))
        ):
            await tx.agencies.keep(Agency(f"a{n}", f"みずうみ{n}センター", kind, town, f"0749-65-100{n}"))
    near = await found(sqlite_desk, number, Wanted("plan", abuse=("elder",)))
    assert (near.town.phone, [each.name for each in near.near]) == ("0749-65-0001", ["みずうみ0センター"])
    assert (await found(sqlite_desk, number, Wanted("plan", office=SHIEN))).near == ()
    told = json.dumps(draw_told(near, sqlite_desk.bot.desk.organisation).view(), ensure_ascii=False)
    assert "高齢福祉課　電話 0749-65-0001" in told and "みずうみ0センター" in told
    assert "0749-65-1001" not in told and "まだ名簿にありません" not in told


async def test_where_nothing_may_be_sent_what_helps_is_said(sqlite_desk):
    number = await sqlite_desk.given_heard()
    await agreed(sqlite_desk, number, answer="refused", offices=())
    await sqlite_desk.sato.open_home()
    await sqlite_desk.sato.presses("details.open", await sqlite_desk.id_of(number), where="home")
    await sqlite_desk.sato.presses("linkage.open", where="view")
    await sqlite_desk.sato.presses("linkage.start", where="view")
    await sqlite_desk.sato.fills_and_sends(purpose="plan", meeting="juso", municipality_1=NAGAHAMA)
    told = await sqlite_desk.sato.reads("view")
    assert "いまは、何も渡せません" in told
    assert "「同意しない」とのお返事があります" in told
    assert "だれのことか分からない形で" in told


async def test_a_town_that_is_told_to_do_juso_now_opens_its_meeting(sqlite_desk):
    number = await sqlite_desk.given_heard()
    coordinator = await sqlite_desk.actor("U_YAMAMOTO")
    prepared = await by_law(sqlite_desk, number)
    async with sqlite_desk.db.transaction(coordinator) as tx:
        await Towns(tx).keep(Town(OTSU, juso="yes", meetings={"shien_juso": "おおつ支えあい会議"}))
        await Towns(tx).keep(Town(NAGAHAMA, juso="no"))

    looked = await by_law(sqlite_desk, number, office=Office("shien_juso", OTSU, "福祉政策課"))

    assert "おおつ支えあい会議（支援会議（重層）・社会福祉法106条の6）" in looked.sheets[0][1].written
    assert (await found(sqlite_desk, number, Wanted("plan", office=SHIEN))).route.reasons == ("no_juso",)
    with pytest.raises(NoWay):  # what was prepared before is not sent any more
        await send(sqlite_desk, prepared)


async def test_a_persons_name_is_no_office(sqlite_desk):
    number = await sqlite_desk.given_heard()
    with pytest.raises(PersonNamed):
        await found(sqlite_desk, number, Wanted("plan", office=replace(SHIEN, office="山田花子さん")))
    with pytest.raises(Missing):
        await found(sqlite_desk, number, Wanted("plan", office=Office("shien_juso")))


async def test_an_ended_consultation_goes_nowhere(sqlite_desk):
    number = await sqlite_desk.given_closed()
    with pytest.raises(TooLate):
        await agreed(sqlite_desk, number)
    with pytest.raises(TooLate):
        await found(sqlite_desk, number, Wanted("plan", office=SHIEN))


# Answers


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


# Who may

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


def test_every_field_of_the_form_is_called_as_on_the_sheet():
    words = messages.form_words("package")
    assert {each.code: each.label for each in codes.options("handover_fields")} == {
        code: words[code]["label"] for code in (*handovers.TEXTS, "supporter_contact")
    }
    assert set(FIELDS) <= set(codes.load("handover_fields").codes)
