"""Ending well: reasons, the anonymized record and its last gate, reopening, withdrawing, pausing, merging and undoing."""

import pytest

from bot.domain.consultation import Status
from tests.desk import CARDS, COORDINATORS

ENDING = {"primary": "advice_closed", "reason": "resolved"}


async def _opens(somebody, form, **answers):
    if await somebody.top_view() is None:
        await somebody.presses("details.open", where=CARDS)
    await somebody.presses(form, where="view")
    return await somebody.fills_and_sends(**answers)


async def test_it_closes_with_a_result_a_reason_and_a_word_and_the_supporter_is_thanked(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_heard()
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("closing.open", where="view")
    form = await desk.sato.reads("view")
    assert "見通しが立った（相談者が判断）：" in form  # each reason with its one sentence

    await desk.sato.fills_and_sends(
        **ENDING, dispositions=["listening", "advice_closed"], closing_words="また、いつでもどうぞ。"
    )

    row = await desk.row(number)
    assert row.status is Status.CLOSED
    assert (row.primary_disposition, row.dispositions) == ("advice_closed", ("advice_closed", "listening"))
    assert row.closing_reason == "resolved"
    assert row.next_action_on is None
    said = await desk.takagi.reads()
    assert "ここで一区切りです。大切なお話を、ありがとうございました。" in said
    assert "終結" in (await desk.cards())[0]
    await desk.takagi.presses("own.open", where="bot")
    own = await desk.takagi.reads("view")
    assert "また、いつでもどうぞ。" in own
    assert "ご相談は終わっています" in own


@pytest.mark.parametrize("missing", ["primary", "reason"])
async def test_nothing_closes_without_a_result_and_a_reason(sqlite_desk, missing):
    desk = sqlite_desk
    number = await desk.given_heard()
    values = {
        "primary": {"type": "static_select", "selected_option": {"value": "advice_closed"}},
        "reason": {"type": "static_select", "selected_option": {"value": "resolved"}},
    }
    values[missing]["selected_option"] = None

    answer = await desk.sato.sends_anyway("closing.submit", {"c": await desk.id_of(number)}, **values)

    assert answer["errors"] == {f"{missing}~0": "ここだけ、教えていただけますか。"}
    assert (await desk.row(number)).status is Status.HEARING_DONE


async def test_after_closing_nothing_is_due_any_more(sqlite_desk):
    desk = sqlite_desk
    await desk.given_closed()
    before = (await desk.takagi.reads(), await desk.sato.reads(), await desk.yamamoto.reads(COORDINATORS))

    for _ in range(14):
        await desk.passes(days=3)

    after = (await desk.takagi.reads(), await desk.sato.reads(), await desk.yamamoto.reads(COORDINATORS))
    assert after == before
    assert await desk.rows("SELECT kind FROM timers WHERE done_at IS NULL") == [{"kind": "follow_up_late"}]


async def test_the_record_is_drawn_up_masked_read_mended_and_confirmed_by_a_person(desk):
    number = await desk.given_closed(story="Aは拒んでいます。", advice="主治医に同席をお願いする。")
    await desk.sato.open_home()
    assert "記録を確かめてください" in await desk.sato.reads("home")
    await desk.sato.presses("record.open", where="home")
    form = await desk.sato.reads("view")
    assert "主治医に同席をお願いする。" in form
    assert await desk.how_many("records") == 0

    await desk.sato.fills_and_sends(agreement="not_needed", situation="利用者は支援を拒んでいる。")

    [record] = await desk.rows("SELECT * FROM records")
    assert record["situation"] == "利用者は支援を拒んでいる。"
    assert record["confirmed_by"] == "U_SATO"
    assert record["primary_disposition"] == "advice_closed"
    assert len(record["hash"]) == 64
    assert "record.confirmed" in await desk.trail(number)
    await desk.sato.open_home()
    assert "記録を確かめてください" not in await desk.sato.reads("home")


async def test_the_last_gate_lets_no_name_into_the_record(sqlite_desk):
    desk = sqlite_desk
    await desk.given_closed()
    await desk.sato.open_home()
    await desk.sato.presses("record.open", where="home")

    await desk.sato.fills_and_sends(
        agreement="not_needed", situation="中川ヨシ江さん（大津市膳所）は拒んでいる。"
    )
    assert await desk.how_many("records") == 0
    assert "中川" not in (await desk.sato.reads("view")).split("伏せなくてよいもの")[0]
    await desk.sato.fills_and_sends()

    [record] = await desk.rows("SELECT situation FROM records")
    for secret in ("中川", "ヨシ江", "膳所", "大津"):
        assert secret not in record["situation"]


async def test_a_name_known_in_this_consultation_cannot_be_kept_even_by_hand(sqlite_desk):
    """Who gave a name at the door does not find it in the record, whatever a person ticks."""
    desk = sqlite_desk
    from bot.domain.casework import Contact

    await desk.given_closed(contact=Contact(name="湖北花子", agency="みずうみ居宅", phone="090-1234-5678"))
    it = await desk.id_of("R8-0001")

    answer = await desk.sato.sends_anyway(
        "record.submit",
        {"c": it},
        situation={"type": "plain_text_input", "value": "みずうみ居宅の湖北花子が来所した。"},
        keep={
            "type": "checkboxes",
            "selected_options": [
                {"value": '["A","PERSON",["湖北花子"],{}]'},
                {"value": '["B","FACILITY",["みずうみ居宅"],{}]'},
            ],
        },
        agreement={"type": "radio_buttons", "selected_option": {"value": "not_needed"}},
        purpose={"type": "radio_buttons", "selected_option": {"value": "support"}},
    )

    assert await desk.how_many("records") == 0
    assert "このように伏せました" in str(answer) or "か所" in str(answer)


async def test_a_confirmed_record_is_one_however_often_it_is_sent(desk):
    await desk.given_closed()
    await desk.sato.open_home()
    await desk.sato.presses("record.open", where="home")
    desk.workspace.faults.add(what="duplicate", times=1)

    await desk.sato.fills_and_sends(agreement="not_needed")
    await desk.settle()

    assert await desk.how_many("records") == 1


async def test_one_tap_opens_it_again_with_a_new_promise(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_closed()
    promised = (await desk.row(number)).promised_at
    desk.clock.advance(days=10)

    await desk.takagi.presses("consultation.reopen", where="bot")
    await desk.takagi.presses_anyway("consultation.reopen", await desk.id_of(number))

    row = await desk.row(number)
    assert (row.status, row.counselor) == (Status.REOPENED, None)
    assert row.promised_at > promised
    assert (await desk.takagi.reads()).count("のご相談を再開しました") == 1
    assert "再開" in (await desk.cards())[0] and "担当する" in (await desk.cards())[0]
    assert (await desk.trail(number)).count("consultation.reopened") == 1
    await desk.mori.presses("callback.claim", where=CARDS)
    await desk.mori.presses("details.open", where=CARDS)
    assert "主治医に同席をお願いする。" in await desk.mori.reads("view")  # the history stays


async def test_closed_a_second_time_it_wants_a_second_record(desk):
    number = await desk.given_closed()
    await desk.sato.open_home()
    await desk.sato.presses("record.open", where="home")
    await desk.sato.fills_and_sends(agreement="not_needed")
    desk.clock.advance(days=3)
    await desk.takagi.presses("consultation.reopen", where="bot")
    await desk.sato.presses("callback.claim", where=CARDS)
    await _opens(desk.sato, "closing.open", **ENDING)
    await desk.sato.close(clear=True)

    await desk.sato.open_home()
    assert "記録を確かめてください" in await desk.sato.reads("home")
    await desk.sato.presses("record.open", where="home")
    await desk.sato.fills_and_sends(agreement="not_needed")

    assert await desk.how_many("records") == 2
    assert (await desk.row(number)).status is Status.CLOSED


@pytest.mark.parametrize("person", ["U_KITAMURA", "U_MORI", "U_TANAKA"])
async def test_only_those_it_concerns_open_it_again(sqlite_desk, person):
    desk = sqlite_desk
    number = await desk.given_closed()

    await desk.person(person).presses_anyway("consultation.reopen", await desk.id_of(number))

    assert (await desk.row(number)).status is Status.CLOSED


# Withdraw, suspend


async def test_who_asked_takes_it_back_and_the_counselor_need_not_call(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()
    await desk.takagi.presses("own.open", where="bot")

    await desk.takagi.presses("consultation.withdraw", where="view")

    assert (await desk.row(number)).status is Status.WITHDRAWN
    assert "お電話はもう要りません" in await desk.sato.reads()
    own = await desk.takagi.reads("view")
    assert "取り下げになっています" in own
    assert "もう一度相談する" in own
    await desk.passes(days=20)
    assert "その後いかがでしたか" not in await desk.takagi.reads()


async def test_paused_it_is_quiet_and_comes_back(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_heard(days=7)
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("consultation.suspend", where="view")

    assert (await desk.row(number)).status is Status.SUSPENDED
    assert "いったんお休みにします" in await desk.takagi.reads()
    assert "中断" in (await desk.cards())[0]
    assert "もう一度はじめる" in await desk.sato.reads("view")
    before = await desk.sato.reads()
    await desk.passes(days=30)
    assert await desk.sato.reads() == before

    await desk.takagi.presses("own.open", where="bot")
    own = await desk.takagi.reads("view")
    assert "までにお電話します" not in own  # no promise that nobody keeps
    await desk.takagi.presses("consultation.reopen", where="view")
    assert (await desk.row(number)).status is Status.REOPENED


# Merge


async def test_the_same_request_twice_is_put_together_and_taken_apart_again(desk):
    first = await desk.given_waiting()
    second = await desk.given_claimed(urgency="u2")
    await desk.yamamoto.presses("details.open", await desk.id_of(second), where=CARDS)
    await desk.yamamoto.presses("merge.open", where="view")
    form = await desk.yamamoto.reads("view")
    assert first in form

    await desk.yamamoto.fills_and_sends(into=first)

    row = await desk.row(second)
    assert (row.status, row.merged_into) == (Status.MERGED, await desk.id_of(first))
    assert "ほかの受付にまとめました" in "\n".join(await desk.cards())
    assert f"*{second}* を、ほかの受付にまとめました" in await desk.yamamoto.reads(COORDINATORS)
    await desk.yamamoto.close(clear=True)
    await desk.takagi.open_home()
    await desk.takagi.presses("own.open", await desk.id_of(second), where="home")
    own = await desk.takagi.reads("view")
    assert "までにお電話します" not in own
    assert "取り下げる" not in own
    await desk.takagi.close()

    await desk.yamamoto.presses("merge.undo", where=COORDINATORS)

    row = await desk.row(second)
    assert (row.status, row.merged_into, row.counselor) == (Status.CLAIMED, None, "U_SATO")
    assert {"consultation.merged", "consultation.unmerged"} <= set(await desk.trail(second))


async def test_a_claim_that_was_merged_and_taken_apart_still_runs_out(sqlite_desk):
    desk = sqlite_desk
    first = await desk.given_waiting()
    second = await desk.given_claimed()
    await desk.yamamoto.sends_anyway(
        "merge.submit",
        {"c": await desk.id_of(second)},
        into={"type": "static_select", "selected_option": {"value": first}},
    )
    await desk.yamamoto.presses("merge.undo", where=COORDINATORS)
    assert (await desk.row(second)).status is Status.CLAIMED

    await desk.passes(days=3)

    assert (await desk.row(second)).counselor is None


async def test_it_is_not_merged_into_itself_nor_into_what_has_ended(sqlite_desk):
    desk = sqlite_desk
    ended, other = await desk.given_closed(), await desk.given_waiting()
    it = await desk.id_of(other)
    for into in (other, ended, "R8-9999"):
        await desk.yamamoto.sends_anyway(
            "merge.submit", {"c": it}, into={"type": "static_select", "selected_option": {"value": into}}
        )
        assert (await desk.row(other)).status is Status.RECEIVED


async def test_where_there_is_nothing_to_merge_with_it_says_so(sqlite_desk):
    desk = sqlite_desk
    await desk.given_waiting()
    await desk.yamamoto.presses("details.open", where=CARDS)
    await desk.yamamoto.presses("merge.open", where="view")

    assert "とまとめられる受付は、いまはありません" in await desk.yamamoto.reads("view")


# Steps that do not follow


@pytest.mark.parametrize(
    ("form", "values"),
    [
        ("release.submit", {}),
        ("urgency.submit", {"urgency": {"type": "radio_buttons", "selected_option": {"value": "u1"}}}),
        ("call.submit", {"outcome": {"type": "radio_buttons", "selected_option": {"value": "reached"}}}),
        ("hearing.submit", {
            "next_action": {"type": "plain_text_input", "value": "電話"},
            "next_on": {"type": "datepicker", "selected_date": "2026-12-08"},
        }),
        ("handover.submit", {"taker": {"type": "users_select", "selected_user": "U_MORI"}}),
        ("assign.submit", {"counselor": {"type": "users_select", "selected_user": "U_MORI"}}),
    ],
)  # fmt: skip
async def test_on_what_is_over_no_form_does_anything_and_says_where_it_is(sqlite_desk, form, values):
    desk = sqlite_desk
    number = await desk.given_closed()
    kept = await desk.kept()

    answer = await desk.yamamoto.sends_anyway(form, {"c": await desk.id_of(number)}, **values)

    assert "この相談は、いま「終結」になっています" in str(answer)
    assert await desk.kept() == kept
