"""A coordinator has records counted for study: in files that tell of nobody, each time alike, and never too much."""

import asyncio
import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from bot.domain.events import Event
from bot.domain.refusals import NotFound, NotYourRole
from bot.privacy.releases import FACTS, TooFewToTell
from bot.store.trouble import ConstraintBroken
from bot.usecases import releases
from bot.usecases.releases import AlreadyTold
from tests.kept_records import given_records
from tests.running import ROLES

APRIL, JUNE, JULY, SEPTEMBER, OCTOBER = (date(2026, month, 1) for month in (4, 6, 7, 9, 10))


async def asks(desk, since=APRIL, until=SEPTEMBER, file="study_sheet", once="1"):
    coordinator = await desk.actor("U_YAMAMOTO")
    return await releases.ask_for(desk.bot.desk, coordinator, since, until, file, once=once)


def files(desk):
    return [each for each in desk.workspace.world.files.values() if each.shared]


def pages(file):
    book = load_workbook(io.BytesIO(file.body))
    return {page.title: [list(row) for row in page.values] for page in book}


async def test_a_coordinator_asks_on_the_home_and_has_a_workbook_in_the_direct_message(desk):
    await given_records(desk, 36)
    await given_records(desk, 12, region="kohoku")
    await given_records(desk, 3, region="otsu")
    await given_records(desk, 14, month=5, theme="legal")
    await given_records(desk, 2, month=6, theme="system_info")
    await desk.yamamoto.open_home()

    await desk.yamamoto.presses("study.open", where="home")
    assert "10に満たない数は、ほかの区分とまとめます" in await desk.yamamoto.seen("view")
    assert "長い期間から作ると、細かく数えられます" in await desk.yamamoto.seen("view")
    await desk.yamamoto.fills_and_sends(since="2026-04", until="2026-10")
    assert "令和8年4月から令和8年10月までを、はじめて数えます" in await desk.yamamoto.seen("view")
    assert files(desk) == []
    await desk.yamamoto.fills_and_sends()

    assert "令和8年4月から令和8年10月までの、67件の記録の集計を作っています" in await desk.yamamoto.seen(
        "view"
    )
    assert "令和8年4月から令和8年10月までの、事例記録の集計です" in await desk.yamamoto.reads()
    (file,) = files(desk)
    assert file.name == "study-202604-202610.xlsx"
    book = pages(file)
    tables = ["テーマと圏域", "テーマと年代", "テーマと性別", "テーマと世帯", "テーマと結果"]
    assert list(book) == ["はじめに", "テーマ", *tables, "一覧"]
    head, alone, summed = book["テーマと圏域"]
    told = dict(zip(head, alone, strict=True))
    assert told["おもなテーマ"] == "本人・家族との関わり方（拒否・関係づくり）"
    assert (told["合計"], told["湖東圏域"], told["湖北圏域"]) == (51, 36, "まとめ")
    assert (told["大津圏域"], told["まとめた区分の合計"]) == ("まとめ", 15)
    assert summed[:2] == ["ほかのテーマ（あわせて）", 16]
    assert [row[:2] for row in book["テーマ"][1:]] == [[told["おもなテーマ"], 51], ["まとめたテーマ", 16]]
    numbers = [row[3] for row in book["一覧"][1:]]
    assert all(number == 0 or number >= 10 for number in numbers)
    said = dict(row[:2] for row in book["はじめに"][1:])
    (inside,) = [row[1] for row in book["はじめに"] if row[0] == "まとめたテーマの内わけ"]
    assert {"法律・権利擁護の問題", "制度・社会資源の情報"} < set(inside.split("、"))
    async with desk.db.reading() as ask:
        (kept,) = await ask.releases.all()
        trail = [entry for entry in await ask.audit.trail() if entry.event == Event.STUDY_EXPORTED]
    assert said["内容の照合番号"] == kept.hash
    assert [(entry.actor, entry.subject) for entry in trail] == [("U_YAMAMOTO", kept.id)]


