"""The record of a review: its issues and its advice, kept, and approved by somebody else."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from bot.domain.refusals import Changed, Missing
from bot.domain.review import Full, NotInvited, NotNow, Stage
from bot.domain.review_papers import Issue, NotApproved, OwnNotes
from bot.domain.staff import THE_CLOCK, Role
from bot.usecases import closing, people, review_notes, sittings
from bot.usecases.desk import Identified
from bot.usecases.review_notes import digest
from tests.review_papers import (
    DUE,
    ISSUE,
    SUPERVISOR,
    act,
    case_of,
    comes_to,
    file_names,
    given_approved,
    given_held,
    given_over,
    given_record,
    given_sitting,
    look,
)
from tests.reviews import ACADEMIC, CONVENER, HOLDER, OTHER, PSY, before, stage_of


async def test_the_record_is_written_in_windows_and_approved_by_another(desk):
    review = await given_over(desk)
    await people.grant(desk.bot.desk, THE_CLOCK, SUPERVISOR, Role.SUPERVISOR)
    sato, suzuki = desk.sato, desk.person(SUPERVISOR)
    await sato.open_home()
    await sato.presses("notes.open", where="home")
    await sato.presses("notes.issue", where="view")
    await sato.fills_and_sends(
        issue="山田花子さんに会えない", view=ISSUE.view, short=ISSUE.short, long=ISSUE.long
    )
    assert "このように伏せました" in await before(sato)
    await sato.fills_and_sends()
    await sato.presses("notes.dissent", where="view")
    await sato.fills_and_sends(dissent="急がず、半年待つという見方もあった。")
    await sato.presses("notes.task", where="view")
    await sato.fills_and_sends(task="娘さんに電話をする", who=HOLDER, due="2026-12-10")
    said = await before(sato)
    assert "山田" not in said
    assert "急がず、半年待つ" in said
    assert "12月10日(木)まで" in said

    await suzuki.open_home()
    await suzuki.presses("notes.open", where="home")
    await suzuki.presses("notes.approve", where="view")

    assert await stage_of(desk, review) is Stage.APPROVED
    assert "確かめて、確定しました" in await before(suzuki)
    assert "記録がまとまりました" in await desk.hayashi.reads()
    assert "お願いすることが決まりました" in await sato.reads()
    await desk.hayashi.presses("notes.open", where="bot")
    said = await before(desk.hayashi)
    assert "急がず、半年待つ" in said
    assert "謝金" not in said
    assert "直す" not in said


async def test_whoever_wrote_does_not_settle_it_alone_unless_the_organisation_says_so(desk):
    review = await given_over(desk)
    await act(desk, CONVENER, review_notes.keep_issue, review, 99, "", ISSUE)
    await act(desk, HOLDER, review_notes.keep_dissent, review, digest(Issue("")), "ほかの見方もあった。")
    book = await look(desk, CONVENER, review)
    with pytest.raises(OwnNotes):
        await act(desk, CONVENER, review_notes.approve, review, book.notes.version)
    assert await stage_of(desk, review) is Stage.HELD

    rules = desk.bot.desk.organisation.reviews.model_copy(update={"own_record": True})
    own = replace(
        desk.bot.desk, organisation=desk.bot.desk.organisation.model_copy(update={"reviews": rules})
    )
    await review_notes.approve(own, await desk.actor(CONVENER), review, book.notes.version)
    assert await stage_of(desk, review) is Stage.APPROVED


async def test_who_may_not_approve_does_not(sqlite_desk):
    review = await given_over(sqlite_desk)
    await given_record(sqlite_desk, review, approved=False)
    for person in (PSY, ACADEMIC, HOLDER, OTHER, "U_TANAKA"):
        with pytest.raises(NotInvited):
            await act(sqlite_desk, person, review_notes.approve, review, 0)
    with pytest.raises(Changed):  # not as it was read
        await act(sqlite_desk, CONVENER, review_notes.approve, review, 7)
    assert await stage_of(sqlite_desk, review) is Stage.HELD
    book = await look(sqlite_desk, CONVENER, review)
    await act(sqlite_desk, CONVENER, review_notes.approve, review, book.notes.version)
    await act(sqlite_desk, CONVENER, review_notes.approve, review, book.notes.version)
    assert (await sqlite_desk.sato.reads()).count("お願いすることが決まりました") == 1


async def test_an_empty_record_is_not_approved(sqlite_desk):
    review = await given_over(sqlite_desk)
    with pytest.raises(NotApproved):
        await act(sqlite_desk, CONVENER, review_notes.approve, review, 0)


async def test_the_record_is_for_those_invited_once_approved_and_until_it_closes(desk):
    review = await given_over(desk)
    await given_record(desk, review, approved=False)
    with pytest.raises(NotApproved):
        await look(desk, PSY, review)
    assert (await look(desk, HOLDER, review)).notes.issues == (ISSUE,)
    await given_approved(desk, review)

    assert (await look(desk, PSY, review)).notes.issues == (ISSUE,)
    for person in (OTHER, "U_TAKAGI", "U_TANAKA"):
        with pytest.raises(NotInvited):
            await look(desk, person, review)
    await desk.passes(days=7, minutes=-1)
    assert (await look(desk, PSY, review)).notes.issues == (ISSUE,)
    await desk.passes(minutes=1)  # a week after it was settled
    with pytest.raises(NotInvited):
        await look(desk, PSY, review)
    assert (await look(desk, HOLDER, review)).notes.issues == (ISSUE,)


async def test_what_is_left_half_written_survives(desk):
    review = await given_over(desk)
    sato = desk.sato
    typed = {name: {"type": "plain_text_input", "value": text} for name, text in (
        ("view", "山田花子さんは、断ることで暮らしを守っている。"), ("short", ""))}  # fmt: skip
    await sato.sends_anyway(
        "notes_issue.submit", {"r": review, "n": 99, "d": digest(None)}, closed=True, **typed
    )

    [issue] = (await look(desk, HOLDER, review)).notes.issues
    assert issue.issue == "（書きかけ）"
    assert "断ることで暮らしを守っている" in issue.view
    assert "山田" not in issue.view


async def test_issues_are_changed_taken_away_and_never_overwritten(desk):
    review = await given_over(desk)
    keep = review_notes.keep_issue
    other = Issue("お金のこと")
    for issue in (ISSUE, ISSUE, other):  # the first was sent twice
        await act(desk, HOLDER, keep, review, 99, "", issue)
    assert (await look(desk, HOLDER, review)).notes.issues == (ISSUE, other)

    changed = replace(other, view="見通しがない。")
    await act(desk, HOLDER, keep, review, 1, digest(other), changed)
    with pytest.raises(Changed):
        await act(desk, CONVENER, keep, review, 1, digest(other), replace(other, view="別の見方。"))
    with pytest.raises(Missing):
        await act(desk, HOLDER, keep, review, 1, digest(changed), replace(changed, issue=" "))
    await act(desk, HOLDER, keep, review, 0, digest(ISSUE), Issue(""))
    assert (await look(desk, HOLDER, review)).notes.issues == (changed,)

    for n in range(3):
        await act(desk, HOLDER, keep, review, 99, "", Issue(f"課題{n}"))
    with pytest.raises(Full):
        await act(desk, HOLDER, keep, review, 99, "", Issue("もうひとつの課題"))
    with pytest.raises(Identified):
        await act(desk, HOLDER, keep, review, 0, digest(changed), Issue("山田花子さんのこと"))


async def test_nothing_is_written_before_it_began_nor_after_it_is_settled(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    with pytest.raises(NotNow):
        await act(sqlite_desk, HOLDER, review_notes.keep_issue, review, 99, "", ISSUE)
    await comes_to(sqlite_desk, review)
    await act(sqlite_desk, CONVENER, sittings.begin, review)
    await act(sqlite_desk, HOLDER, review_notes.keep_issue, review, 99, "", ISSUE)  # while it goes on
    await sqlite_desk.passes(hours=2)
    await given_approved(sqlite_desk, review)
    for do, more in (
        (review_notes.keep_issue, (99, "", Issue("あとから"))),
        (review_notes.keep_task, ("", "あとから", HOLDER, DUE)),
        (review_notes.attend, (PSY, 60)),
    ):
        with pytest.raises(NotNow):
            await act(sqlite_desk, HOLDER, do, review, *more)


async def test_a_consultation_that_was_taken_back_is_written_and_told_about_no_more(desk):
    review = await given_over(desk)
    await given_record(desk, review, approved=False)
    case = await case_of(desk, review)
    book = await look(desk, CONVENER, review)
    await act(desk, "U_TAKAGI", closing.withdraw, case.id)
    for do, more in (
        (review_notes.keep_issue, (99, "", Issue("あとから"))),
        (review_notes.keep_task, ("", "あとから", HOLDER, DUE)),
        (review_notes.approve, (book.notes.version,)),
    ):
        with pytest.raises(NotNow):
            await act(desk, CONVENER, do, review, *more)
    assert await stage_of(desk, review) is Stage.HELD


async def test_the_settled_record_is_on_paper_with_what_some_saw_otherwise_and_nobody_in_it(sqlite_desk):
    review = await given_over(sqlite_desk)
    await act(
        sqlite_desk, HOLDER, review_notes.keep_dissent, review, digest(Issue("")), "半年は待つ、という見方。"
    )
    with pytest.raises(NotApproved):
        await act(sqlite_desk, CONVENER, review_notes.print_notes, review, once="0")
    await given_record(sqlite_desk, review)
    await sqlite_desk.yamamoto.presses_anyway("notes.open", review)
    await sqlite_desk.yamamoto.presses("notes.print", where="view")
    [file] = [each for each in sqlite_desk.workspace.world.files.values() if each.name.endswith("-notes.pdf")]
    said = "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(file.body)).pages)
    for part in (
        ISSUE.issue,
        ISSUE.view,
        ISSUE.short,
        ISSUE.long,
        "半年は待つ、という見方。",
        "事例提供者令和8年12月10日(木)まで",
        "89分",
    ):
        assert part in said
    for name in ("佐藤", "林", "山本", "U_"):
        assert name not in said
    for person in (PSY, ACADEMIC, OTHER, "U_TAKAGI", "U_TANAKA", SUPERVISOR):
        with pytest.raises(NotInvited):
            await act(sqlite_desk, person, review_notes.print_notes, review, once="1")

    await act(sqlite_desk, "U_TAKAGI", closing.withdraw, (await case_of(sqlite_desk, review)).id)
    await sqlite_desk.ask_the_clock()
    assert not any(name.endswith("-notes.pdf") for name in file_names(sqlite_desk))


async def test_whoever_sat_in_it_finds_no_door_to_a_record_that_is_still_being_written(sqlite_desk):
    review = await given_sitting(sqlite_desk)
    await given_held(sqlite_desk, review)
    await given_record(sqlite_desk, review, approved=False)

    await sqlite_desk.hayashi.open_home()
    assert "記録は、いままとめているところです" in await sqlite_desk.hayashi.reads("home")
    assert not await sqlite_desk.hayashi.has("notes.open", where="home")
    await sqlite_desk.sato.open_home()  # the control: whoever presents writes at it
    assert await sqlite_desk.sato.has("notes.open", where="home")

    await given_approved(sqlite_desk, review)
    await sqlite_desk.hayashi.open_home()
    assert await sqlite_desk.hayashi.has("notes.open", where="home")


async def test_two_who_write_the_advice_do_not_write_over_each_other(desk):
    review = await given_over(desk)
    await given_record(desk, review)
    sato, yamamoto = desk.sato, desk.yamamoto
    for person in (sato, yamamoto):
        await person.presses_anyway("notes.advise", review)
    await sato.fills_and_sends(advice="玄関先で天気の話をしてみてください。")
    await desk.passes(minutes=1)
    await yamamoto.fills_and_sends(advice="犬の話をしてみてください。")

    assert "ほかの方が書きかえました" in await yamamoto.refused()
    assert (await look(desk, HOLDER, review)).advice.text == "玄関先で天気の話をしてみてください。"
