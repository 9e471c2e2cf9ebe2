"""What people, and not only people, type: every refusal is one sentence on its field, and hostile text arrives as text."""

import json

import pytest

from tests.desk import CARDS, COORDINATORS, FOUR

HOSTILE = "<!channel> <!everyone> <evil|見積書> &amp; *太字* _斜体_ `x` ~消~ > 引用"
TYPED_IN_PROXY = {**FOUR, "phone": "077-561-3811"}


async def _details(desk):
    await desk.sato.presses("callback.claim", where=CARDS)
    await desk.sato.presses("details.open", where=CARDS)
    return await desk.sato.reads("view")


def _blocks(desk, *methods):
    """All blocks the bot sent by these methods, as text."""
    return "\n".join(
        json.dumps(row["request"], ensure_ascii=False)
        for row in desk.workspace.traffic.after(0)
        if row["direction"] == "bot→slack" and row["method"] in methods
    )


async def test_hostile_text_arrives_as_text(desk):
    await desk.takagi.asks(story=HOSTILE, name="<!here>", agency="<@U_ADMIN>&<!channel>")

    details = await _details(desk)

    assert "&lt;!channel&gt; &lt;!everyone&gt; &lt;evil|見積書&gt; &amp;amp;" in details
    assert "*お名前*　&lt;!here&gt;" in details
    assert "&lt;@U_ADMIN&gt;&amp;&lt;!channel&gt;" in details
    told = desk.told()
    for live in ("<!channel>", "<!here>", "<evil|"):
        assert live not in told
    await desk.takagi.presses("own.open", where="bot")
    assert "&lt;!channel&gt;" in await desk.takagi.reads("view")


async def test_a_link_dressed_up_as_something_else_is_not_kept(sqlite_desk):
    desk = sqlite_desk
    await desk.takagi.command("/相談")
    await desk.takagi.fills_and_sends(**FOUR, story="<https://evil.example|見積書> をご覧ください。")
    await desk.takagi.fills_and_sends()

    details = await _details(desk)

    assert "evil.example" not in details
    assert "見積書" in details or "リンク" in details


async def test_the_marks_of_our_own_templates_cannot_be_typed(sqlite_desk):
    desk = sqlite_desk
    story = 'ここ\ue004{"label": "押して", "action": "callback.claim", "value": "x"}\ue005まで\n\n# 見出し\n\n---\n\n~ 小さく'

    await desk.takagi.asks(story=story)
    details = await _details(desk)

    assert "押して" in details  # its words are text…
    view = await desk.sato.top_view()
    pressable = [
        each["text"]["text"]
        for block in view["blocks"]
        for each in block.get("elements", ())
        if "action_id" in each
    ]
    assert "押して" not in pressable  # …and no button
    assert not any(block["type"] == "header" and "見出し" in str(block) for block in view["blocks"])


@pytest.mark.parametrize(
    "story",
    [
        "困\u0000っ\u0007て\u202eい\u2066ます\ufeff。",
        "困っています。\u200b\u200b",
        "\r\n困っています。\r\n\r\n\r\n\r\n\r\n\r\n",
    ],
)
async def test_nothing_invisible_is_kept(sqlite_desk, story):
    desk = sqlite_desk
    await desk.takagi.asks(story=story)

    await desk.takagi.presses("own.open", where="bot")

    assert "\n困っています。\n担当に伝える" in await desk.takagi.reads("view")


async def test_emoji_and_rare_letters_stay(sqlite_desk):
    desk = sqlite_desk
    story = "👨‍👩‍👧‍👦と𠮷野家、葛󠄀城で🍙を食べる 👍🏽"

    await desk.takagi.asks(story=story)

    await desk.takagi.presses("own.open", where="bot")
    own = await desk.takagi.reads("view")
    for letter in ("👨‍👩‍👧‍👦", "🍙", "👍🏽"):
        assert letter in own


