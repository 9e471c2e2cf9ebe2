"""Planning a training as an organizer does: what they type, the preview, and what is posted."""

from tests.desk import TRAINING

GOOD = {
    "kind": "workshop", "name": "ダブルケアを支える", "types": ["lecture"], "concerns": ["multi_pro"],
    "purpose": "世帯まるごとを見る目を学びます。\n\n2つの事例を、みなさんで考えます。", "on1": "2026-12-08", "from1": "13:00", "to1": "16:00",
    "place": "彦根市福祉センター", "address": "https://meet.example/abc?a=1&b=2", "onsite": "30", "online": "0",
    "lecturers": "湖北 みずほ", "fields": ["elderly"], "regions": ["koto", "kohoku"], "audience": "はじめての方",
    "fee": "500", "deadline_on": "2026-12-04", "materials": "https://papers.example/1.pdf", "contact": "研修担当",
}  # fmt: skip


async def all_of(desk):
    async with desk.db.reading() as ask:
        rows = await ask.connection.rows("SELECT id FROM trainings ORDER BY created_at, number", {})
        return [await ask.trainings.get(row["id"]) for row in rows]


async def the_one(desk):
    [found] = await all_of(desk)
    return found


async def posts(desk):
    """The announcements in the channel for trainings."""
    return [each for each in await desk.kondo.messages(TRAINING) if not each.get("ephemeral")]


async def edits(desk, training):
    """Open the form that changes an announced training."""
    await desk.kondo.command("/研修")
    await desk.kondo.presses("training.open", training.id, where="view")
    await desk.kondo.presses("training.edit", where="view")


async def windows(somebody) -> list[str]:
    """The forms before somebody, the one in front last."""
    return [each["callback_id"].removesuffix(".submit") for each in await somebody.views()]


async def opens_a_form(desk, **answers):
    await desk.kondo.command("/研修")
    await desk.kondo.presses("training.new", where="view")
    if answers:
        await desk.kondo.fill(answers)


async def previews(desk, **answers):
    """Fill in and send the form; the preview is in front."""
    await opens_a_form(desk)
    answer = await desk.kondo.fills_and_sends(**{**GOOD, **answers})
    assert answer.get("errors") is None, answer
    view = await desk.kondo.top_view()
    assert view["callback_id"] == "announce.submit"
    return view


def bare(blocks):
    """Blocks without the ids Slack gives them."""
    return [{name: value for name, value in each.items() if name != "block_id"} for each in blocks]