async def test_the_list_is_a_file_that_other_programs_read(desk):
    await given_records(desk, 30)
    await given_records(desk, 11, household="couple")

    await asks(desk, file="study_list")
    await desk.settle()

    (file,) = files(desk)
    assert file.name == "study-202604-202609.csv"
    rows = list(csv.DictReader(io.StringIO(file.body.decode("utf-8-sig"))))
    found = {(row["分け方"], row["区分"]): row["件数"] for row in rows}
    assert found["世帯のかたち", "夫婦のみ"] == "11"
    assert found["世帯のかたち", "三世代"] == "0"
    assert found["ご本人の性別", "女性"] == "41"
    assert {row["おもなテーマ"] for row in rows} == {"すべてのテーマ"}
    assert found["おもなテーマ", "本人・家族との関わり方（拒否・関係づくり）"] == "41"


async def test_the_same_months_are_told_in_the_same_file_whenever_they_are_asked_for(desk):
    await given_records(desk, 25)
    first = await asks(desk)
    await given_records(desk, 5, month=6)  # comes in later, with its old date
    desk.clock.advance(days=40)

    again = await asks(desk, once="2")
    await desk.settle()

    assert again == first
    one, two = files(desk)
    assert one.body == two.body
    assert await desk.how_many("releases") == 1


async def test_one_press_gives_one_file_however_often_it_arrives(desk):
    await given_records(desk, 25)

    await asks(desk, once="press")
    await asks(desk, once="press")
    await desk.settle()

    assert len(files(desk)) == 1


async def test_months_that_would_tell_of_a_few_records_are_refused_with_what_to_do(desk):
    await given_records(desk, 30)
    await given_records(desk, 4, month=7)
    await asks(desk, APRIL, JUNE)
    await desk.settle()

    await desk.yamamoto.open_home()
    await desk.yamamoto.presses("study.open", where="home")
    assert "令和8年4月から令和8年6月まで（30件）" in await desk.yamamoto.seen("view")
    await desk.yamamoto.fills_and_sends(since="2026-04", until="2026-07")
    said = await desk.yamamoto.refused(await desk.yamamoto.fills_and_sends())

    assert "令和8年4月から令和8年6月までの集計を、前にお出ししています" in said
    assert "それと重ならない月だけか、まったく同じ期間をお選びください" in said
    assert await desk.how_many("releases") == 1
    await given_records(desk, 8, month=8)
    assert (await asks(desk, JULY, SEPTEMBER)).counted.total == 12
    both = await asks(desk, APRIL, SEPTEMBER)  # now it is the sum of two that were told
    assert (both.counted.total, len(both.made_of)) == (42, 2)


async def test_fewer_than_ten_records_are_not_told_of(desk):
    await given_records(desk, 9)

    with pytest.raises(TooFewToTell):
        await asks(desk)
    await desk.yamamoto.open_home()
    await desk.yamamoto.presses("study.open", where="home")
    await desk.yamamoto.fills_and_sends()
    said = await desk.yamamoto.refused(await desk.yamamoto.fills_and_sends())
    assert said.startswith("この期間の記録は、まだ10件に満ちません")

    await given_records(desk, 1)
    assert (await asks(desk)).counted.total == 10


async def test_what_is_held_back_or_waits_for_a_second_person_is_not_counted(desk):
    await given_records(desk, 20)
    waits, released, withheld, unusual = await given_records(desk, 4)
    async with desk.db.transaction(await desk.actor("U_SATO")) as tx:
        for record, decision in ((waits, None), (released, "released"), (withheld, "withheld")):
            await tx.connection.rows(
                "INSERT INTO record_reviews (record, offered_by, offered_at, reviewed_by, reviewed_at, decision)"
                " VALUES (:record, 'U_SATO', '2026-04-10', :by, :at, :decision)",
                {
                    "record": record,
                    "by": decision and "U_MORI",
                    "at": decision and "2026-04-11",
                    "decision": decision,
                },
            )
    (strange,) = await given_records(desk, 1, unusual=("rare_disease",))

    release = await asks(desk)

    assert {waits, released, unusual} < set(release.records)
    assert not {withheld, strange} & set(release.records)


