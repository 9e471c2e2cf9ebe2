"""Asking for help, through each door: four answers, a receipt at once, nothing typed is lost."""

from html import escape

import pytest

from tests.desk import FOUR

DOORS = ("command", "shortcut", "home", "letter")


async def _opens(somebody, door, text=""):
    """Open the form through a door."""
    if door == "command":
        await somebody.command("/相談", escape(text, quote=False))
    elif door == "shortcut":
        await somebody.shortcut("intake.open")
    elif door == "home":
        await somebody.open_home()
        await somebody.desk.settle()
        await somebody.presses("intake.open", where="home")
    else:
        await somebody.writes(text or "困っています。")
        await somebody.presses("letter.ask", where="bot")


@pytest.mark.parametrize("door", DOORS)
async def test_every_door_leads_to_the_same_form_and_receipt(sqlite_desk, door):
    desk = sqlite_desk
    await _opens(desk.takagi, door)

    form = await desk.takagi.reads("view")
    assert "支援にあたる方のための相談窓口です" in form
    assert "お名前は、なくてもかまいません" in form
    assert "緊急の通報先ではありません" in form
    await desk.takagi.fills_and_sends(**FOUR)

    receipt = await desk.takagi.reads("view")
    assert "お話をお預かりしました（受付番号 *R8-0001*）" in receipt
    assert "*11月25日(水) 17時まで* に、相談担当の社会福祉士からお電話します" in receipt
    row = await desk.row("R8-0001")
    assert (row.supporter, row.entered_by, row.route) == ("U_TAKAGI", None, "slack")


@pytest.mark.parametrize("door", ["command", "letter"])
async def test_what_was_typed_before_the_form_stands_in_it(sqlite_desk, door):
    desk = sqlite_desk
    await _opens(desk.takagi, door, "話がかみ合わず <困って> います & 眠れません。")

    await desk.takagi.fills_and_sends(**FOUR)

    await desk.takagi.presses("own.open", where="bot")
    own = await desk.takagi.reads("view")
    assert "話がかみ合わず &lt;困って&gt; います &amp; 眠れません。" in own


async def test_a_free_message_is_answered_once_a_talk_and_the_form_holds_the_whole_talk(sqlite_desk):
    desk = sqlite_desk
    for line in ("こんばんは。", "訪問を断られています。", "どうしたらよいでしょうか。"):
        await desk.takagi.writes(line)
        desk.clock.advance(minutes=1)

    assert (await desk.takagi.reads()).count("お声がけ、ありがとうございます") == 1
    await desk.takagi.presses("letter.ask", where="bot")
    form = await desk.takagi.reads("view")
    assert "こんばんは。\n訪問を断られています。\nどうしたらよいでしょうか。" in form

    await desk.takagi.close()
    desk.clock.advance(minutes=11)
    await desk.takagi.writes("もうひとつあります。")
    assert (await desk.takagi.reads()).count("お声がけ、ありがとうございます") == 2


async def test_only_its_author_opens_the_form_of_a_letter(sqlite_desk):
    desk = sqlite_desk
    await desk.takagi.writes("困っています。")
    [letter] = await desk.rows("SELECT id FROM letters")

    for person in (desk.kitamura, desk.sato, desk.yamamoto):
        await person.presses_anyway("letter.ask", letter["id"])
        assert await person.top_view() is None

    assert (await desk.trail()).count("access.refused") == 3


async def test_four_answers_are_enough_and_an_anonymous_request_is_a_full_one(sqlite_desk):
    desk = sqlite_desk
    await desk.takagi.asks(wishes=["just_listen"])

    await desk.given_claimed()
    assert "希望：まず話を聴いてほしい" in (await desk.cards())[0]
    [contact] = await desk.rows("SELECT name_sealed, agency_sealed FROM contacts LIMIT 1")
    assert contact == {"name_sealed": None, "agency_sealed": None}


