"""One consultation from the first word to the record, with two lines in a direct message beside it.

Whatever an envelope meets on its way, people do what people do: when nobody took what they sent, they send it again.
"""

from collections import Counter

from bot.practice import NotOnScreen
from bot.practice.world import BOT
from tests.desk import CARDS, FOUR, Desk, Somebody

TRIES = 6
# What the whole story does, each thing so many times: rows by table, acts by name; and messages by template.
ROWS = {"consultations": 1, "call_attempts": 1, "hearings": 1, "records": 1, "letters": 2, "words": 5}
ACTS = {
    "consultation.received": 1, "claim.taken": 1, "callback.called": 1, "hearing.recorded": 1,
    "consultation.closed": 1, "record.confirmed": 1,
}  # fmt: skip
MESSAGES = {"receipt", "card", "claimed", "closed", "letter"}  # at least; and none of any kind twice


async def told(desk: Desk) -> None:
    """Play it."""
    takagi, sato = desk.takagi, desk.sato
    for line in ("相談したいことがあります。", "うまく言えないのですが。"):
        await takagi.say("bot", line)
        await desk.settle()
    await opens(takagi, "intake.submit")
    await sends(takagi, **FOUR, story="訪問を断られることが続いています。")
    await desk.settle()
    await _presses(sato, "callback.claim", CARDS)
    await _presses(sato, "details.open", CARDS, opens="details.submit")
    await _presses(sato, "call.open", "view", opens="call.submit")
    await sends(sato, outcome="reached")
    await _presses(sato, "hearing.open", "view", opens="hearing.submit")
    await sends(
        sato, formulation="不安がありそうです。", advice="主治医に同席をお願いする。",
        next_action="電話でようすをうかがう", next_on="2026-12-08", minutes="40",
    )  # fmt: skip
    await _presses(sato, "closing.open", "view", opens="closing.submit")
    await sends(sato, primary="advice_closed", reason="resolved", closing_words="また、いつでもどうぞ。")
    await sends(sato, agreement="not_needed")
    await desk.settle()


async def opens(person: Somebody, callback: str) -> None:
    """Type the command until the form stands there."""
    for _ in range(TRIES):
        await person.command("/相談")
        if await _before(person, callback):
            return
    raise AssertionError(f"{callback} never opened")


async def _presses(person: Somebody, action: str, where: str, *, opens: str = "") -> None:
    """Press until somebody took it, or until what the press asks for has come about."""
    for _ in range(TRIES):
        await person.desk.settle()
        while where == "view" and not await _before(person, "details.submit"):
            await person.close()  # a form that opened twice
        found = await person._find(where, action, None)
        if found is None:
            return  # the card has moved on: it was taken
        try:
            answer = await person.press(**found)
        except NotOnScreen:  # redrawn while the finger came down
            continue
        if await _before(person, opens) if opens else answer["acked"]:
            return
    raise AssertionError(f"{action} was never taken")


async def sends(person: Somebody, **answers: object) -> None:
    """Send the form before this person; the same once more, as often as nobody took it."""
    view = await person.top_view()
    assert view is not None
    for _ in range(TRIES):
        now = await person.top_view()
        if now is None or (now["id"], now["callback_id"]) != (view["id"], view["callback_id"]):
            return  # what was sent has taken effect, whatever the answer
        answer = await person.submit(answers)
        assert not answer.get("errors"), answer
        if answer["acked"]:
            return
    raise AssertionError(f"{view['callback_id']} was never taken")


async def _before(person: Somebody, callback: str) -> bool:
    view = await person.top_view()
    return view is not None and view["callback_id"] == callback


async def differences(desk: Desk) -> list[str]:
    """Where the story's effects are not there exactly once."""
    wrong = []
    for table, times in ROWS.items():
        if (found := await desk.how_many(table)) != times:
            wrong.append(f"{found} {table}, not {times}")
    async with desk.db.reading() as ask:
        acts = Counter(str(entry.event) for entry in await ask.audit.trail())
        if await ask.audit.verify() is not None:
            wrong.append("the audit chain is broken")
    wrong += [f"{acts[act]} times {act}, not {times}" for act, times in ACTS.items() if acts[act] != times]
    promised = Counter(
        row["template"] for row in await desk.rows("SELECT template FROM outbox WHERE op <> 'home'")
    )
    if promised.keys() < MESSAGES or set(promised.values()) != {1}:
        wrong.append(f"promised {dict(promised)}")
    said = sum(
        message["user"] == BOT
        for channel in desk.workspace.world.channels.values()
        for message in channel.messages.values()
    )
    if said != promised.total():
        wrong.append(f"{said} messages in Slack, {promised.total()} promised")
    return wrong
