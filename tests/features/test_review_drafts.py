"""What was begun in a window about the papers of a review and closed by mistake: it is there again, and nobody's name in it."""

import json
from dataclasses import replace

import pytest

from bot.domain.review import NotInvited
from bot.domain.review_papers import Issue
from bot.domain.staff import THE_CLOCK, Role
from bot.practice.person import words
from bot.usecases import briefs, people, review_drafts, review_notes, reviews
from tests.review_papers import PAGE, act, given_brief, given_held, given_record, given_sitting
from tests.reviews import ACADEMIC, CONVENER, HOLDER, OTHER, PSY


async def fields(person) -> dict[str, str]:
    """What stands in the form before somebody."""
    await person.desk.settle()
    blocks = (await person.top_view())["blocks"]
    return {
        each["block_id"].split("~")[0]: each["element"].get("initial_value", "")
        for each in blocks if each["type"] == "input"
    }  # fmt: skip


async def closes(person, **answers) -> None:
    """They type, and close the window."""
    await person.fill(answers)
    await person.close()
    await person.desk.settle()


async def test_a_page_that_was_closed_half_written_is_there_again_without_names(desk):
    review = await given_sitting(desk)
    sato, yamamoto = desk.sato, desk.yamamoto
    await sato.open_home()
    await sato.presses("brief.write", where="home")
    await closes(sato, household="□80代（父）－○50代（娘）", course="山田花子さんが、訪問を断りました。")
    [row] = await desk.rows("SELECT form, answers_sealed FROM drafts")
    assert row["form"] == f"brief/{review}"
    assert "訪問" not in row["answers_sealed"]

    await sato.presses("brief.write", where="home")
    found = await fields(sato)
    assert found["household"] == "□80代（父）－○50代（娘）"
    assert "訪問を断りました" in found["course"]
    assert "山田" not in str(found)
    assert "書きかけから続けています" in words(await sato.top_view())
    await sato.fills_and_sends(**PAGE, agreement="not_needed")
    await sato.fills_and_sends()
    assert await desk.how_many("briefs") == 1
    assert await desk.how_many("drafts") == 0  # it has served

    await yamamoto.presses("brief.open", where="C_COORD")
    await yamamoto.presses("brief.write", where="view")
    assert (await fields(yamamoto))["household"] == PAGE["household"]
    await yamamoto.close()
    await desk.settle()
    assert await desk.how_many("drafts") == 0  # nothing was typed


async def test_a_draft_of_a_page_that_was_written_anew_meanwhile_is_not_taken_for_it(desk):
    review = await given_sitting(desk)
    sato = desk.sato
    await sato.open_home()
    await sato.presses("brief.write", where="home")
    await given_brief(desk, review, approved=False, by=CONVENER)
    await closes(sato, household="むかしの書きかけ")
    drawn = await act(desk, HOLDER, briefs.draw, review)
    assert drawn.words["household"] == PAGE["household"]

    await desk.yamamoto.presses_anyway("brief.write", review)
    assert (await fields(desk.yamamoto))["household"] == PAGE["household"]


async def test_a_task_and_the_advice_survive_a_closed_window(desk):
    review = await given_sitting(desk)
    await given_held(desk, review)
    sato = desk.sato
    await sato.open_home()
    await sato.presses("notes.open", where="home")
    await sato.presses("notes.task", where="view")
    await closes(sato, task="山田花子さんに電話をする", due="2026-12-10")
    await sato.presses_anyway("notes.task", f"{review}/")
    found = await fields(sato)
    assert "電話をする" in found["task"]
    assert "山田" not in found["task"]
    await sato.fills_and_sends(who=HOLDER, due="2026-12-10")
    assert await desk.how_many("review_tasks") == 1
    assert await desk.how_many("drafts") == 0

    await given_record(desk, review)
    await sato.presses_anyway("notes.advise", review)
    await closes(sato, advice="玄関先で、天気の話を")
    await sato.presses_anyway("notes.advise", review)
    assert (await fields(sato))["advice"] == "玄関先で、天気の話を"
    assert "専門職と" not in await desk.takagi.reads()
    await sato.fills_and_sends(advice="玄関先で、天気の話をしてみてください。")
    assert await desk.how_many("drafts") == 0


