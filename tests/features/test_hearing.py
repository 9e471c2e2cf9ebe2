"""聞き取り, interviews and visits, and drafts that outlive a closed window."""

import json
from datetime import date

import pytest

from bot.domain.consultation import Status
from tests.desk import CARDS

NEXT = {"next_action": "電話でようすをうかがう", "next_on": "2026-12-08"}
VISIT = {"type": "outreach", "happened_on": "2026-11-24", **NEXT}


async def _hears(somebody, **answers):
    if await somebody.top_view() is None:
        await somebody.presses("details.open", where=CARDS)
    await somebody.presses("hearing.open", where="view")
    return await somebody.fills_and_sends(**{**NEXT, **answers})


async def _acts(somebody, **answers):
    if await somebody.top_view() is None:
        await somebody.presses("details.open", where=CARDS)
    await somebody.presses("activity.open", where="view")
    return await somebody.fills_and_sends(**{**VISIT, **answers})


async def test_a_hearing_keeps_both_axes_the_view_of_things_the_advice_and_what_comes_next(desk):
    number = await desk.given_claimed()

    await _hears(
        desk.sato,
        concerns=["approach", "assessment"],
        characteristics=["refusal_service"],
        formulation="不安が強いようです。",
        advice="主治医に同席をお願いする。",
        minutes="40",
        municipality="252034",
        supporter_field="elderly",
        occupation="care_manager",
    )

    row = await desk.row(number)
    assert row.status is Status.HEARING_DONE
    assert row.concerns == ("approach", "assessment")
    assert row.characteristics == ("refusal_service",)
    assert row.next_action_on == date(2026, 12, 8)
    assert (row.municipality, row.region, row.supporter_field) == ("252034", "kohoku", "elderly")
    [kept] = await desk.rows("SELECT minutes, characteristics FROM hearings")
    assert (kept["minutes"], json.loads(kept["characteristics"])) == (40, ["refusal_service"])
    seen = await desk.sato.reads("view")
    for part in ("不安が強いようです。", "主治医に同席をお願いする。", "次の予定*　12月8日(火)"):
        assert part in seen


async def test_what_the_intake_told_is_not_asked_again(sqlite_desk):
    desk = sqlite_desk
    await desk.given_claimed(supporter_field="elderly", municipality="252018", concerns=("approach",))
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("hearing.open", where="view")
    await desk.sato.fills_and_sends(**NEXT)

    row = await desk.row("R8-0001")
    assert (row.supporter_field, row.municipality, row.concerns) == ("elderly", "252018", ("approach",))


@pytest.mark.parametrize("missing", ["next_action", "next_on"])
@pytest.mark.parametrize("form", ["hearing", "activity"])
async def test_no_hearing_ends_without_a_next_action_and_its_day(sqlite_desk, form, missing):
    desk = sqlite_desk
    number = await desk.given_heard()
    it = await desk.id_of(number)
    values = {
        "type": {"type": "static_select", "selected_option": {"value": "interview"}},
        "happened_on": {"type": "datepicker", "selected_date": "2026-11-24"},
        "next_action": {"type": "plain_text_input", "value": "電話"},
        "next_on": {"type": "datepicker", "selected_date": "2026-12-08"},
    }
    values[missing] = {"type": values[missing]["type"], "value": None} if missing == "next_action" else {
        "type": "datepicker", "selected_date": None,
    }  # fmt: skip
    kept = await desk.kept()

    answer = await desk.sato.sends_anyway(f"{form}.submit", {"c": it}, **values)

    assert answer["errors"] == {f"{missing}~0": "ここだけ、教えていただけますか。"}
    assert await desk.kept() == kept


