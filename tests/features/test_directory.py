"""つなぎ先: looked up by everybody of the desk, kept by coordinators, confirmed again in time."""

from datetime import date, timedelta

import pytest

from bot.domain.business_time import TOKYO
from bot.domain.directory import (
    EVERYWHERE,
    Agency,
    NotOfStaff,
    PersonNamed,
    Town,
    a_year_after,
    does_juso,
    holds,
)
from bot.domain.refusals import Changed, InThePast, Missing, NotAllowed, NotYourRole
from bot.domain.staff import THE_CLOCK, Role
from bot.usecases import directory, people
from tests.desk import COORDINATORS

NAGAHAMA, OTSU = "252034", "252018"


def _today(desk):
    return desk.clock.now.astimezone(TOKYO).date()


def an_agency(desk, **changes):
    told = {
        "id": "", "name": "みずうみ地域包括支援センター", "kind": "chiiki_hokatsu", "municipality": NAGAHAMA,
        "phone": "0749-65-0000", "note": "平日の9時から17時まで", "owner": "U_SATO",
        "confirm_on": _today(desk) + timedelta(days=30),
    }  # fmt: skip
    return Agency(**{**told, **changes})


async def given(desk, **changes):
    actor = await desk.actor("U_YAMAMOTO")
    kept = await directory.keep_agency(desk.bot.desk, actor, an_agency(desk, **changes), once=desk.once())
    await desk.settle()
    async with desk.db.reading() as ask:
        return await ask.agencies.get(kept.id)


async def test_a_coordinator_adds_an_agency_and_everybody_of_the_desk_finds_it(desk):
    await desk.yamamoto.open_home()
    await desk.yamamoto.presses("directory.open", where="home")
    assert "つなぎ先は、まだ登録されていません" in await desk.yamamoto.reads("view")
    await desk.yamamoto.presses("directory.add", where="view")
    answer = await desk.yamamoto.fills_and_sends(
        name="みずうみ地域包括支援センター", kind="chiiki_hokatsu", municipality=NAGAHAMA, phone="０７４９－６５－００００",
        note="はじめは相談係へ", owner="U_SATO", confirm_on="2027-11-24",
    )  # fmt: skip
    assert not answer.get("errors")

    shown = await desk.yamamoto.reads("view")
    assert "*みずうみ地域包括支援センター*　地域包括支援センター・長浜市" in shown
    assert "電話 0749-65-0000" in shown

    await desk.tanaka.command("/つなぎ先", "包括　長浜")
    shown = await desk.tanaka.reads("view")
    assert "*1か所*　見つかりました" in shown
    assert not await desk.tanaka.has("directory.edit", where="view")
    assert not await desk.tanaka.has("directory.add", where="view")
    for words in ("0749650000", "みずうみ", "相談係"):
        await desk.tanaka.fills_and_sends(words=words)
        assert "*1か所*" in await desk.tanaka.reads("view")
    await desk.tanaka.fills_and_sends(words="ありません")
    assert "見つかりませんでした" in await desk.tanaka.reads("view")
    assert (await desk.trail()).count("directory.changed") == 1


async def test_a_supporter_is_told_kindly_that_it_is_the_desks(sqlite_desk):
    desk = sqlite_desk
    await desk.takagi.command("/つなぎ先", "包括")

    with pytest.raises(NotYourRole):
        await directory.look(desk.bot.desk, await desk.actor("U_TAKAGI"), directory.Asked())
    await desk.takagi.open_home()
    assert not await desk.takagi.has("directory.open", where="home")
    assert await desk.takagi.top_view() is None


async def test_pressed_twice_it_is_one_agency(desk):
    actor = await desk.actor("U_YAMAMOTO")
    for _ in range(2):
        await directory.keep_agency(desk.bot.desk, actor, an_agency(desk), once="view:1")
    await directory.keep_agency(desk.bot.desk, actor, an_agency(desk), once="view:2")  # the control

    assert await desk.how_many("agencies") == 2


