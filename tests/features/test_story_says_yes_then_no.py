"""Story 9: the person says yes, then no. Consent for 重層的支援会議 to two receivers; one accepts, one has not answered; it is taken
back; both are asked to return it; the trail is complete.
"""

import json

from tests.handovers import MAIBARA, NAGAHAMA, packages

STORY = "80代のお母さまと50代の息子さんの世帯です。訪問しても玄関で断られます。"


async def test_the_person_says_yes_then_no(desk):
    number = await desk.given_heard(story=STORY)
    c = await desk.id_of(number)

    # Yes, on paper: five things, to two towns.
    await desk.sato.open_home()
    await desk.sato.presses("details.open", c, where="home")
    await desk.sato.presses("linkage.open", where="view")
    assert "まだたずねていない" in await desk.sato.reads("view")
    await desk.sato.presses("agreement.open", where="view")
    await desk.sato.fills_and_sends(
        answer="given", who="person", how="written", fields=["theme", "trouble", "wish", "supporter_contact"],
        meeting="juso", municipality_1=NAGAHAMA, office_1="健康福祉部 社会福祉課", person_1="U_KITAMURA",
        municipality_2=MAIBARA, office_2="くらし支援課",
    )  # fmt: skip
    assert "同意あり" in await desk.sato.reads("view")

    # The way is by consent; only what was agreed to can be written; what is seen is what goes.
    await desk.sato.presses("linkage.start", where="view")
    view = await desk.sato.top_view()
    [boxes] = [b["element"] for b in view["blocks"] if b.get("element", {}).get("action_id") == "chosen"]
    await desk.sato.fills_and_sends(purpose="plan", chosen=[each["value"] for each in boxes["options"]])
    form = json.dumps(await desk.sato.top_view(), ensure_ascii=False)
    assert "玄関で断られます" in form  # from the words of the case
    assert "強み" not in form  # nobody agreed to that
    await desk.sato.fills_and_sends(wish="この家で暮らしつづけたい。", supporter_contact="by_hand")
    preview = await desk.sato.reads("view")
    assert "この家で暮らしつづけたい。" in preview
    assert [each.state for each in await packages(desk, number)] == ["draft", "draft"]
    await desk.sato.fills_and_sends()
    assert [each.state for each in await packages(desk, number)] == ["sent", "sent"]
    direct = await desk.sato.reads()
    assert f"つなぎシート {number}-1 です" in direct
    assert f"つなぎシート {number}-2 の表です" in direct

    # One accepts by the button in a direct message; the other has not answered after a week.
    assert "長浜市 重層的支援会議あてに" in await desk.kitamura.reads()
    await desk.kitamura.presses("package.accept", where="bot")
    await desk.passes(days=7)
    assert "「受け取り」になりました" in await desk.sato.reads()
    assert "お返事を" in await desk.sato.reads()
    assert [each.state for each in await packages(desk, number)] == ["accepted", "sent"]
    await desk.sato.open_home()
    assert f"{number}-1" in await desk.sato.reads("home")

    # No. Both are asked to return it, whatever they had said.
    await desk.sato.close(clear=True)
    await desk.sato.presses("details.open", c, where="home")
    await desk.sato.presses("linkage.open", where="view")
    await desk.sato.presses("agreement.withdraw", where="view")
    await desk.sato.fills_and_sends(how="phone")
    told = await desk.sato.reads("view")
    assert f"{number}-1" in told and f"{number}-2" in told
    both = await packages(desk, number)
    assert [each.state for each in both] == ["return_asked", "return_asked"]
    assert [each.before for each in both] == ["accepted", "sent"]
    assert (await desk.sato.reads()).count("返却をお願いする手紙です") == 2
    assert (await desk.yamamoto.reads("C_COORD")).count("同意の取り下げがあり") == 2

    # The member says so by a button; of the other the coordinator is told on the telephone, after a reminder.
    await desk.kitamura.presses("package.give_back", where="bot")
    await desk.passes(days=7)
    assert "まだ確かめられていません" in await desk.yamamoto.reads("C_COORD")
    await desk.yamamoto.presses("package.returned", both[1].id, where="C_COORD")
    assert [each.state for each in await packages(desk, number)] == ["returned", "returned"]

    # Nothing new goes under it, and the trail tells everything in order.
    await desk.sato.close(clear=True)
    await desk.sato.open_home()
    await desk.sato.presses("details.open", c, where="home")
    await desk.sato.presses("linkage.open", where="view")
    assert "同意の取り下げ" in await desk.sato.reads("view")
    await desk.sato.presses("linkage.start", where="view")
    assert "chosen" not in json.dumps(await desk.sato.top_view())
    trail = [each for each in await desk.trail(number) if each.partition(".")[0] in {"agreement", "package"}]
    assert trail == [
        "agreement.recorded", "package.routed", "package.drafted", "package.drafted", "package.sent", "package.sent",
        "package.accepted", "agreement.withdrawn", "package.return_asked", "package.return_asked",
        "package.returned", "package.returned",
    ]  # fmt: skip
    [taken] = await desk.rows("SELECT * FROM agreement_withdrawals")
    assert (taken["how"], taken["recorded_by"], taken["receivers"]) == ("phone", "U_SATO", "[]")
    assert "玄関で断られます" not in json.dumps(await desk.rows("SELECT * FROM packages"), ensure_ascii=False)