async def test_rounds_of_interviews_and_visits_with_people_place_time_and_travel(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_heard()

    await _acts(
        desk.sato,
        place="home",
        people=["supporter", "subject"],
        others="2",
        minutes="90",
        travel_minutes="60",
        travel_region="kohoku",
        summary="ご本人とお茶を飲みました。",
        advice="週に一度、短く訪ねる。",
    )
    await _acts(desk.sato, type="interview", next_on="2026-12-15")

    row = await desk.row(number)
    assert (row.status, row.next_action_on) == (Status.ADVISING, date(2026, 12, 15))
    first, second = await desk.rows("SELECT * FROM activities ORDER BY entered_at, id")
    kept = first if first["type"] == "outreach" else second
    assert json.loads(kept["people"]) == {"supporter": 1, "subject": 1, "other": 2}
    assert (kept["place"], kept["minutes"], kept["travel_minutes"], kept["travel_region"]) == (
        "home", 90, 60, "kohoku",
    )  # fmt: skip
    assert "アウトリーチ・訪問" in await desk.sato.reads("view")


async def test_a_visit_before_the_hearing_is_a_sentence_and_nothing_typed_is_lost(sqlite_desk):
    desk = sqlite_desk
    await desk.given_claimed()
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("activity.open", where="view")

    await desk.sato.fills_and_sends(**VISIT, summary="お茶を飲みました。")

    assert "先に「聞き取りを書く」からお願いします" in await desk.sato.refused()
    assert await desk.how_many("activities") == 0
    await desk.sato.close()
    assert "お茶を飲みました。" in await desk.sato.reads("view")


@pytest.mark.parametrize("form", ["hearing", "activity"])
async def test_a_coordinator_takes_it_before_writing_about_it(sqlite_desk, form):
    desk = sqlite_desk
    number = await desk.given_waiting()
    await desk.yamamoto.presses("details.open", where=CARDS)
    await desk.yamamoto.presses(f"{form}.open", where="view")

    await desk.yamamoto.fills_and_sends(**(VISIT if form == "activity" else NEXT), advice="休みましょう。")

    assert "先に「担当する」を押してから" in await desk.yamamoto.refused()
    await desk.yamamoto.close(clear=True)
    await desk.settle()
    await desk.yamamoto.presses("details.open", where=CARDS)
    await desk.yamamoto.presses("callback.claim", where="view")
    await desk.yamamoto.presses("hearing.open", where="view")
    await desk.yamamoto.fills_and_sends(**NEXT)
    assert (await desk.row(number)).status is Status.HEARING_DONE


@pytest.mark.parametrize("form", ["hearing", "activity"])
async def test_a_form_that_arrives_twice_is_written_once(desk, form):
    await desk.given_heard()
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses(f"{form}.open", where="view")
    before = await desk.how_many("words")
    desk.workspace.faults.add(what="duplicate", times=1)

    await desk.sato.fills_and_sends(**(VISIT if form == "activity" else NEXT), advice="休みましょう。")
    await desk.settle()

    assert await desk.how_many("hearings") + await desk.how_many("activities") == 2
    assert await desk.how_many("words") == before + 2


@pytest.mark.parametrize("form", ["hearing", "activity"])
async def test_a_draft_survives_the_closed_window_and_a_change_of_owner(desk, form):
    number = await desk.given_heard()
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses(f"{form}.open", where="view")
    await desk.sato.fill(advice="ゆっくり話す。", next_action="また訪ねる")
    await desk.sato.presses(f"{form}.draft", where="view")
    assert "<@U_SATO>さんの書きかけから続けています" in await desk.sato.reads("view")
    await desk.sato.close(clear=True)
    await desk.yamamoto.presses("callback.assign", where=CARDS)
    await desk.yamamoto.fills_and_sends(counselor="U_MORI")

    await desk.mori.presses("details.open", where=CARDS)
    await desk.mori.presses(f"{form}.open", where="view")

    draft = await desk.mori.reads("view")
    assert "<@U_SATO>さんの書きかけから続けています" in draft
    assert "ゆっくり話す。" in draft and "また訪ねる" in draft
    assert "draft.read" in await desk.trail(number)
    sealed = await desk.rows("SELECT answers_sealed FROM drafts")
    assert "ゆっくり" not in str(sealed)


@pytest.mark.parametrize("form", ["hearing", "activity"])
async def test_a_window_closed_by_mistake_loses_nothing(sqlite_desk, form):
    desk = sqlite_desk
    await desk.given_heard()
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses(f"{form}.open", where="view")
    await desk.sato.fill(advice="ゆっくり話す。")
    await desk.sato.close()
    await desk.settle()

    await desk.sato.presses(f"{form}.open", where="view")

    assert "ゆっくり話す。" in await desk.sato.reads("view")


async def test_a_window_opened_and_closed_leaves_no_draft(sqlite_desk):
    """The control: where nothing was typed, nothing is kept."""
    desk = sqlite_desk
    await desk.given_claimed()
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("hearing.open", where="view")
    await desk.sato.close()
    await desk.settle()

    assert await desk.how_many("drafts") == 0


async def test_what_was_typed_when_the_claim_was_lost_meanwhile_is_not_lost(sqlite_desk):
    """Sent too late: the words stay in the window, and closing it keeps them for whoever has it now."""
    desk = sqlite_desk
    number = await desk.given_claimed()
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("hearing.open", where="view")
    await desk.sato.fill(advice="ゆっくり話す。", **NEXT)
    await desk.passes(days=2)
    assert (await desk.row(number)).counselor is None

    await desk.sato.fills_and_sends()

    assert "この内容を開けるのは" in await desk.sato.refused()
    await desk.sato.close()
    assert "ゆっくり話す。" in await desk.sato.reads("view")


async def test_the_next_actions_day_passing_is_called_to_mind_once_and_gently(sqlite_desk):
    desk = sqlite_desk
    await desk.given_heard(days=7)
    await desk.passes(days=7)
    assert "いかがでしたか" not in await desk.sato.reads()

    await desk.passes(days=1)
    await desk.passes(hours=1)

    said = await desk.sato.reads()
    assert (
        said.count("*R8-0001* の次の予定（12月1日(火)）は、いかがでしたか。書きとめるか、日を決め直せます。")
        == 1
    )
    await desk.yamamoto.open_home()
    assert "次の予定の日を過ぎたもの" in await desk.yamamoto.reads("home")


# Two weeks later.


async def test_two_weeks_later_one_tap_tells_the_counselor_and_shows_what_was_answered(desk):
    number = await desk.given_heard(days=30)
    await desk.passes(days=13)
    assert "その後いかがでしたか" not in await desk.takagi.reads()
    await desk.passes(days=1, minutes=1)

    await desk.takagi.presses("follow_up.hard", where="bot")
    await desk.takagi.presses("heaviness.lighter", where="bot")

    assert "「試してみたが、難しかった」と承りました" in await desk.takagi.reads()
    assert "「試してみたが、難しかった」" in await desk.sato.reads()
    [kept] = await desk.rows("SELECT answer, heaviness FROM followups")
    assert kept == {"answer": "hard", "heaviness": "lighter"}
    assert (await desk.row(number)).status is Status.FOLLOW_UP
    assert {"follow_up.asked", "follow_up.answered"} <= set(await desk.trail(number))


async def test_nobody_answers_for_another(sqlite_desk):
    desk = sqlite_desk
    await desk.given_heard(days=30)
    other = await desk.id_of(await desk.given_heard(supporter="U_KITAMURA", days=30))
    await desk.passes(days=14, minutes=1)
    questions = await desk.rows("SELECT id, consultation FROM followups")
    mine = next(each for each in questions if each["consultation"] != other)
    theirs = next(each for each in questions if each["consultation"] == other)

    await desk.takagi.presses_anyway("follow_up.helped", f"{theirs['consultation']}/{theirs['id']}")
    await desk.takagi.presses_anyway("follow_up.helped", f"{mine['consultation']}/{theirs['id']}")
    await desk.sato.presses_anyway("follow_up.helped", f"{mine['consultation']}/{mine['id']}")

    assert await desk.rows("SELECT id FROM followups WHERE answer IS NOT NULL") == []


@pytest.mark.parametrize("value", ["-", "", "x/y", "a/b/c", "1' OR '1'='1"])
async def test_a_press_with_a_value_that_was_never_drawn_is_a_sentence_and_no_accident(sqlite_desk, value):
    desk = sqlite_desk
    await desk.given_heard()
    for action in (
        "follow_up.helped",
        "letter.tell",
        "heaviness.same",
        "details.open",
        "callback.claim",
        "letter.ask",
        "paper.receipt",
    ):
        await desk.yamamoto.presses_anyway(action, value or "-")
        assert "うまく受け取れませんでした" not in "\n".join(await desk.yamamoto.whispers("bot"))
    assert "見つかりませんでした" in "\n".join(await desk.yamamoto.whispers("bot"))
