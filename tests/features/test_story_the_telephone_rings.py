"""Story 2: a call at 9:20, yesterday's fax, and a paper for who has no Slack."""

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from tests.desk import CARDS

PAPER = {"concerns": ["approach"], "urgency": "u3", "phone": "077-561-3811", "best_times": ["any"]}
TWENTY_PAST_NINE = datetime(2026, 11, 24, 0, 20, tzinfo=UTC)
A4 = (595, 842)  # points


def _paper(desk, name):
    """The bytes of the file that was shared under this name, and the words in it."""
    [file] = [each for each in desk.workspace.world.files.values() if each.name == name]
    document = PdfReader(io.BytesIO(file.body))
    return document, "".join(page.extract_text() for page in document.pages)


def _flat(text):
    return "".join(text.split())


async def test_a_call_and_yesterdays_fax_keep_their_own_times(desk):
    desk.clock.now = TWENTY_PAST_NINE

    await desk.tanaka.command("/受付")
    await desk.tanaka.fills_and_sends(**PAPER, privacy=["no_workplace"])
    call = await desk.newest_number()
    said = await desk.tanaka.reads("view")
    await desk.tanaka.close(clear=True)

    desk.clock.advance(minutes=5)
    await desk.tanaka.command("/受付")
    await desk.tanaka.fills_and_sends(
        **PAPER,
        route="fax",
        contacted_on="2026-11-23",
        contacted_at="18:05",
        agency="みずうみ居宅介護支援事業所",
    )
    fax = await desk.newest_number()

    assert (call, fax) == ("R8-0001", "R8-0002")
    assert "そのまま読み上げられます" in said
    assert "11月25日(水) 17時まで" in said
    rows = {number: await desk.row(number) for number in (call, fax)}
    assert rows[call].contacted_at == TWENTY_PAST_NINE
    assert rows[call].route == "phone"
    assert rows[fax].contacted_at == datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
    assert rows[fax].received_at == datetime(2026, 11, 24, 0, 25, tzinfo=UTC)
    assert rows[fax].route == "fax"
    assert rows[fax].entered_by == "U_TANAKA"
    assert rows[fax].supporter is None


async def test_the_fax_sender_gets_the_same_receipt_on_one_a4_without_a_name(sqlite_desk):
    desk = sqlite_desk
    desk.clock.now = TWENTY_PAST_NINE
    await desk.tanaka.command("/受付")
    await desk.tanaka.fills_and_sends(**PAPER, name="湖北花子", agency="みずうみ居宅", callable="事務の方")

    await desk.tanaka.presses("paper.receipt", where="view")

    assert "すぐに、よりそいからのメッセージに届きます" in await desk.tanaka.reads("view")
    assert "A4でそのまま印刷できます" in await desk.tanaka.reads()
    document, text = _paper(desk, "R8-0001-receipt.pdf")
    [page] = document.pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == A4
    assert "R8-0001" in text
    assert "令和8年11月25日(水)17時までに" in _flat(text)
    assert "110番" in text
    for secret in ("湖北", "花子", "みずうみ", "事務の方", "561-38"):
        assert secret not in _flat(text).replace(
            "077-561-3811", ""
        )  # the desk's own number stands at the foot


async def test_the_advice_comes_as_the_same_summary_on_paper(sqlite_desk):
    desk = sqlite_desk
    await desk.tanaka.command("/受付")
    await desk.tanaka.fills_and_sends(**PAPER, route="fax")
    await desk.tanaka.close(clear=True)
    await desk.sato.presses("callback.claim", where=CARDS)
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("hearing.open", where="view")
    await desk.sato.fills_and_sends(
        advice="主治医に同席をお願いする。", next_action="2週間後に電話する", next_on="2026-12-08"
    )

    await desk.sato.presses("paper.advice", where="view")
    await desk.sato.reads()

    document, text = _paper(desk, "R8-0001-advice.pdf")
    assert round(document.pages[0].mediabox.height) == A4[1]
    for part in ("R8-0001", "主治医に同席をお願いする", "2週間後に電話する", "12月8日"):
        assert part in _flat(text)
    assert "U_SATO" not in text


async def test_there_is_no_advice_on_paper_before_there_is_advice(sqlite_desk):
    desk = sqlite_desk
    await desk.given_claimed()

    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("paper.advice", where="view")

    assert "聞き取りを書いてから" in await desk.sato.refused()
    assert not desk.workspace.world.files


async def test_the_operator_finds_the_weeks_entries_and_their_papers_at_home(sqlite_desk):
    desk = sqlite_desk
    await desk.tanaka.command("/受付")
    await desk.tanaka.fills_and_sends(**PAPER)

    await desk.tanaka.open_home()
    assert "この1週間に入力した受付" in await desk.tanaka.reads("home")
    await desk.tanaka.presses("paper.receipt", where="home")

    assert "の控えです" in await desk.tanaka.reads()
    desk.clock.advance(days=8)
    await desk.tanaka.presses("home.refresh", where="home")
    assert "この1週間に入力した受付" not in await desk.tanaka.reads("home")


async def test_whoever_has_slack_gets_the_receipt_there_too(sqlite_desk):
    desk = sqlite_desk
    await desk.tanaka.command("/受付")
    await desk.tanaka.fills_and_sends(**PAPER, supporter="U_KITAMURA")

    assert "お話をお預かりしました（受付番号 *R8-0001*）" in await desk.kitamura.reads()
    assert "R8-0001" not in await desk.takagi.reads()


async def test_an_entry_made_by_mistake_is_taken_back_from_the_same_window(sqlite_desk):
    desk = sqlite_desk
    await desk.tanaka.command("/受付")
    await desk.tanaka.fills_and_sends(**PAPER)

    await desk.tanaka.presses("consultation.withdraw", where="view")

    assert (await desk.row("R8-0001")).status == "withdrawn"
    assert "この受付は取り下げました" in await desk.tanaka.reads("view")


async def test_what_is_no_consultation_is_counted_and_not_queued(desk):
    await desk.tanaka.command("/受付")
    await desk.tanaka.presses("count.open", where="view")
    await desk.tanaka.fills_and_sends(
        kind="wrong_number", route="phone", contacted_on="2026-11-24", contacted_at="09:20"
    )

    [counted] = await desk.rows("SELECT kind, route, at, entered_by FROM counted")
    assert counted == {
        "kind": "wrong_number", "route": "phone", "at": "2026-11-24T00:20:00.000000+00:00", "entered_by": "U_TANAKA",
    }  # fmt: skip
    assert await desk.how_many("consultations") == 0
    assert await desk.cards() == []


@pytest.mark.parametrize("person", ["U_GUEST", "U_STRANGER", "U_GONE"])
async def test_who_is_no_member_cannot_be_told_in_slack_and_the_choice_says_so(sqlite_desk, person):
    desk = sqlite_desk
    await desk.tanaka.command("/受付")

    answer = await desk.tanaka.fills_and_sends(**PAPER, supporter=person)

    assert answer["errors"] == {
        "supporter~0": "ワークスペースのメンバーの方ではないようです。メンバーの方から選んでください。"
    }
    assert await desk.how_many("consultations") == 0
