"""Story 10: thirty seats, forty-one presses in the first minute, an ill lecturer, and a week later a full room."""

import asyncio
import io
import re
import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

from pypdf import PdfReader

from bot.domain.seats import Place
from tests.desk import TRAINING, Desk, Somebody
from tests.trainings import newcomers

TOKYO = ZoneInfo("Asia/Tokyo")
CROWD, SEATS = 41, 30
PLAN = {
    "kind": "workshop", "name": "ダブルケアを支える", "types": ["lecture", "exercise"], "concerns": ["multi_pro"],
    "characteristics": ["double_care"], "purpose": "子育てと介護が重なる世帯を、分野をこえて支える見方を学びます。",
    "on1": "2026-12-08", "from1": "13:00", "to1": "16:00", "place": "彦根市福祉センター 2階会議室", "onsite": str(SEATS),
    "lecturers": "湖北 みずほ", "regions": ["koto", "kohoku"], "audience": "湖東・湖北の相談支援にあたる方",
    "deadline_on": "2026-12-04", "contact": "研修担当",
}  # fmt: skip


async def test_thirty_seats(desk):
    kondo = desk.kondo
    people = [desk.person(each) for each in await newcomers(desk, CROWD)]

    # A training for 湖東 and 湖北 is planned, looked at, and announced.
    await kondo.command("/研修")
    await kondo.presses("training.new", where="view")
    await kondo.fills_and_sends(**PLAN)
    assert "ダブルケアを支える" in await kondo.seen("view")
    await kondo.fills_and_sends()
    [card] = await the_cards(desk)
    assert "あと30席" in card
    assert "湖東圏域、湖北圏域" in card

    # Forty-one press at once. Thirty have a seat, eleven know which place in the queue is theirs.
    pressed = await asyncio.gather(*(each.press("seat.join", channel=TRAINING) for each in people))
    assert all(each["acked"] for each in pressed)
    await desk.passes(seconds=10)
    seated = [each for each in people if "お席をお取りしました" in await each.reads()]
    queue = await in_the_queue(people)
    assert (len(seated), len(queue)) == (SEATS, CROWD - SEATS)
    assert {*seated, *queue} == set(people)
    [card] = await the_cards(desk)
    assert "満席・キャンセル待ち 11人" in card
    assert await desk.rows("SELECT COUNT(*) AS n FROM participations") == [{"n": CROWD}]

    # The lecturer is ill: it is a week later. Everybody hears of it, once.
    at(desk, "12-03 10:00")
    training = await the_training(desk)
    await opens(desk, training)
    await kondo.presses("training.edit", where="view")
    await kondo.fills_and_sends(on1="2026-12-15")
    for each in people:
        news = [text for text in await each.texts() if "内容が変わりました" in text]
        assert len(news) == 1
        assert "12月8日(火) 13時〜16時" in news[0]
        assert "12月15日(火) 13時〜16時" in news[0]
    await desk.passes(seconds=10)
    [card] = await the_cards(desk)
    assert "12月15日(火) 13時〜16時" in card

    # Four cannot, the day before. Three of the queue take their seats, one is busy; whoever is next hears too late.
    at(desk, "12-14 10:00")
    for each in seated[:4]:
        await each.presses("seat.leave", where="bot")
        assert "お申し込みを取り消しました" in await each.reads()
    offered = [each for each in queue if "席が空きました" in await each.reads()]
    assert offered == queue[:4]
    for each in offered[:3]:
        await each.presses("seat.accept", where="bot")
    at(desk, "12-15 10:05")
    await desk.ask_the_clock()
    assert "次にお待ちの方へおゆずりしました" in await offered[3].reads()
    assert "席が空きました" in await queue[4].reads()
    assert "席が空きました" not in await queue[5].reads()
    there = [*seated[4:], *offered[:3]]
    assert {each.id for each in there} == await who_has(desk, Place.CONFIRMED)
    assert len(there) == 29

    # The day. Everybody is reminded; at the door a code is on the screen, and changes.
    at(desk, "12-15 12:00")
    await desk.ask_the_clock()
    assert "まもなく始まります" in await there[0].reads()
    assert "まもなく始まります" not in await seated[0].reads()
    at(desk, "12-15 12:45")
    await opens(desk, training)
    await kondo.presses("check_in.screen", where="view")
    first = await the_code(kondo)
    for each in there[:12]:
        await each.presses("check_in.open", where="bot")
        await each.fills_and_sends(code=first)
    at(desk, "12-15 12:56")
    await desk.ask_the_clock()
    second = await the_code(kondo)
    assert second != first
    refused = await checks_in(there[12], first)
    assert refused["errors"]
    await there[12].submit(code=second)
    for each in there[13:28]:  # the last one never comes
        await each.writes(second)
        assert "受付をしました" in await each.reads()

    # It begins: who still waited is told, kindly, once.
    at(desk, "12-15 13:00")
    await desk.ask_the_clock()
    assert "お返事をお待ちしているあいだに、始まる時間になりました" in await queue[4].reads()
    for each in queue[5:]:
        assert (await each.reads()).count("お席をご用意できないまま") == 1

    # It is over: thanks, a certificate for who was there, what it was like, and hours.
    at(desk, "12-15 16:00")
    await desk.ask_the_clock()
    for each in there[:28]:
        assert "ご参加、ありがとうございました" in await each.reads()
    assert "ご参加、ありがとうございました" not in await there[28].reads()
    await certified(desk, there[0], "例田 あおい")
    await there[28].presses_anyway("certificate.get", await part_of(desk, there[28]))
    assert "certificate.submit" not in [view["callback_id"] for view in await there[28].views()]
    for each in there[1:7]:
        await each.presses("feedback.open", where="bot")
        await each.fills_and_sends(satisfaction="5", words="あすの訪問で、試してみます。")
    await opens(desk, training)
    await kondo.presses("feedback.results", where="view")
    assert "6人" in await kondo.seen("view")
    assert "とてもよかった：6人" in await kondo.seen("view")
    await there[0].open_home()
    assert "今年度の研修 3時間" in await there[0].seen("home")
    await there[28].open_home()
    assert "今年度の研修" not in await there[28].seen("home")

    # And nothing was said twice, nothing was lost, nothing was posted again.
    assert len(await the_cards(desk)) == 1
    assert await desk.rows("SELECT key, why FROM outbox WHERE state = 'dead'") == []
    async with desk.db.reading() as ask:
        assert await ask.audit.verify() is None


