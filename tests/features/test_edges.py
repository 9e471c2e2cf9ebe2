"""At the edges of the windows: nothing typed is lost, nothing is cut in silence, no button leads nowhere."""

import json
from dataclasses import replace

import pytest

from bot import check, homes, messages, organisation
from bot.domain.casework import Contact
from bot.domain.staff import THE_COMMAND_LINE, Role
from bot.usecases import closing, hearing, intake, people
from handlers import proxy
from handlers.forms import TYPED
from tests.desk import CARDS

MY_NUMBER = "123456789018"
CUT = "はじめの3,000字まで"


# Words


@pytest.mark.parametrize("what", ["503", "drop_before", "error"])
async def test_words_after_the_command_come_back_to_their_author_alone_when_no_window_opens(
    sqlite_desk, what
):
    desk = sqlite_desk
    desk.workspace.faults.add(what=what, method="views.open")

    await desk.takagi.command("/相談", "訪問を &lt;断られて&gt; います", channel="C_GENERAL")

    assert "訪問を &lt;断られて&gt; います" in (await desk.takagi.whispers("C_GENERAL"))[-1]
    assert await desk.kitamura.whispers("C_GENERAL") == []
    assert "断られて" not in "\n".join(await desk.kitamura.texts("C_GENERAL"))


@pytest.mark.parametrize(("length", "cut"), [(TYPED, False), (TYPED + 400, True)])
async def test_a_long_message_is_not_cut_in_silence(sqlite_desk, length, cut):
    desk = sqlite_desk
    await desk.takagi.writes("あ" * length)

    await desk.takagi.presses("letter.ask", where="bot")

    shown = await desk.takagi.reads("view")
    assert (CUT in shown) is cut
    assert "あ" * TYPED in shown


@pytest.mark.parametrize(("length", "cut"), [(1000, False), (2000, True)])
async def test_a_long_record_is_not_cut_in_silence(sqlite_desk, length, cut):
    desk = sqlite_desk
    number = await desk.given_heard(advice="い" * length)
    done = hearing.Done(
        type="phone_advice", happened_on=desk.clock.now.date(), summary="", advice="い" * length,
        next_action="またお電話する", next_on=desk.clock.now.date(),
    )  # fmt: skip
    sato, it = await desk.actor("U_SATO"), await desk.id_of(number)
    await hearing.act(desk.bot.desk, sato, it, done, once=desk.once())
    await closing.close(desk.bot.desk, sato, it, closing.Closing((), "advice_closed", "resolved"))
    await desk.settle()
    await desk.sato.open_home()
    await desk.sato.presses("record.open", where="home")

    assert ("はじめの2,800字ほど" in await desk.sato.reads("view")) is cut


