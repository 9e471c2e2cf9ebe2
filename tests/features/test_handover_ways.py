"""つなぐ, the ways: by consent, or by the two meetings of the law, and by no other."""

import json

import pytest

from bot.domain.agreement import AgreementEnded, Consent, OnlyTheFamily, OutsideScope, consent_of
from bot.domain.directory import Agency, Town
from bot.domain.handover import NoWay, OnlyCoordinators, SecrecyFirst
from bot.domain.refusals import TooLate
from bot.store.directory import Towns
from bot.usecases import handovers
from bot.usecases.handover_ways import Office
from bot.usecases.handovers import Draft, Wanted
from handlers.linkage import draw_told
from tests.handovers import (
    MAIBARA,
    NAGAHAMA,
    OTSU,
    SHIEN,
    TEXTS,
    agreed,
    by_law,
    drafted,
    found,
    opens_linkage,
    packages,
    send,
    today,
)


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
    await opens_linkage(sqlite_desk.sato, number)
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
    await opens_linkage(sqlite_desk.sato, number)
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


async def test_an_ended_consultation_goes_nowhere(sqlite_desk):
    number = await sqlite_desk.given_closed()
    with pytest.raises(TooLate):
        await agreed(sqlite_desk, number)
    with pytest.raises(TooLate):
        await found(sqlite_desk, number, Wanted("plan", office=SHIEN))


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