async def test_only_coordinators_and_the_owner_change_an_entry(desk):
    kept = await given(desk)
    changed = an_agency(desk, id=kept.id, version=kept.version, note="土曜日もつながります")
    for person in ("U_SUZUKI", "U_TANAKA", "U_TAKAGI", "U_KONDO"):
        with pytest.raises(NotAllowed):
            await directory.keep_agency(desk.bot.desk, await desk.actor(person), changed)
        with pytest.raises(NotAllowed):
            await directory.confirm(desk.bot.desk, await desk.actor(person), kept.subject)
        with pytest.raises(NotAllowed):
            await directory.keep_agency(desk.bot.desk, await desk.actor(person), an_agency(desk), once="x")

    await directory.keep_agency(desk.bot.desk, await desk.actor("U_SATO"), changed)

    async with desk.db.reading() as ask:
        assert (await ask.agencies.get(kept.id)).note == "土曜日もつながります"


async def test_of_two_who_change_an_entry_the_second_is_told(desk):
    kept = await given(desk)
    actor = await desk.actor("U_YAMAMOTO")
    first = an_agency(desk, id=kept.id, version=kept.version, note="土曜日は休み")
    await directory.keep_agency(desk.bot.desk, actor, first)
    await directory.keep_agency(desk.bot.desk, actor, first)  # the same once more is nothing new

    with pytest.raises(Changed):
        await directory.keep_agency(
            desk.bot.desk, actor, an_agency(desk, id=kept.id, version=kept.version, note="日曜日は休み")
        )
    async with desk.db.reading() as ask:
        assert (await ask.agencies.get(kept.id)).note == "土曜日は休み"


async def test_a_persons_name_is_refused_kindly_and_an_offices_can_be_let_stand(sqlite_desk):
    desk = sqlite_desk
    await desk.yamamoto.command("/つなぎ先", "")
    await desk.yamamoto.presses("directory.add", where="view")
    await desk.yamamoto.fills_and_sends(
        name="みずうみ相談室", kind="npo", municipality=NAGAHAMA, note="担当は中川 美智子さんです", confirm_on="2027-11-24",
    )  # fmt: skip

    shown = await desk.yamamoto.reads("view")
    assert "人のお名前のように見えるところがありました" in shown
    assert await desk.how_many("agencies") == 0

    view = await desk.yamamoto.top_view()
    (boxes,) = [
        each["element"]["options"] for each in view["blocks"] if each.get("block_id", "").startswith("nobody")
    ]
    await desk.yamamoto.fills_and_sends(nobody=[each["value"] for each in boxes])
    assert await desk.how_many("agencies") == 1
    with pytest.raises(PersonNamed):  # the control: nobody is let stand unasked
        await directory.without_people({"note": "担当は中川 美智子さんです"})
    await directory.without_people({"name": "みずうみ地域包括支援センター", "note": "はじめは相談係へ"})


async def test_names_of_real_offices_are_no_names_of_people():
    for name in (
        "長浜市社会福祉協議会", "高島市役所 社会福祉課", "守山市地域包括支援センター", "米原市 くらし支援課",
        "滋賀県中央子ども家庭相談センター", "東近江圏域働き・暮らし応援センター", "甲賀市こども家庭センター",
    ):  # fmt: skip
        await directory.without_people({"name": name})