@pytest.mark.parametrize("missing", ["concerns", "urgency", "phone", "best_times"])
async def test_slack_itself_asks_for_each_of_the_four(sqlite_desk, missing):
    desk = sqlite_desk
    await desk.takagi.command("/相談")

    answer = await desk.takagi.fills_and_sends(
        **{name: value for name, value in FOUR.items() if name != missing}
    )

    assert [field.split("~")[0] for field in answer["errors"]] == [missing]
    assert await desk.how_many("consultations") == 0


@pytest.mark.parametrize("missing", ["concerns", "urgency", "phone", "best_times"])
async def test_and_so_does_the_desk_where_slack_does_not(sqlite_desk, missing):
    desk = sqlite_desk
    values = {
        "concerns": {"type": "multi_static_select", "selected_options": [{"value": "approach"}]},
        "urgency": {"type": "radio_buttons", "selected_option": {"value": "u3"}},
        "phone": {"type": "plain_text_input", "value": "090-1234-5678"},
        "best_times": {"type": "checkboxes", "selected_options": [{"value": "any"}]},
    }
    empty = {"selected_options": [], "selected_option": None, "value": "  　 "}
    values[missing] = {key: empty.get(key, value) for key, value in values[missing].items()}

    answer = await desk.takagi.sends_anyway("intake.submit", {}, **values)

    assert answer["errors"] == {f"{missing}~0": "ここだけ、教えていただけますか。"}
    assert await desk.how_many("consultations") == 0


async def test_the_receipt_says_how_one_wants_to_be_called(sqlite_desk):
    desk = sqlite_desk
    await desk.takagi.command("/相談")
    await desk.takagi.fills_and_sends(**FOUR, privacy=["mobile_only"])

    assert "お電話のときは「携帯のみにかける」と承りました" in await desk.takagi.reads("view")


async def test_the_state_of_ones_own_is_always_there(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_waiting(story="訪問を断られています。")
    await desk.takagi.open_home()
    home = await desk.takagi.reads("home")
    assert f"*{number}*　" in home
    assert "11月25日(水) 17時まで" in home[home.index(number) :]

    await desk.takagi.presses("own.open", where="home")
    own = await desk.takagi.reads("view")
    assert "担当を決めているところです" in own
    assert "訪問を断られています。" in own
    await desk.takagi.close()

    await desk.sato.presses("callback.claim", where="C_CALLBACKS")
    assert "担当は <@U_SATO>さんです。" in await desk.takagi.reads("home")
    assert "words.read" in await desk.trail(number)


async def test_nobody_opens_anothers_own_page(sqlite_desk):
    desk = sqlite_desk
    it = await desk.id_of(await desk.given_waiting(story="訪問を断られています。"))

    for person in (desk.kitamura, desk.sato, desk.yamamoto, desk.tanaka):
        await person.presses_anyway("own.open", it)
        assert await person.top_view() is None


async def test_a_second_request_is_a_second_number(desk):
    assert [await desk.takagi.asks(), await desk.takagi.asks(), await desk.kitamura.asks()] == [
        "R8-0001", "R8-0002", "R8-0003",
    ]  # fmt: skip
    assert len(await desk.cards()) == 3


async def test_the_same_form_sent_twice_is_one_request(desk):
    await desk.takagi.command("/相談")
    desk.workspace.faults.add(what="duplicate", times=1)

    await desk.takagi.fills_and_sends(**FOUR, story="眠れません。")
    await desk.settle()

    assert await desk.how_many("consultations") == 1
    assert await desk.how_many("words") == 1
    assert len(await desk.cards()) == 1
    assert (await desk.takagi.reads()).count("お話をお預かりしました") == 1


async def test_it_can_be_taken_back_and_asked_again_with_one_tap(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_waiting()
    await desk.takagi.presses("own.open", where="home")

    await desk.takagi.presses("consultation.withdraw", where="view")
    assert "取り下げになっています" in await desk.takagi.reads("view")
    assert "取下げ" in (await desk.cards())[0]
    await desk.takagi.presses("consultation.reopen", where="view")

    assert (await desk.row(number)).status == "reopened"
    assert "再開しました" in await desk.takagi.reads()
    assert "担当する" in (await desk.cards())[0]