async def test_a_window_closed_with_a_twelve_digit_number_keeps_everything_else(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()
    it = await desk.id_of(number)
    typed = {"type": "plain_text_input", "value": f"番号は{MY_NUMBER}、とてもお疲れです。"}

    await desk.sato.sends_anyway("hearing.submit", {"c": it}, closed=True, formulation=typed)

    async with desk.db.reading() as ask:
        draft = await ask.casework.draft_of(it, "hearing")
    assert "とてもお疲れです。" in draft.answers["formulation"]
    assert MY_NUMBER not in str(draft.answers)


async def test_a_draft_of_either_form_is_announced_and_stays_sealed(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_heard()
    it, sato = await desk.id_of(number), await desk.actor("U_SATO")
    await desk.sato.presses("details.open", it, where=CARDS)
    assert "書きかけがあります" not in await desk.sato.reads("view")
    await desk.sato.close()

    await hearing.save_draft(desk.bot.desk, sato, it, "activity", {"summary": "途中です。"})
    await desk.sato.presses("details.open", it, where=CARDS)

    shown = await desk.sato.reads("view")
    assert "面談・訪問などの書きかけがあります" in shown
    assert "聞き取りの書きかけがあります" not in shown


# What was done is done


async def test_what_was_committed_is_not_called_a_failure_when_its_window_cannot_be_drawn_again(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_waiting()
    await desk.yamamoto.presses("details.open", await desk.id_of(number), where=CARDS)
    desk.workspace.faults.add(what="drop_before", method="views.update")

    pressed = await desk.yamamoto.presses("callback.claim", where="view")

    assert pressed["acked"]
    assert (await desk.row(number)).counselor == "U_YAMAMOTO"
    assert (await desk.yamamoto.top_view())[
        "callback_id"
    ] == "details.submit"  # and no window about a failure
    assert await desk.yamamoto.whispers("bot") == []


async def test_whoever_waits_is_answered_before_slack_would_let_us_ask_again(sqlite_desk):
    desk = sqlite_desk
    desk.workspace.faults.add(what="429", method="views.open", retry_after=6)

    typed = await desk.takagi.command("/相談", "長く待てません")

    assert typed["acked"]
    assert "長く待てません" in (await desk.takagi.whispers("bot"))[-1]


# Places and codes


def _elsewhere(tmp_path, **intake_table):
    """An association of another prefecture, with a list of its own."""
    places = {
        "title": "市町", "version": "1", "source": {}, "valid_from": "2026-04-01", "valid_to": None,
        "items": [
            {"code": "242012", "label": "津市", "sort": 10, "region": "中勢"},
            {"code": "242021", "label": "四日市市", "sort": 20, "region": "北勢"},
        ],
    }  # fmt: skip
    (tmp_path / "mie.json").write_text(json.dumps(places), encoding="utf-8")
    file = organisation.EXAMPLE.read_text(encoding="utf-8")
    changed = file.replace('municipalities = "municipalities"', 'municipalities = "mie.json"')
    (tmp_path / "mie.toml").write_text(changed.replace('training = "C_TRAINING"\n', ""), encoding="utf-8")
    there = organisation.load(tmp_path / "mie.toml")
    return there.model_copy(update={"intake": organisation.Intake(**intake_table)})


async def test_a_desk_of_another_prefecture_takes_in_its_own_towns(sqlite_desk, tmp_path):
    desk = sqlite_desk
    there = replace(desk.bot.desk, organisation=_elsewhere(tmp_path))
    assert there.organisation.channels.training is None
    request = intake.Request(
        ("approach",), "u3", Contact(phone="090-1234-5678"), ("any",), municipality="242021"
    )

    row = await intake.receive(there, await desk.actor("U_TAKAGI"), request, once=desk.once())

    assert row.region == "北勢"
    assert {each.label for each in there.organisation.offered("welfare_regions")} == {"北勢", "中勢"}
    assert desk.bot.desk.organisation.region_of("242021") is None  # the control: not one of ours
    assert desk.bot.desk.organisation.region_of("252069") == "konan"


def test_the_small_form_offers_what_the_organisation_chose(tmp_path):
    chosen = _elsewhere(tmp_path, not_consultation=("wrong_number",))
    form = json.dumps(proxy.draw_count(chosen, organisation.ANY_MONDAY).view(), ensure_ascii=False)
    assert "wrong_number" in form
    assert '"thanks"' not in form
    assert '"thanks"' in json.dumps(proxy.draw_count(organisation.load(), organisation.ANY_MONDAY).view())


async def test_a_code_nobody_knows_any_more_is_shown_and_spoils_nothing(sqlite_desk):
    desk = sqlite_desk
    await desk.given_claimed()
    async with desk.db.transaction(THE_COMMAND_LINE) as tx:
        await tx.connection.rows("UPDATE consultations SET concerns = '[\"gone_code\"]'", {})

    await desk.sato.open_home()

    assert "gone_code" in await desk.sato.reads("home")
    assert messages.label("approach", "supporter_concerns") != "approach"


async def test_a_home_says_how_many_it_does_not_show(sqlite_desk):
    desk = sqlite_desk
    for _ in range(homes.SHOWN):
        await desk.given_waiting()
    await desk.takagi.open_home()
    assert "ほかに" not in await desk.takagi.reads("home")

    await desk.given_waiting()
    await desk.given_waiting()
    await desk.takagi.open_home()

    assert "ほかに2件あります" in await desk.takagi.reads("home")


# Buttons


async def test_only_what_can_be_paused_has_the_button(sqlite_desk):
    desk = sqlite_desk
    it = await desk.id_of(await desk.given_waiting())
    await desk.yamamoto.presses("details.open", it, where=CARDS)
    assert not await desk.yamamoto.has("consultation.suspend", where="view")

    await desk.yamamoto.presses("callback.claim", where="view")

    assert await desk.yamamoto.has("consultation.suspend", where="view")


async def test_only_a_coordinator_has_the_button_that_undoes_a_merge(sqlite_desk):
    desk = sqlite_desk
    one, other = await desk.given_claimed(), await desk.given_waiting("U_KITAMURA")
    await closing.merge(desk.bot.desk, await desk.actor("U_YAMAMOTO"), await desk.id_of(one), other)
    it = await desk.id_of(one)

    for somebody in (desk.sato, desk.yamamoto):
        await somebody.presses_anyway("details.open", it, where=CARDS)

    assert not await desk.sato.has("merge.undo", where="view")
    assert await desk.yamamoto.has("merge.undo", where="view")


async def test_the_supporter_prints_their_own_papers_and_nobody_elses(sqlite_desk):
    desk = sqlite_desk
    it = await desk.id_of(await desk.given_heard())
    await desk.takagi.open_home()
    await desk.takagi.presses("own.open", it, where="home")

    for paper in ("paper.receipt", "paper.advice"):
        await desk.takagi.presses(paper, it, where="view")
        await desk.takagi.close()
    assert {file.name for file in desk.workspace.world.files.values()} == {
        "R8-0001-receipt.pdf", "R8-0001-advice.pdf",
    }  # fmt: skip
    assert "A4でそのまま印刷できます" in await desk.takagi.reads()

    await desk.kitamura.presses_anyway("paper.receipt", it)
    assert "この内容を開けるのは" in await desk.kitamura.refused()
    assert len(desk.workspace.world.files) == 2


async def test_where_nothing_was_advised_there_is_no_paper_of_it(sqlite_desk):
    desk = sqlite_desk
    await desk.given_waiting()
    await desk.takagi.open_home()
    await desk.takagi.presses("own.open", where="home")

    assert await desk.takagi.has("paper.receipt", where="view")
    assert not await desk.takagi.has("paper.advice", where="view")


# Who, and from where


async def test_what_the_command_line_did_is_not_said_to_be_the_clocks(sqlite_desk):
    desk = sqlite_desk
    await people.grant(desk.bot.desk, THE_COMMAND_LINE, "U_KONDO", Role.OPERATOR)
    await people.revoke(desk.bot.desk, THE_COMMAND_LINE, "U_ADMIN", Role.ADMIN)  # whoever has the machine may

    [granted, revoked] = await desk.rows("SELECT actor FROM audit ORDER BY id DESC LIMIT 2")
    assert (granted["actor"], revoked["actor"]) == ("cli", "cli")
    assert await desk.rows("SELECT 1 FROM audit WHERE actor = 'clock'")  # the set-up itself


async def test_from_a_place_the_desk_cannot_see_a_window_opens_and_nothing_is_pressed(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_waiting()
    hidden = desk.workspace.world.channels["C_TRAINING"]
    hidden.is_private = True
    del hidden.members[desk.bot.where.bot]

    await desk.sato.presses_anyway("callback.claim", await desk.id_of(number), where="C_TRAINING")
    assert (await desk.row(number)).counselor is None
    assert "access.refused" in await desk.trail()

    await desk.sato.command("/相談", channel="C_TRAINING")
    assert (await desk.sato.top_view())["callback_id"] == "intake.submit"


def test_slack_that_does_not_say_what_was_granted_is_a_reason_not_to_open():
    assert check._scopes(None, "https://slack.com/api/")
    assert check._scopes(None, "http://127.0.0.1:3000/api/") == []
    assert check._scopes(set(check.SCOPES), "https://slack.com/api/") == []