def at(desk: Desk, when: str) -> None:
    """It is this moment in Otsu."""
    desk.clock.now = datetime.strptime(f"2026-{when}", "%Y-%m-%d %H:%M").replace(tzinfo=TOKYO)


async def the_cards(desk: Desk) -> list[str]:
    """The announcements, as people read them."""
    return [each for each in await desk.takagi.texts(TRAINING) if "ダブルケア" in each]


async def in_the_queue(people: list[Somebody]) -> list[Somebody]:
    """Those who wait, as each of them was told."""
    places = {}
    for each in people:
        if found := re.search(r"キャンセル待ちの(\d+)番目", await each.reads()):
            places[int(found[1])] = each
    assert sorted(places) == list(range(1, len(places) + 1))
    return [places[number] for number in sorted(places)]


async def the_training(desk: Desk) -> str:
    [row] = await desk.rows("SELECT id FROM trainings")
    return str(row["id"])


async def opens(desk: Desk, training: str) -> None:
    """The organizer opens the window of the training from the list."""
    if await desk.kondo.top_view():
        await desk.kondo.close(clear=True)
    await desk.kondo.command("/研修")
    await desk.kondo.presses("training.open", training, where="view")


async def who_has(desk: Desk, status: Place) -> set[str]:
    rows = await desk.rows("SELECT person FROM participations WHERE status = :status", status=str(status))
    return {row["person"] for row in rows}


async def part_of(desk: Desk, who: Somebody) -> str:
    [row] = await desk.rows("SELECT id FROM participations WHERE person = :who", who=who.id)
    return str(row["id"])


async def the_code(kondo: Somebody) -> str:
    """The digits on the screen, as people read them."""
    view = await kondo.top_view()
    assert view
    heads = [each["text"]["text"] for each in view["blocks"] if each["type"] == "header"]
    return "".join(unicodedata.normalize("NFKC", heads[0]).split())


async def checks_in(who: Somebody, code: str) -> dict[str, object]:
    await who.presses("check_in.open", where="bot")
    return await who.submit(code=code)


async def certified(desk: Desk, who: Somebody, name: str) -> None:
    """Ask for the certificate, read it, and have its number looked up by somebody else."""
    await who.presses("certificate.get", where="bot")
    await who.fills_and_sends(name=name)
    assert "3時間" in await who.seen("view")
    [file] = [each for each in desk.workspace.world.files.values() if each.name.startswith("R8-T001-")]
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(file.body)).pages)
    assert "".join(name.split()) in text
    assert "ダブルケアを支える" in text
    number = file.name.removesuffix(".pdf")
    assert number in text
    [row] = await desk.rows("SELECT code FROM certificates WHERE number = :number", number=number)
    await desk.takagi.presses_anyway("certificate.verify")
    await desk.takagi.fills_and_sends(number=number, code=row["code"], name=name)
    shown = await desk.takagi.seen("view")
    assert "ダブルケアを支える" in shown
    assert name not in shown