async def test_a_municipality_shows_its_counter_and_each_meeting_with_its_law(desk):
    await desk.yamamoto.command("/つなぎ先", "")
    view = await desk.yamamoto.top_view()
    assert [each for each in view["blocks"] if each["type"] == "actions"]
    actor = await desk.actor("U_YAMAMOTO")
    later = _today(desk) + timedelta(days=100)
    town = Town(NAGAHAMA, "社会福祉課 地域福祉係", "0749-65-0001", None, owner="U_SATO", confirm_on=later)
    await directory.keep_town(desk.bot.desk, actor, town)
    await directory.call_meeting(desk.bot.desk, actor, NAGAHAMA, "shien_juso", "つながる会議")
    await directory.call_meeting(desk.bot.desk, actor, NAGAHAMA, "chiiki_care", "個別ケア会議")
    await directory.call_meeting(desk.bot.desk, actor, NAGAHAMA, "chiiki_care", "")

    shown = await _looks_at(desk, desk.tanaka, NAGAHAMA)

    assert "社会福祉課 地域福祉係" in shown and "電話 0749-65-0001" in shown
    assert "令和3年度に実施予定とされています" in shown
    assert "支援会議（重層）*　ここでの呼び名は「つながる会議」（根拠：社会福祉法106条の6" in shown
    assert "支援会議（生活困窮）*　ここでの呼び名は未確認（根拠：生活困窮者自立支援法9条" in shown
    assert "個別ケア会議" not in shown
    assert "資料には載っていません" in await _looks_at(desk, desk.tanaka, OTSU)
    async with desk.db.reading() as ask:
        assert await ask.local_names.of(NAGAHAMA) == {"shien_juso": "つながる会議"}
        assert await ask.local_names.of(OTSU) == {}


async def test_each_entry_says_how_it_is_known_and_when_it_is_looked_at_again(desk):
    assert "まだこの窓口で確かめていません" in await _looks_at(desk, desk.yamamoto, NAGAHAMA)
    await desk.yamamoto.presses("directory.edit", f"town:{NAGAHAMA}", where="view")
    await desk.yamamoto.fills_and_sends(
        section="社会福祉課", juso="yes", source="phone", confirm_on="2027-10-01"
    )

    shown = await desk.yamamoto.reads("view")
    assert "実施している" in shown
    assert "2026年11月24日(火)に確かめました（電話で聞いた）。次は2027年10月1日(金)に確かめます" in shown
    async with desk.db.reading() as ask:
        assert (await ask.towns.get(NAGAHAMA)).source == "phone"
    kept = await given(desk, source="paper")
    assert kept.source == "paper"
    assert "（市町や県の資料で見た）" in await _looks_at(desk, desk.tanaka, NAGAHAMA)
    with pytest.raises(Missing):
        await given(desk, name="ほかの事業所", source="rumour")


async def _looks_at(desk, person, municipality):
    await person.command("/つなぎ先", "")
    view = await person.top_view()
    block, element = next(
        (each, part)
        for each in view["blocks"]
        for part in each.get("elements", ())
        if part.get("action_id") == "directory.place"
    )
    await person.press(
        action_id="directory.place", block_id=block.get("block_id"), view_id=view["id"], choice=municipality
    )
    await desk.settle()
    return await person.reads("view")


async def test_a_name_of_a_meeting_alone_is_confirmed_again_too(desk):
    actor = await desk.actor("U_YAMAMOTO")
    await directory.call_meeting(desk.bot.desk, actor, OTSU, "juso", "まるごと会議")
    await desk.passes(days=364)
    assert "大津市" not in await desk.yamamoto.reads(COORDINATORS)
    await desk.passes(days=2)

    assert "つなぎ先 *大津市* の記載を、まだ確かめられていません" in await desk.yamamoto.reads(COORDINATORS)


def test_what_a_municipality_does_is_what_was_asked_or_else_what_was_planned():
    assert does_juso(Town(NAGAHAMA), planned=True) is True
    assert does_juso(Town(OTSU), planned=False) is None
    assert does_juso(Town(OTSU, juso="yes"), planned=False) is True
    assert does_juso(Town(NAGAHAMA, juso="no"), planned=True) is False


async def test_agencies_of_a_municipality_come_before_those_of_the_whole_prefecture(desk):
    far = await given(desk, name="県の支援センター", municipality=EVERYWHERE)
    near = await given(desk)
    await given(desk, name="よその事業所", municipality=OTSU)
    gone = await given(desk, name="もうない事業所")
    actor = await desk.actor("U_YAMAMOTO")
    await directory.keep_agency(
        desk.bot.desk, actor, an_agency(desk, id=gone.id, name=gone.name, version=1, active=False)
    )

    async with desk.db.reading() as ask:
        assert [each.id for each in await ask.agencies.of(NAGAHAMA)] == [near.id, far.id]
        assert [each.id for each in await ask.agencies.find("ミズウミ")] == []
        assert [each.id for each in await ask.agencies.find("みずうみ　包括")] == [near.id]
        assert not (await ask.agencies.get(gone.id)).active