async def given_reviewed(desk, records, decision):
    async with desk.db.transaction(await desk.actor("U_SATO")) as tx:
        for record in records:
            await tx.connection.rows(
                "INSERT INTO record_reviews (record, offered_by, offered_at, reviewed_by, reviewed_at, decision)"
                " VALUES (:record, 'U_SATO', '2026-04-10', 'U_MORI', '2026-04-11', :decision)",
                {"record": record, "decision": decision},
            )


async def test_what_came_late_or_was_withdrawn_since_closes_no_year(desk):
    in_april = await given_records(desk, 20)
    late = await given_records(desk, 6, unusual=("sum",))
    await given_records(desk, 30, month=6)
    april = await asks(desk, APRIL, APRIL, once="1")
    assert april.counted.total == 20
    await given_reviewed(desk, late, "released")
    await given_reviewed(desk, in_april[:1], "withheld")

    rest = await asks(desk, date(2026, 5, 1), JUNE, once="2")
    both = await asks(desk, APRIL, JUNE, once="3")

    assert (rest.counted.total, both.counted.total) == (30, 50)
    assert not set(late) & set(both.records)
    assert set(in_april) < set(both.records)


async def test_where_nothing_was_told_before_what_was_reviewed_counts(desk):
    """The control of the test above."""
    in_april = await given_records(desk, 20)
    late = await given_records(desk, 6, unusual=("sum",))
    await given_reviewed(desk, late, "released")
    await given_reviewed(desk, in_april[:1], "withheld")

    assert (await asks(desk, APRIL, APRIL)).counted.total == 25


async def test_before_the_first_file_it_is_said_how_many_wait_for_a_second_person(desk):
    waits, *_ = await given_records(desk, 2, unusual=("sum",))
    await given_records(desk, 20)
    async with desk.db.transaction(await desk.actor("U_SATO")) as tx:
        await tx.records.offer(waits)
    await desk.yamamoto.open_home()
    await desk.yamamoto.presses("study.open", where="home")
    assert "確かめを待っている事例が1件あります" in await desk.yamamoto.seen("view")

    async with desk.db.transaction(await desk.actor("U_MORI")) as tx:  # the control
        await tx.records.decide(waits, "released")
    assert (await releases.choice(desk.bot.desk, await desk.actor("U_YAMAMOTO"))).waiting == 0


async def test_one_case_that_was_opened_again_is_counted_once_where_it_first_was(desk):
    await given_records(desk, 12)
    await given_records(desk, 1, of_case="again")
    for month in (4, 5, 6, 7):
        await given_records(desk, 3, month=month, of_case="again")
    await given_records(desk, 12, month=7)

    assert (await asks(desk, APRIL, JUNE, once="1")).counted.total == 13
    assert (await asks(desk, JULY, JULY, once="2")).counted.total == 12
    assert (await asks(desk, APRIL, JULY, once="3")).counted.total == 25


async def test_where_the_other_months_can_be_made_first_the_refusal_says_so(desk):
    await given_records(desk, 15)
    await given_records(desk, 15, month=6)
    await given_records(desk, 4, month=7)
    await asks(desk, APRIL, JUNE)

    with pytest.raises(AlreadyTold) as whole:
        await asks(desk, APRIL, JULY)
    assert whole.value.apart
    with pytest.raises(AlreadyTold) as within:  # the control: a part of what was told
        await asks(desk, date(2026, 5, 1), JULY)
    assert not within.value.apart


async def test_nobody_but_a_coordinator_has_records_counted(sqlite_desk):
    desk = sqlite_desk
    await given_records(desk, 20)
    others = {person for persons in ROLES.values() for person in persons} - {"U_YAMAMOTO"}
    for person in (*sorted(others), "U_TAKAGI"):
        actor = await desk.actor(person)
        with pytest.raises(NotYourRole):
            await releases.ask_for(desk.bot.desk, actor, APRIL, SEPTEMBER, "study_sheet", once="1")
        with pytest.raises(NotYourRole):
            await releases.choice(desk.bot.desk, actor)
        somebody = desk.person(person)
        await somebody.open_home()
        assert not await somebody.has("study.open", where="home")
        await somebody.presses_anyway("study.open")
        assert (await somebody.top_view() or {}).get("callback_id") != "study.submit"
    await desk.yamamoto.open_home()
    assert await desk.yamamoto.has("study.open", where="home")


