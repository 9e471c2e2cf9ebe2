"""修了証: who gets one, what it says, that it is the same one again, and how anybody checks it without learning a name."""

import asyncio
import re
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from bot import messages
from bot.domain.certificate import LETTERS, NotEarned, fiscal_bounds, typed_number
from bot.domain.refusals import Missing, NotAllowed, TwelveDigits
from bot.domain.seats import Attendance, Mark
from bot.domain.training import Session
from bot.usecases import certificates, seats, trainings
from tests.trainings import ORGANIZER, a_plan, given_announced, joined, now

PRESENT = Attendance.ATTENDED


async def marked(desk, training, part, *statuses):
    """The organizer's marks, one for each session in order; None: no mark."""
    training = await now(desk, training)
    async with desk.db.transaction(await desk.actor(ORGANIZER)) as tx:
        for session, status in zip(sorted(training.plan.sessions), statuses, strict=True):
            if status is not None:
                minutes = session.minutes if status is PRESENT else session.minutes // 2
                mark = Mark(part.id, session.id, status, minutes, "roster", tx.now, tx.actor.id)
                await tx.participations.mark(mark)


async def given_attended(desk, *people, statuses=(PRESENT,), **changes):
    """A training that is over, and these people were there."""
    training = await given_announced(desk, **changes)
    parts = await joined(desk, training, *people)
    for part in parts:
        await marked(desk, training, part, *statuses)
    desk.clock.now = (await now(desk, training)).plan.ends_at + timedelta(minutes=1)
    await desk.ask_the_clock()
    return training, parts


async def issued(desk, part, name="高木 まどか", by=None):
    actor = await desk.actor(by or part.person)
    return await certificates.issue(desk.bot.desk, actor, part.id, name, once=desk.once())


def read(pdf):
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


def papers(desk):
    """The files that were shared: name → content."""
    return {each.name: each.body for each in desk.workspace.world.files.values() if each.shared}


async def audited(desk, event):
    async with desk.db.reading() as ask:
        return [entry for entry in await ask.audit.trail() if entry.event == event]


async def test_who_was_there_all_the_time_gets_the_paper_with_the_name_they_confirm(desk):
    training, (part,) = await given_attended(desk, "U_TAKAGI")

    await desk.takagi.presses("certificate.get", part.id, where="bot")
    assert "修了証を、A4の用紙でお作りします" in await desk.takagi.seen("view")
    await desk.takagi.fills_and_sends(name="高木 まどか")

    seen = await desk.takagi.seen("view")
    assert f"{training.number}-001" in seen
    assert "令和8年度の研修　合わせて *3時間*" in seen
    assert "修了証です。おつかれさまでした" in await desk.takagi.reads()
    async with desk.db.reading() as ask:
        kept = await ask.certificates.of(part.id)
        assert (await ask.participations.answers(part))["name"] == "高木 まどか"
    assert kept.minutes == 180
    assert "高木" not in str(await desk.rows("SELECT * FROM certificates"))
    (entry,) = await audited(desk, "certificate.issued")
    assert entry.detail == {"number": kept.number, "participation": part.id}


async def test_the_name_slack_knows_stands_in_the_form_until_it_is_changed(sqlite_desk):
    desk = sqlite_desk
    _, (part,) = await given_attended(desk, "U_TAKAGI")

    await desk.takagi.presses("certificate.get", part.id, where="bot")

    view = await desk.takagi.top_view()
    known = desk.workspace.world.people["U_TAKAGI"].real_name
    (field,) = [block for block in view["blocks"] if block["type"] == "input"]
    assert field["element"]["initial_value"] == known


async def test_asked_for_again_it_is_the_same_paper_with_the_name_put_right(desk):
    _, (takagi, sato) = await given_attended(desk, "U_TAKAGI", "U_SATO")

    first = await issued(desk, takagi, "高木まとか")
    again = await issued(desk, takagi, "高木 まどか")
    other = await issued(desk, sato, "佐藤 はるか")

    assert (again.certificate.number, again.certificate.code) == (
        first.certificate.number,
        first.certificate.code,
    )
    assert other.certificate.number.endswith("-002")
    assert other.certificate.code != first.certificate.code
    actor = await desk.actor("U_MORI")
    code = first.certificate.code
    right = await certificates.verify(desk.bot.desk, actor, first.certificate.number, code, "高木　まどか")
    wrong = await certificates.verify(desk.bot.desk, actor, first.certificate.number, code, "高木まとか")
    assert (right.named, wrong.named) == (True, False)


