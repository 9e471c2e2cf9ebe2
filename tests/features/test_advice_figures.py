"""アドバイス内容の検討会: no figure speaks of a person, on the board, on paper or in a message."""

import json
from io import BytesIO

from pypdf import PdfReader

from bot import codes
from bot.domain.staff import THE_CLOCK, Role
from bot.usecases import people
from tests.advice_reviews import COUNSELORS, answered, closed, opened, recorded, samples


async def test_whoever_advised_is_told_the_same_whatever_is_drawn(sqlite_desk):
    for who in COUNSELORS:
        await recorded(sqlite_desk, who)
    await opened(sqlite_desk, ["U_YAMAMOTO"], most=1)

    assert len(await samples(sqlite_desk)) == 1
    told = [
        [
            line
            for line in (await sqlite_desk.person(who).reads()).split("\n")
            if "みんなで読み合います" in line
        ]
        for who in COUNSELORS
    ]
    assert told[0] == told[1] == told[2]
    assert len(told[0]) == 1
    assert not any(digit in told[0][0] for digit in ("1件", "R8-"))
    assert "みんなで読み合います" not in await sqlite_desk.yamamoto.reads()  # the control: who did not advise


async def test_no_figure_by_person_is_anywhere_and_answers_are_gone_afterwards(desk):
    for who in COUNSELORS:
        for _ in range(2):
            await recorded(desk, who)
    review = await opened(desk, ["U_YAMAMOTO", "U_HAYASHI"])
    await answered(desk)
    before = await desk.rows("SELECT * FROM advice_samples")
    assert all(row["answers"] for row in before)

    board = await closed(desk, review)

    told = json.loads((await desk.rows("SELECT summary FROM advice_reviews"))[0]["summary"])
    assert set(told) == {"total", "lines"}
    assert told["total"] == 5
    [line] = told["lines"]
    assert set(line) == {"themes", "cells"}
    assert set(line["cells"]) == set(codes.load("advice_rubric").codes)
    assert not any(who in json.dumps(told) for who in (*COUNSELORS, "U_YAMAMOTO", "U_HAYASHI"))
    assert all(row["answers"] is None for row in await desk.rows("SELECT answers FROM advice_samples"))
    assert board.summary is not None
    await desk.yamamoto.open_home()
    await desk.yamamoto.presses("advice.open", where="home")
    window = await desk.yamamoto.reads("view")
    assert "よくできている 5" in window
    assert not any(name in window for name in ("佐藤", "鈴木", "森", *COUNSELORS))
    details = [
        entry for entry in await desk.rows("SELECT * FROM audit") if str(entry["event"]).startswith("advice.")
    ]
    assert not any("well" in str(entry) for entry in details)


async def test_a_line_of_one_persons_advice_is_never_told(sqlite_desk):
    for _ in range(5):
        await recorded(sqlite_desk, "U_SATO")
    review = await opened(sqlite_desk, ["U_YAMAMOTO"])
    await answered(sqlite_desk)

    board = await closed(sqlite_desk, review)

    assert board.summary.total == 5
    assert board.summary.lines == ()  # five answers, and all about one person


async def test_fewer_than_five_are_hidden(sqlite_desk):
    for who in (*COUNSELORS, "U_SATO"):
        await recorded(sqlite_desk, who)
    review = await opened(sqlite_desk, ["U_YAMAMOTO"])
    await answered(sqlite_desk)

    board = await closed(sqlite_desk, review)

    assert (board.summary.total, board.summary.lines) == ("few", ())
    await sqlite_desk.yamamoto.open_home()
    await sqlite_desk.yamamoto.presses("advice.open", where="home")
    assert "よくできている" not in await sqlite_desk.yamamoto.reads("view")


async def test_the_paper_comes_to_whoever_asks_and_holds_nobody(sqlite_desk):
    for who in (*COUNSELORS, *COUNSELORS):
        await recorded(sqlite_desk, who)
    review = await opened(sqlite_desk, ["U_YAMAMOTO"], most=5)
    await answered(sqlite_desk)
    await closed(sqlite_desk, review)

    await sqlite_desk.yamamoto.open_home()
    await sqlite_desk.yamamoto.presses("advice.open", where="home")
    await sqlite_desk.yamamoto.presses("advice.paper", where="view")

    assert "読み合いのまとめです" in await sqlite_desk.yamamoto.reads()
    [file] = [each for each in sqlite_desk.workspace.world.files.values() if each.shared]
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(file.body)).pages)
    assert "ねがいは聴けたか500" in text
    assert "安全は確かめたか050" in text
    assert not any(name in text for name in ("佐藤", "鈴木", "山本", *COUNSELORS, "U_YAMAMOTO"))
    assert "paper.printed" in await sqlite_desk.trail()


async def test_the_paper_does_not_come_to_whoever_leads_no_more_when_it_is_made(sqlite_desk):
    for who in (*COUNSELORS, *COUNSELORS):
        await recorded(sqlite_desk, who)
    review = await opened(sqlite_desk, ["U_YAMAMOTO"], most=5)
    await answered(sqlite_desk)
    await closed(sqlite_desk, review)

    async def papers(once: str) -> int:
        """How many files come of asking for it while still leading; by the time it is made, the role may be gone."""
        before = len(sqlite_desk.workspace.world.files)
        async with sqlite_desk.db.transaction(THE_CLOCK) as tx:
            await tx.outbox.add("advice_summary", op="upload", to="U_YAMAMOTO", key=once, advice=review.id)
        await sqlite_desk.settle()
        return len(sqlite_desk.workspace.world.files) - before

    assert await papers("1") == 1  # the control
    await people.revoke(sqlite_desk.bot.desk, THE_CLOCK, "U_YAMAMOTO", Role.COORDINATOR)
    assert await papers("2") == 0
