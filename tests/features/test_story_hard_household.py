"""Story 8, from its brief on: a hard household. One A4 with no one in it, PCAGIP in 90 minutes, three tasks, and advice as a
page the supporter can show the boss.
"""

import re
from io import BytesIO

from pypdf import PdfReader

from bot.domain.review import Stage
from bot.domain.staff import THE_CLOCK, Role
from bot.usecases import people, reviews
from tests.review_papers import act, comes_to
from tests.reviews import (
    ACADEMIC,
    CONVENER,
    HOLDER,
    PSY,
    answers,
    before,
    fixes,
    given_experts,
    given_poll,
    invited,
    review_of,
    stage_of,
    stated,
)

STORY = (
    "山田花子さん（84歳）と息子の太郎さん（55歳）の世帯です。彦根市高宮町にお住まいで、犬が8匹います。借金が253万円あり、"
    "2026年3月から訪問を断られています。"
)
NOBODY = re.compile(r"山田|花子|太郎|彦根|高宮|84歳|55歳|253|8匹|2026")


def paper(desk, ending: str) -> list[str]:
    """The text of each page of the newest file of this name."""
    [*_, file] = [each for each in desk.workspace.world.files.values() if each.name.endswith(ending)]
    return [page.extract_text() for page in PdfReader(BytesIO(file.body)).pages]


async def test_a_hard_household_is_thought_about_together(desk):
    # Given: a review whose time is found; the psychologist advises, the academic leads, the holder presents.
    await given_experts(desk)
    await people.grant(desk.bot.desk, THE_CLOCK, "U_SUZUKI", Role.SUPERVISOR)
    await stated(desk, PSY, honorarium=8000)
    review = await given_poll(desk)
    [row] = await desk.rows("SELECT consultation FROM reviews WHERE id = :r", r=review)
    async with desk.db.transaction(await desk.actor(HOLDER)) as tx:
        await tx.casework.write(row["consultation"], "story", STORY)
    for person, role in ((PSY, "adviser"), (ACADEMIC, "facilitator")):
        await act(desk, CONVENER, reviews.seat, review, person, role=role)
    for person in await invited(desk, review):
        await answers(desk, review, person, "○○")
    await fixes(desk, review, 0)
    sato, yamamoto, hayashi, okada = desk.sato, desk.yamamoto, desk.hayashi, desk.okada

    # The page is drawn without anybody in it; a person mends it, another one checks it.
    await sato.open_home()
    await sato.presses("brief.write", where="home")
    drawn = {
        each["block_id"].split("~")[0]: each["element"].get("initial_value", "")
        for each in (await sato.top_view())["blocks"] if each["type"] == "input"
    }  # fmt: skip
    assert "訪問を断られて" in drawn["course"]
    assert not NOBODY.search("".join(drawn.values()))
    await sato.fills_and_sends(
        topic="8050の世帯で、訪問を断られつづけている", reason="玄関から先に進めず、迷っている。",
        household="○80代（母）－□50代（息子）", agencies="地域包括支援センター",
        strengths="犬の世話は、毎日欠かさない。", agreement="subject_oral", agreed_on="2026-11-20",
    )  # fmt: skip
    assert not NOBODY.search(await before(sato))
    await yamamoto.presses("brief.open", where="C_COORD")
    await yamamoto.presses("brief.approve", where="view")
    await yamamoto.presses("brief.print", where="view")
    await desk.settle()
    pages = paper(desk, "-brief.pdf")
    assert len(pages) == 1
    assert "8050" in pages[0]
    assert not NOBODY.search("".join(pages[0].split()).replace("令和8年", ""))
    await hayashi.presses("brief.open", where="bot")
    assert "犬の世話は、毎日欠かさない" in await before(hayashi)

    # PCAGIP in ninety minutes, to the minute.
    await comes_to(desk, review)
    await okada.open_home()
    await okada.presses("sitting.open", where="home")
    await okada.presses("sitting.begin", where="view")
    for minutes, step in (
        (10, "質問を順番に"),
        (45, "見えてきたことを眺める"),
        (15, "手がかりを持ち帰る"),
        (15, "感想"),
    ):
        await desk.passes(minutes=minutes)
        assert f"*いま*　{step}" in "\n".join(await okada.texts("bot"))
    await desk.passes(minutes=5)
    assert await stage_of(desk, review) is Stage.HELD
    assert desk.clock.now == (await review_of(desk, review)).ends_at
    assert "大切な事例をお話しくださり" in await sato.reads()

    # What was found, what some saw otherwise, and three tasks.
    await okada.presses("notes.open", where="bot")
    await okada.presses("notes.issue", where="view")
    await okada.fills_and_sends(
        issue="会えないこと", view="断ることで、ふたりの暮らしを守っている。", short="犬のことを話題にする。",
        long="借金の相談先につなぐ。",
    )  # fmt: skip
    await okada.presses("notes.dissent", where="view")
    await okada.fills_and_sends(dissent="半年は待つ、という見方もあった。")
    for task, who, due in (
        ("玄関先で犬の話をする", HOLDER, "2026-12-10"),
        ("借金の相談先を調べる", CONVENER, "2026-12-11"),
        ("ようすを書きとめる", "U_TAKAGI", "2026-12-17"),
    ):
        await okada.presses("notes.task", where="view")
        await okada.fills_and_sends(task=task, who=who, due=due)
    await desk.suzuki.open_home()
    await desk.suzuki.presses("notes.open", where="home")
    await desk.suzuki.presses("notes.approve", where="view")
    assert len(await desk.rows("SELECT 1 FROM review_tasks")) == 3
    ledger = {each["staff"]: each for each in await desk.rows("SELECT * FROM review_attendance")}
    assert (ledger[PSY]["minutes"], ledger[PSY]["honorarium"]) == (90, 12_000)

    # Advice in plain words, as a page to show the boss.
    await sato.presses("notes.advise", where="bot")
    await sato.fills_and_sends(advice="玄関先で、犬の話をひとつしてみてください。")
    takagi = desk.takagi
    assert "専門職といっしょに考えました" in await takagi.reads()
    await takagi.presses("advice.print", where="bot")
    pages = paper(desk, "-review.pdf")
    assert len(pages) == 1
    assert "犬の話をひとつ" in "".join(pages[0].split())
    for person in ("sato", "yamamoto", "takagi"):
        somebody = getattr(desk, person)
        await somebody.open_home()
        await somebody.presses("task.done", where="home")
    assert all(each["done_at"] for each in await desk.rows("SELECT done_at FROM review_tasks"))

    # A week later the papers are gone, and those who came see nothing any more; after two they ask how it went.
    await desk.passes(days=7, minutes=1)
    assert await desk.how_many("briefs") == 0
    assert not any(each.name.endswith("-brief.pdf") for each in desk.workspace.world.files.values())
    await hayashi.open_home()
    assert not await hayashi.has("notes.open", where="home")
    await hayashi.presses_anyway("brief.open", review)
    assert "お願いしている方だけが開けます" in await hayashi.refused()
    await desk.passes(days=7, hours=1)
    assert await takagi.has("follow_up.helped", where="bot")
    for person in ("sato", "yamamoto", "takagi", "hayashi", "okada"):
        assert not NOBODY.search((await getattr(desk, person).reads()).replace("令和8年", ""))