def test_words_are_found_however_wide_they_are_written():
    agency = Agency("", "ＮＰＯ法人 みずうみ", "npo", NAGAHAMA, phone="0749-65-0000")

    assert holds(agency, "npo") and holds(agency, "65-0000") and holds(agency, "0749650")
    assert holds(agency, "長浜", {NAGAHAMA: "長浜市"})
    assert not holds(agency, "大津", {NAGAHAMA: "長浜市"})
    assert not holds(agency, "999")


async def test_the_owner_is_asked_on_the_day_once_and_not_at_night(desk):
    kept = await given(desk, confirm_on=_today(desk) + timedelta(days=1))
    desk.clock.now = desk.clock.now.replace(hour=14)  # 23:00 in Otsu
    await desk.ask_the_clock()
    assert "変わりありませんか" not in await desk.sato.reads()

    await desk.passes(hours=4)  # three in the night
    assert "変わりありませんか" not in await desk.sato.reads()
    await desk.passes(hours=8)
    await desk.ask_the_clock()
    said = await desk.sato.reads()
    assert said.count("みずうみ地域包括支援センター* の記載は、いまも変わりありませんか") == 1

    await desk.sato.presses("directory.confirm", kept.subject, where="bot")
    await desk.sato.presses("directory.confirm", kept.subject, where="bot")

    async with desk.db.reading() as ask:
        after = await ask.agencies.get(kept.id)
    assert after.confirm_on == a_year_after(_today(desk)) and after.confirmed_on == _today(desk)
    assert (await desk.trail()).count("directory.confirmed") == 1
    await desk.passes(days=20)
    assert "まだ確かめられていません" not in await desk.yamamoto.reads(COORDINATORS)


async def test_where_the_owner_is_silent_the_coordinators_hear_of_it_after_two_weeks(desk):
    kept = await given(desk, confirm_on=_today(desk) + timedelta(days=1))
    await desk.passes(days=1, hours=1)
    await desk.passes(days=13)
    assert "まだ確かめられていません" not in await desk.yamamoto.reads(COORDINATORS)
    await desk.passes(days=1)
    await desk.passes(days=20)

    said = await desk.yamamoto.reads(COORDINATORS)
    assert said.count("の記載を、まだ確かめられていません。<@U_SATO>さん") == 1
    await desk.yamamoto.presses("directory.confirm", kept.subject, where=COORDINATORS)
    async with desk.db.reading() as ask:
        assert (await ask.agencies.get(kept.id)).confirm_on > _today(desk)


async def test_an_entry_nobody_of_the_desk_looks_after_is_the_coordinators(desk):
    await given(desk, confirm_on=_today(desk) + timedelta(days=1))
    await people.revoke(desk.bot.desk, THE_CLOCK, "U_SATO", Role.COUNSELOR)
    await desk.passes(days=1, hours=1)

    assert "まだ確かめられていません" in await desk.yamamoto.reads(COORDINATORS)
    assert "変わりありませんか" not in await desk.sato.reads()


async def test_what_cannot_be_kept_is_refused_on_its_answer(sqlite_desk):
    desk = sqlite_desk
    actor = await desk.actor("U_YAMAMOTO")
    for changes, refusal in (
        ({"owner": "U_TAKAGI"}, NotOfStaff),
        ({"confirm_on": _today(desk)}, InThePast),
        ({"confirm_on": date(2099, 1, 1)}, InThePast),
    ):
        with pytest.raises(refusal):
            await directory.keep_agency(desk.bot.desk, actor, an_agency(desk, **changes), once="1")
    await directory.keep_agency(desk.bot.desk, actor, an_agency(desk, phone="189"), once="1")
    assert await desk.how_many("agencies") == 1


def test_a_leap_day_is_followed_by_the_day_before_it():
    assert a_year_after(date(2028, 2, 29)) == date(2029, 2, 28)
    assert a_year_after(date(2026, 11, 24)) == date(2027, 11, 24)
