"""Story 1, from the first press to the confirmed record; and the claim race of story 5."""

from tests import precedents
from tests.desk import CARDS, FOUR


async def test_between_two_visits(desk):
    await desk.takagi.command("/相談")
    answer = await desk.takagi.fills_and_sends(
        **FOUR, story="利用者の中川ヨシ江さんが、訪問を拒んでおられます。大津市膳所にお住まいです。"
    )
    seen = await desk.takagi.reads("view")
    assert answer["acked"]
    assert "中川" not in seen.split("伏せなくてよいもの")[0]
    assert "Aさん" in seen
    assert await desk.how_many("consultations") == 0

    await desk.takagi.fills_and_sends()

    assert "お話をお預かりしました（受付番号 *R8-0001*）" in await desk.takagi.reads("view")
    [card] = await desk.cards()
    assert "R8-0001" in card

    desk.clock.advance(minutes=18)
    await desk.sato.presses("callback.claim", where=CARDS)
    assert "U_SATO" in (await desk.cards())[0]
    assert "担当します" in await desk.takagi.reads()

    await desk.sato.presses("details.open", where=CARDS)
    assert "090-1234-5678" in await desk.sato.reads("view")
    await desk.sato.presses("call.open", where="view")
    await desk.sato.fills_and_sends(outcome="no_answer")
    assert "応答なし" in await desk.sato.reads("view")

    desk.clock.advance(hours=3)
    await desk.sato.presses("call.open", where="view")
    await desk.sato.fills_and_sends(outcome="reached")
    await desk.sato.presses("hearing.open", where="view")
    await desk.sato.fills_and_sends(
        characteristics=["refusal_service"],
        formulation="拒否の背景に、不安がありそうです。",
        advice="主治医に同席をお願いする。",
        next_action="電話でようすをうかがう",
        next_on="2026-12-08",
        minutes="40",
    )
    assert (await desk.row("R8-0001")).status == "hearing_done"

    await desk.passes(days=14)
    assert "その後いかがでしたか" in await desk.takagi.reads()
    await desk.takagi.presses("follow_up.helped")
    assert "お返事がありました" in await desk.sato.reads()

    await desk.sato.presses("closing.open", where="view")
    await desk.sato.fills_and_sends(
        primary="advice_closed", reason="resolved", closing_words="また、いつでもどうぞ。"
    )
    record = await desk.sato.reads("view")
    assert "おつかれさまでした" in record
    assert "ヨシ江" not in record
    await desk.sato.fills_and_sends(agreement="supporter", offered=["offered"], household="alone")

    [kept] = await desk.rows("SELECT * FROM records")
    assert "訪問を拒んでおられます" in kept["situation"]
    assert (kept["theme"], kept["household"], kept["agreement"]) == ("approach", "alone", "supporter")
    assert [each["answer"] for each in await desk.rows("SELECT * FROM record_echoes")] == ["helped"]
    assert "一区切り" in await desk.takagi.reads()

    await desk.suzuki.open_home()
    assert "確認をお願いしたい事例" in await desk.suzuki.reads("home")
    await desk.suzuki.presses("record.read", kept["id"], where="home")
    read = await desk.suzuki.reads("view")
    assert "主治医に同席をお願いする。" in read
    assert "中川" not in read
    await desk.suzuki.presses("record.release", where="view")
    assert "ほかの相談員にも役立てています" in await desk.suzuki.reads("view")

    await desk.suzuki.close(clear=True)
    desk.clock.advance(days=30)
    async with desk.db.transaction(await desk.actor("U_MORI")) as tx:  # what others closed meanwhile
        await precedents.kept(tx, *(precedents.record(f"other{n}") for n in range(4)))
    number = await desk.given_claimed(
        "U_SUZUKI", supporter="U_KITAMURA", story="訪問を拒まれ、お会いできていません。"
    )
    await desk.suzuki.presses("details.open", await desk.id_of(number), where=CARDS)
    await desk.suzuki.presses("precedents.alike", where="view")
    found = await desk.suzuki.reads("view")
    assert "近いものから1件" in found
    assert "主治医に同席をお願いする。" in found
    assert "試してみて、役に立った 1件" in found
    assert "中川" not in found
    await desk.suzuki.presses("precedents.read", kept["id"], where="view")
    assert "その後のお返事" in await desk.suzuki.reads("view")