async def test_many_who_ask_in_the_same_moment_get_a_number_each(desk):
    people = ["U_TAKAGI", "U_SATO", "U_SUZUKI", "U_MORI", "U_YAMAMOTO"]
    training, parts = await given_attended(desk, *people)

    found = await asyncio.gather(*(issued(desk, part) for part in [*parts, *parts]))

    numbers = {each.certificate.number for each in found}
    assert numbers == {f"{training.number}-{n:03d}" for n in range(1, 6)}
    assert await desk.how_many("certificates") == 5


async def test_the_same_form_sent_twice_sends_one_paper(sqlite_desk):
    desk = sqlite_desk
    _, (part,) = await given_attended(desk, "U_TAKAGI")
    actor = await desk.actor("U_TAKAGI")

    for once in ("V1", "V1", "V2"):
        await certificates.issue(desk.bot.desk, actor, part.id, "高木 まどか", once=once)

    promised = await desk.rows("SELECT key FROM outbox WHERE template = 'certificate'")
    assert len(promised) == 2


def two_sessions(desk):
    starts = a_plan(desk.clock.now).starts_at
    hours = timedelta(hours=2)
    return (
        Session(starts, starts + hours),
        Session(starts + timedelta(days=7), starts + timedelta(days=7) + hours),
    )


@pytest.mark.parametrize(
    ("statuses", "why", "words"),
    [
        ((PRESENT, Attendance.PARTIAL), "partial", "すべての時間に出席された方に"),
        ((PRESENT, None), "partial", "一部のご出席と承っています"),
        ((None, None), "unmarked", "出席の記録が、まだできていません"),
        ((Attendance.ABSENT, Attendance.ABSENT), "absent", "ご欠席と承っています"),
    ],
)
async def test_who_was_not_there_all_the_time_is_told_whom_to_ask(sqlite_desk, statuses, why, words):
    desk = sqlite_desk
    sessions = two_sessions(desk)
    _, (part,) = await given_attended(desk, "U_TAKAGI", statuses=statuses, sessions=sessions)

    with pytest.raises(NotEarned) as refused:
        await issued(desk, part)
    await desk.takagi.presses_anyway("certificate.get", part.id)

    assert refused.value.why == why
    said = (await desk.takagi.whispers("bot"))[-1]
    assert words in said
    assert f"<@{ORGANIZER}>" in said
    assert await desk.how_many("certificates") == 0


async def test_all_of_several_sessions_make_one_paper_with_all_their_hours(sqlite_desk):
    desk = sqlite_desk
    sessions = two_sessions(desk)
    _, (part,) = await given_attended(desk, "U_TAKAGI", statuses=(PRESENT, PRESENT), sessions=sessions)

    assert (await issued(desk, part)).certificate.minutes == 240