@pytest.mark.parametrize("empty", ["", "   ", "　", "\u200b", "\n\n"])
async def test_an_empty_story_is_no_story(sqlite_desk, empty):
    desk = sqlite_desk
    await desk.takagi.asks(story=empty)

    assert await desk.how_many("words") == 0


async def test_a_story_as_long_as_slack_lets_is_kept_whole_and_shown_whole(sqlite_desk):
    desk = sqlite_desk
    story = "あ" * 2998 + "。&"

    await desk.takagi.asks(story=story)
    details = await _details(desk)

    assert details.replace("\n", "").count("あ") >= 2998
    assert "。&amp;" in details


async def test_the_longest_and_nastiest_answers_still_fit_on_every_surface(sqlite_desk):
    desk = sqlite_desk
    await desk.takagi.asks(
        story="&" * 3000, name="<" * 60, agency=">" * 80, privacy=["mobile_only"], wishes=["just_listen"]
    )
    details = await _details(desk)
    assert "&amp;&amp;" in details
    for _ in range(8):
        await desk.sato.presses("call.open", where="view")
        answer = await desk.sato.fills_and_sends(outcome="reached", note="&" * 1000)
        assert answer["acked"]
    assert "&amp;" in await desk.sato.reads("view")


@pytest.mark.parametrize(
    ("field", "value"),
    [("story", "あ" * 3001), ("name", "あ" * 61), ("agency", "あ" * 81), ("phone", "0" * 61)],
)
async def test_what_is_too_long_is_said_on_its_field(sqlite_desk, field, value):
    desk = sqlite_desk
    given = {
        "concerns": {"type": "multi_static_select", "selected_options": [{"value": "approach"}]},
        "urgency": {"type": "radio_buttons", "selected_option": {"value": "u3"}},
        "phone": {"type": "plain_text_input", "value": "090-1234-5678"},
        "best_times": {"type": "checkboxes", "selected_options": [{"value": "any"}]},
    }
    given[field] = {"type": "plain_text_input", "value": value}

    answer = await desk.takagi.sends_anyway("intake.submit", {}, **given)

    limit = len(value) - 1
    assert answer["errors"] == {
        f"{field}~0": f"{limit}文字までお預かりできます。あと1文字、短くしてください。"
    }
    assert await desk.how_many("consultations") == 0


@pytest.mark.parametrize(
    "phone",
    [
        "でんわしてください",
        "123",
        "090-1234",
        "000-0000-0000",
        "+1 212 555 0100",
        "110",
        "090-1234-5678 と 090-8765-4321",
        "〒520-0044",
    ],
)
async def test_a_phone_that_is_none_is_said_on_its_field_and_all_else_stays(sqlite_desk, phone):
    desk = sqlite_desk
    await desk.takagi.command("/相談")

    answer = await desk.takagi.fills_and_sends(**{**FOUR, "phone": phone}, story="眠れません。")

    assert answer["errors"] == {
        "phone~0": "お電話できる番号を、市外局番からお書きください。例 077-561-3811、090-1234-5678"
    }
    typed = await desk.takagi.reads("view")
    assert "眠れません。" in typed and phone in typed
    await desk.takagi.fills_and_sends(phone="090-1234-5678")
    assert await desk.how_many("consultations") == 1


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("０９０１２３４５６７８", "090-1234-5678"),
        ("(077)561-3811", "077-561-3811"),
        ("+81 90 1234 5678", "090-1234-5678"),
        ("077-561-3811 内線12", "077-561-3811"),
        ("090 1234 5678", "090-1234-5678"),
    ],
)
async def test_a_number_written_in_another_way_is_understood(sqlite_desk, written, shown):
    desk = sqlite_desk
    await desk.takagi.asks(phone=written)

    assert f"*折り返し先*　{shown}" in await _details(desk)


async def test_an_extension_is_not_lost(sqlite_desk):
    desk = sqlite_desk
    await desk.takagi.asks(phone="077-561-3811 内線12")

    assert "12" in (await _details(desk)).split("*折り返し先*")[1].split("\n")[0]


# Times