async def test_only_months_that_are_over_can_be_asked_for(sqlite_desk):
    desk = sqlite_desk
    coordinator = await desk.actor("U_YAMAMOTO")
    assert (await releases.choice(desk.bot.desk, coordinator)).months == ()
    await desk.yamamoto.open_home()
    await desk.yamamoto.presses("study.open", where="home")
    assert "まだ、数えられる月がありません" in await desk.yamamoto.seen("view")
    await given_records(desk, 20, month=9)

    offered = (await releases.choice(desk.bot.desk, coordinator)).months

    assert offered == (OCTOBER, SEPTEMBER)  # November is not over
    for since, until in (
        (SEPTEMBER, date(2026, 11, 1)),
        (date(2026, 8, 1), SEPTEMBER),
        (date(2026, 9, 2), OCTOBER),
    ):
        with pytest.raises(NotFound):
            await asks(desk, since, until)
    assert (await asks(desk, OCTOBER, SEPTEMBER)).since == SEPTEMBER  # the wrong way round is understood


async def test_what_was_told_can_be_neither_changed_nor_erased(desk):
    await given_records(desk, 20)
    await asks(desk)

    for statement in ("UPDATE releases SET hash = ''", "DELETE FROM releases"):
        with pytest.raises(ConstraintBroken):
            async with desk.db.transaction(await desk.actor("U_YAMAMOTO")) as tx:
                await tx.connection.rows(statement, {})
    assert await desk.how_many("releases") == 1


async def test_two_who_ask_at_once_are_decided_one_after_the_other(desk):
    await given_records(desk, 30)
    await given_records(desk, 4, month=7)

    answers = await asyncio.gather(
        asks(desk, APRIL, JUNE, once="1"), asks(desk, APRIL, JULY, once="2"), return_exceptions=True
    )

    assert sorted(type(each).__name__ for each in answers) == ["AlreadyTold", "Release"]
    assert await desk.how_many("releases") == 1


async def test_files_hold_no_words_of_any_record_and_no_ids(desk):
    words = "山田花子さんの事例"
    ids = await given_records(desk, 20, situation=words, advice=words, region="=cmd()")
    await asks(desk)
    await asks(desk, file="study_list")
    await desk.settle()

    [book] = [each for each in files(desk) if each.body.startswith(b"PK")]  # two files, whichever came first
    [listed] = [each for each in files(desk) if each is not book]
    told = [str(cell) for rows in pages(book).values() for row in rows for cell in row]
    told.append(listed.body.decode("utf-8-sig"))
    assert not [cell for cell in told for secret in (words, "U_SATO", *ids) if secret in cell]
    assert "=cmd()" in told  # a cell of text: the writer never lets it be reckoned with
    assert "'=cmd()" in told[-1]


async def test_every_fact_has_its_table(desk):
    await given_records(desk, 20)

    release = await asks(desk)

    assert {fact for fact, _ in release.counted.lines} == set(FACTS)


async def test_months_that_were_told_are_told_again_without_a_question_and_others_are_asked_about(
    sqlite_desk,
):
    desk = sqlite_desk
    await given_records(desk, 20)
    await given_records(desk, 20, month=7)
    await asks(desk, APRIL, JUNE)
    await desk.yamamoto.open_home()
    await desk.yamamoto.presses("study.open", where="home")

    await desk.yamamoto.fills_and_sends(
        since="2026-06", until="2026-04"
    )  # the other way round: the same months
    assert "件の記録の集計を作っています" in await desk.yamamoto.seen("view")

    await desk.yamamoto.presses("study.open", where="home")
    await desk.yamamoto.fills_and_sends(since="2026-07", until="2026-08")
    await desk.yamamoto.fills_and_sends(
        since="2026-07", until="2026-09"
    )  # the control: chosen anew, asked anew
    assert "令和8年7月から令和8年9月までを、はじめて数えます" in await desk.yamamoto.seen("view")
    async with desk.db.reading() as ask:
        assert len(await ask.releases.all()) == 1