async def test_before_the_end_and_after_a_cancellation_there_is_none(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    (part,) = await joined(desk, training, "U_TAKAGI")
    await marked(desk, training, part, PRESENT)
    with pytest.raises(NotEarned) as early:
        await issued(desk, part)

    await trainings.cancel(desk.bot.desk, await desk.actor(ORGANIZER), training.id, "weather")
    with pytest.raises(NotEarned) as off:
        await issued(desk, part)

    assert (early.value.why, off.value.why) == ("running", "cancelled")


async def test_nobody_gets_the_paper_of_somebody_else(desk):
    _, (part, _) = await given_attended(desk, "U_TAKAGI", "U_SATO")

    for other in ("U_SATO", ORGANIZER, "U_TANAKA", "U_MORI"):
        with pytest.raises(NotAllowed):
            await issued(desk, part, by=other)

    assert (await issued(desk, part)).certificate.number.endswith("-001")


async def test_who_has_no_slack_has_it_printed_by_the_organizer(desk):
    training = await given_announced(desk)
    said = seats.Joining(name="湖東 つばさ", phone="0749-11-2233")
    operator = await desk.actor("U_TANAKA")
    part = await seats.enter(desk.bot.desk, operator, training.id, said, once="fax:1")
    await marked(desk, training, part, PRESENT)
    desk.clock.now = (await now(desk, training)).plan.ends_at + timedelta(minutes=1)

    with pytest.raises(NotAllowed):
        await issued(desk, part, by="U_SATO")
    await desk.kondo.presses_anyway("certificate.get", part.id)
    assert "湖東 つばさ" in str(await desk.kondo.top_view())
    await desk.kondo.fills_and_sends()

    assert "お渡しください" in await desk.kondo.reads()
    assert [each.detail for each in await audited(desk, "roster.read")] == [{"participation": part.id}]


async def test_the_paper_can_be_checked_by_number_and_code_and_tells_no_name(desk):
    training, (part,) = await given_attended(desk, "U_TAKAGI")
    certificate = (await issued(desk, part)).certificate

    await desk.mori.presses_anyway("certificate.verify")
    typed = (
        certificate.number.replace("-", "－").lower(),
        f" {certificate.code[:4]} {certificate.code[4:].lower()}",
    )
    await desk.mori.fills_and_sends(number=typed[0], code=typed[1], name="高木まどか")

    seen = await desk.mori.seen("view")
    assert "この窓口が出した修了証です" in seen
    assert training.title in seen
    assert "3時間" in seen
    assert "用紙のものと同じです" in seen
    assert "高木" not in seen
    (entry,) = await audited(desk, "certificate.verified")
    assert (entry.actor, entry.subject) == ("U_MORI", certificate.number)
    assert entry.detail == {"named": True, "right": True}


async def test_another_name_is_said_to_be_another_and_a_wrong_code_tells_nothing(desk):
    training, (part,) = await given_attended(desk, "U_TAKAGI")
    certificate = (await issued(desk, part)).certificate

    await desk.mori.presses_anyway("certificate.verify")
    act = await desk.mori.fills_and_sends(number=certificate.number, code="22222222", name="高木まどか")
    assert "見つかりませんでした" in act["errors"]["code~0"]
    assert training.title not in await desk.mori.seen("view")
    act = await desk.mori.fills_and_sends(number="R8-T999-001", code=certificate.code)
    assert "見つかりませんでした" in act["errors"]["code~0"]
    await desk.mori.fills_and_sends(number=certificate.number, code=certificate.code, name="高木まどみ")
    assert "用紙のものと同じではありません" in await desk.mori.seen("view")

    assert [each.detail["right"] for each in await audited(desk, "certificate.verified")] == [
        False, False, True,
    ]  # fmt: skip


async def test_after_ten_tries_in_ten_minutes_there_is_a_pause_for_that_person_alone(desk):
    _, (part,) = await given_attended(desk, "U_TAKAGI")
    certificate = (await issued(desk, part)).certificate
    desk.clock.now = desk.clock.now.replace(minute=20, second=0)
    mori, sato = await desk.actor("U_MORI"), await desk.actor("U_SATO")

    async def tries(actor, code):
        try:
            await certificates.verify(desk.bot.desk, actor, certificate.number, code)
        except Exception as refused:
            return type(refused).__name__
        return "found"

    assert [await tries(mori, "23456789") for _ in range(11)] == ["NoSuchCertificate"] * 10 + [
        "TooManyLookups"
    ]
    assert await tries(mori, certificate.code) == "TooManyLookups"
    assert await tries(sato, certificate.code) == "found"
    desk.clock.advance(minutes=10)
    assert await tries(mori, certificate.code) == "found"


async def test_a_paper_whose_attendance_was_taken_back_says_so(sqlite_desk):
    desk = sqlite_desk
    training, (part,) = await given_attended(desk, "U_TAKAGI")
    certificate = (await issued(desk, part)).certificate
    actor = await desk.actor("U_MORI")
    assert (await certificates.verify(desk.bot.desk, actor, certificate.number, certificate.code)).stands

    await marked(desk, training, part, Attendance.ABSENT)

    found = await certificates.verify(desk.bot.desk, actor, certificate.number, certificate.code)
    assert not found.stands


async def test_the_same_name_on_two_papers_leaves_two_marks_and_neither_tells_it(sqlite_desk):
    desk = sqlite_desk
    _, parts = await given_attended(desk, "U_TAKAGI", "U_SATO")

    hashes = {(await issued(desk, part, "同じ 名前")).certificate.name_hash for part in parts}

    assert len(hashes) == 2


async def test_a_blank_name_and_twelve_digits_are_refused_on_their_field(sqlite_desk):
    desk = sqlite_desk
    _, (part,) = await given_attended(desk, "U_TAKAGI")

    with pytest.raises(Missing) as missing:
        await issued(desk, part, "　\u200b ")
    with pytest.raises(TwelveDigits):
        await issued(desk, part, "高木 1234 5678 9012")

    assert missing.value.field == "name"
    assert await desk.how_many("certificates") == 0


async def test_hours_are_counted_by_fiscal_year_in_tokyo(desk):
    desk.clock.now = desk.clock.now.replace(year=2027, month=3, day=1)
    since, until = fiscal_bounds(2027)
    last_evening = Session(
        since - timedelta(hours=2), since - timedelta(minutes=30)
    )  # 31 March, 22:00 in Otsu
    first_morning = Session(since + timedelta(minutes=1), since + timedelta(hours=2))
    sessions = (last_evening, first_morning)
    _, (part,) = await given_attended(
        desk, "U_TAKAGI", statuses=(PRESENT, PRESENT), sessions=sessions, deadline=None
    )

    async with desk.db.reading() as ask:
        by_year = [await certificates.minutes_in_year(ask, "U_TAKAGI", year) for year in (2026, 2027, 2028)]

    assert by_year == [90, 119, 0]
    assert (until - since).days == 366  # 2028 has a 29 February


async def test_the_paper_is_one_page_and_says_everything_however_long_it_is(sqlite_desk):
    desk = sqlite_desk
    starts = a_plan(desk.clock.now).starts_at
    sessions = tuple(
        Session(starts + timedelta(days=n), starts + timedelta(days=n, hours=3)) for n in range(8)
    )
    words = {**a_plan(desk.clock.now).words, "title": "=cmd() " + "重なり合う困りごとを支える" * 8}
    _, (part,) = await given_attended(
        desk, "U_TAKAGI", statuses=(PRESENT,) * 8, sessions=sessions, words=words
    )
    name = "アレクサンドラ・ヴィルヘルミナ・フォン・ホーエンツォレルン髙﨑"
    certificate = (await issued(desk, part, name)).certificate
    await desk.settle()

    ((filename, pdf),) = papers(desk).items()

    assert filename == f"{certificate.number}.pdf"
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    said = read(pdf)
    for words_ in (name, words["title"], certificate.code, "令和8年12月", "24時間", "ここに証します"):
        assert "".join(words_.split()) in said
    assert said.count("16時まで") == 8


def test_a_code_has_no_letter_that_is_taken_for_another():
    assert not set("01OIL") & set(LETTERS)
    assert re.fullmatch("[2-9A-Z]+", LETTERS)


@pytest.mark.parametrize(
    "typed", ["R8-T003-012", "ｒ８－Ｔ００３－０１２", " r8‐t003 −012", "R8ーT003ー012", "第 R8-T003-012 号"]
)
def test_a_number_is_understood_however_it_is_typed(typed):
    assert typed_number(typed) == "R8-T003-012"


@pytest.mark.parametrize("why", ["running", "cancelled", "unmarked", "partial", "absent", "excused"])
def test_every_reason_why_there_is_none_is_said_shortly_and_apart_from_the_others(why):
    said = {
        each: messages.words("refusals/not_attended", why=each, organizer="U_KONDO")
        for each in (why, "partial")
    }

    assert 8 < len(said[why]) <= 160
    assert said[why].endswith("。")
    assert (said[why] == said["partial"]) == (why == "partial")