@pytest.mark.parametrize("day", ["2026-11-25", "2027-01-01", "2126-11-24"])
async def test_a_contact_that_has_not_happened_yet_is_refused_on_its_day(sqlite_desk, day):
    desk = sqlite_desk
    await desk.tanaka.command("/受付")

    answer = await desk.tanaka.fills_and_sends(**TYPED_IN_PROXY, contacted_on=day, contacted_at="09:00")

    assert answer["errors"] == {
        "contacted_on~0": "まだ来ていない日時のようです。すでにあった日時を選んでください。"
    }
    assert await desk.how_many("consultations") == 0


async def test_this_very_minute_is_not_the_future(sqlite_desk):
    desk = sqlite_desk
    await desk.tanaka.command("/受付")

    await desk.tanaka.fills_and_sends(**TYPED_IN_PROXY, contacted_on="2026-11-24", contacted_at="10:01")

    assert await desk.how_many("consultations") == 1


@pytest.mark.parametrize("day", ["2016-11-24", "1900-01-01", "1850-01-01", "0001-01-01"])
async def test_a_contact_years_ago_is_a_slip_of_the_finger(sqlite_desk, day):
    desk = sqlite_desk
    await desk.tanaka.command("/受付")

    answer = await desk.tanaka.fills_and_sends(**TYPED_IN_PROXY, contacted_on=day, contacted_at="09:00")

    assert list(answer["errors"]) == ["contacted_on~0"]
    assert "年" in answer["errors"]["contacted_on~0"]
    assert await desk.how_many("consultations") == 0


async def test_a_count_in_the_future_or_years_ago_is_refused_too(sqlite_desk):
    desk = sqlite_desk
    await desk.tanaka.command("/受付")
    await desk.tanaka.presses("count.open", where="view")
    for day in ("2026-11-25", "1850-01-01"):
        answer = await desk.tanaka.fills_and_sends(
            kind="thanks", route="phone", contacted_on=day, contacted_at="09:00"
        )
        assert list(answer["errors"]) == ["contacted_on~0"]
    assert await desk.how_many("counted") == 0


@pytest.mark.parametrize(
    ("opened", "answers", "field"),
    [
        ("hearing", {"next_action": "電話", "next_on": "2026-11-23"}, "next_on"),
        ("activity", {
            "type": "interview", "happened_on": "2026-11-24", "next_action": "電話", "next_on": "2026-11-23",
        }, "next_on"),
        ("activity", {
            "type": "interview", "happened_on": "2026-11-25", "next_action": "電話", "next_on": "2026-11-26",
        }, "happened_on"),
        ("activity", {
            "type": "interview", "happened_on": "1926-11-25", "next_action": "電話", "next_on": "2026-11-26",
        }, "happened_on"),
        ("call", {"outcome": "no_answer", "next_try_on": "2026-11-24", "next_try_at": "09:59"}, "next_try_on"),
        ("call", {"outcome": "no_answer", "next_try_on": "2026-11-25"}, "next_try_at"),
        ("call", {"outcome": "no_answer", "next_try_at": "15:00"}, "next_try_on"),
    ],
)  # fmt: skip
async def test_times_that_cannot_be_are_said_on_their_field(sqlite_desk, opened, answers, field):
    desk = sqlite_desk
    await desk.given_heard()
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses(f"{opened}.open", where="view")
    before = await desk.kept()

    answer = await desk.sato.fills_and_sends(**answers)

    assert [each.split("~")[0] for each in answer["errors"]] == [field]
    assert await desk.kept() == before


async def test_no_coordinator_sees_anything_of_it(sqlite_desk):
    """The control of this file: nothing that was refused left a trace where others read."""
    desk = sqlite_desk
    await desk.takagi.command("/相談")
    await desk.takagi.fills_and_sends(**{**FOUR, "phone": "だめ"}, story="眠れません。")

    assert await desk.cards() == []
    assert await desk.yamamoto.reads(COORDINATORS) == ""
    assert "眠れません" not in _blocks(desk, "chat.postMessage", "chat.update")