async def test_a_draft_is_for_those_who_may_write(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    for person in (PSY, OTHER, "U_TAKAGI"):
        with pytest.raises(NotInvited):
            await act(sqlite_desk, person, review_drafts.keep, "brief", review, {"topic": "題"}, ("topic",))
    await act(sqlite_desk, HOLDER, review_drafts.keep, "brief", review, {"topic": "題"}, ("topic",))
    for person in (PSY, OTHER, "U_TAKAGI"):
        with pytest.raises(NotInvited):
            await act(sqlite_desk, person, review_drafts.begun, "brief", review)
    for person in (HOLDER, CONVENER):
        draft = await act(sqlite_desk, person, review_drafts.begun, "brief", review)
        assert draft.answers["topic"] == "題"
    [row] = await sqlite_desk.rows(
        "SELECT c.number FROM consultations AS c JOIN reviews AS r ON r.consultation = c.id"
    )
    assert {"draft.saved", "draft.read"} <= set(await sqlite_desk.trail(row["number"]))


async def test_who_only_looked_at_an_issue_changes_nothing_by_closing_it(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    await given_held(sqlite_desk, review)
    await given_record(sqlite_desk, review, approved=False)
    sato = sqlite_desk.sato
    await sato.open_home()
    await sato.presses("notes.open", where="home")
    await sato.presses("notes.issue", f"{review}/0", where="view")
    book = await act(sqlite_desk, CONVENER, review_notes.look, review)
    changed = replace(book.notes.issues[0], view="見立てが変わった。")
    seen = review_notes.digest(book.notes.issues[0])
    await act(sqlite_desk, CONVENER, review_notes.keep_issue, review, 0, seen, changed)
    await sato.close()
    await sqlite_desk.settle()

    assert (await act(sqlite_desk, CONVENER, review_notes.look, review)).notes.issues == (changed,)


async def test_what_was_typed_where_somebody_wrote_meanwhile_stands_behind_the_others(desk):
    review = await given_sitting(desk)
    await given_held(desk, review)
    await given_record(desk, review, approved=False)
    sato = desk.sato
    await sato.open_home()
    await sato.presses("notes.open", where="home")
    await sato.presses("notes.issue", f"{review}/0", where="view")
    [was] = (await act(desk, CONVENER, review_notes.look, review)).notes.issues
    changed = replace(was, view="見立てが変わった。")
    await act(desk, CONVENER, review_notes.keep_issue, review, 0, review_notes.digest(was), changed)
    await closes(sato, view="別の見方もある。")

    issues = (await act(desk, CONVENER, review_notes.look, review)).notes.issues
    assert issues == (changed, replace(was, view="別の見方もある。"))


async def test_a_window_left_open_while_access_ended_keeps_and_tells_nothing(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    await act(sqlite_desk, CONVENER, reviews.seat, review, ACADEMIC, role="facilitator")
    await given_held(sqlite_desk, review)
    okada = sqlite_desk.okada
    await okada.presses_anyway("notes.open", review)
    await okada.presses("notes.issue", where="view")
    await people.revoke(sqlite_desk.bot.desk, THE_CLOCK, ACADEMIC, Role.EXPERT_ACADEMIC)
    await okada.fills_and_sends(issue="あとから書いたこと")
    await okada.close()
    await sqlite_desk.settle()

    assert "あとから" not in str(await act(sqlite_desk, CONVENER, review_notes.look, review))
    assert await sqlite_desk.how_many("drafts") == 0
    assert await sqlite_desk.how_many("review_notes") == 0
    await okada.open_home()
    for button in ("notes.open", "brief.open", "sitting.open"):
        assert not await okada.has(button, where="home")
    for button in ("notes.open", "notes.issue", "brief.open", "sitting.open"):
        await okada.presses_anyway(button, f"{review}/99" if button == "notes.issue" else review)
        assert await okada.refused()


async def test_marks_of_slack_in_every_box_call_nobody(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    mark = "<!channel> & <!here>"
    await given_brief(sqlite_desk, review, **dict.fromkeys(PAGE, mark))
    await given_held(sqlite_desk, review)
    issue = Issue(*[mark] * 4)
    await act(sqlite_desk, HOLDER, review_notes.keep_issue, review, 99, "", issue)
    await act(sqlite_desk, HOLDER, review_notes.keep_dissent, review, review_notes.digest(Issue("")), mark)
    yamamoto = sqlite_desk.yamamoto
    for button in ("brief.open", "notes.open"):
        await yamamoto.presses_anyway(button, review)
        blocks = [each for each in (await yamamoto.top_view())["blocks"] if each["type"] != "header"]
        sent = json.dumps(blocks, ensure_ascii=False)
        assert "&lt;!channel&gt; &amp; &lt;!here&gt;" in sent
        assert "<!channel>" not in sent
