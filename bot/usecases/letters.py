"""A free message to the bot: answered warmly, once for a handful of lines, with a door to the form."""

from datetime import timedelta
from typing import Any

from bot.domain.consultation import ENDED
from bot.domain.events import Event
from bot.domain.refusals import NotAllowed, NotFound
from bot.domain.staff import THE_CLOCK, Actor, Role
from bot.domain.text import clean_or_blank
from bot.store.database import Transaction
from bot.store.letters import Letter
from bot.usecases.desk import Desk, sounds_dangerous

ONE_TALK = timedelta(minutes=10)
LONGEST = 12000
MAY_OPEN = (Role.COUNSELOR, Role.COORDINATOR)


async def arrived(desk: Desk, payload: dict[str, Any]) -> None:
    """Take in one message, exactly once: keep it sealed and promise the answer."""
    author, ts = payload["user"], payload["ts"]
    text = clean_or_blank(payload.get("text", ""), limit=LONGEST)
    async with desk.db.transaction(THE_CLOCK) as tx:
        if not await tx.inbox.applied(name_of(payload)):
            return
        await tx.letters.listened(payload["channel"], ts)
        before = await tx.letters.lately(author, tx.now - ONE_TALK)
        letter = await tx.letters.write(author, ts, text)
        danger = sounds_dangerous(text)
        first = before[0].id if before else letter
        if not before or (danger and not any(sounds_dangerous(each.text) for each in before)):
            await tx.outbox.add(
                "letter",
                to=author,
                key=f"letter:{letter}",
                letter=first,
                danger=danger,
                ongoing=await _ongoing(tx, author),
            )
        if danger:
            await _call_duty(desk, tx, letter, "first")


async def _ongoing(tx: Transaction, author: str) -> str | None:
    """The author's newest consultation the desk still works for: what they write may be about it."""
    own = await tx.consultations.of_supporter(author)
    return next((each.id for each in own if each.status not in ENDED), None)


async def call_duty_again(desk: Desk, tx: Transaction, letter: str, key: str) -> None:
    """Nobody on duty has opened a letter that speaks of danger: say so again, while it is there."""
    try:
        await tx.letters.get(letter)
    except NotFound:
        return
    await _call_duty(desk, tx, letter, key)


async def _call_duty(desk: Desk, tx: Transaction, letter: str, key: str) -> None:
    for person in {*desk.organisation.duty.people, desk.organisation.channels.coordinators}:
        await tx.outbox.add(
            "letter_danger", to=person, key=f"letter_danger:{letter}:{person}:{key}", letter=letter
        )
    await tx.audit.record(Event.DUTY_CALLED, letter, why="letter")
    await tx.timers.set(letter, "letter_again", tx.now + desk.duty_again)


async def listen(desk: Desk, payload: dict[str, Any]) -> bool:
    """Accept a message for `arrived`; True: it is new. The same one may come by event and by catching up."""
    async with desk.db.transaction(THE_CLOCK) as tx:
        return await tx.inbox.accept(name_of(payload), "message", payload)


def name_of(payload: dict[str, Any]) -> str:
    """The name of a message: the same for Slack's event and for what catching up finds."""
    return f"message:{payload['channel']}:{payload['ts']}"


async def own_words(desk: Desk, actor: Actor, letter_id: str) -> str:
    """Give the author what they wrote in this talk, to start the form with."""
    async with desk.db.transaction(actor) as tx:
        letter = await tx.letters.get(letter_id)
        if letter.author != actor.id:
            raise NotAllowed
        talk = await tx.letters.lately(actor.id, letter.at)
        await tx.audit.record(Event.WORDS_READ, letter.id, why="own")
    return "\n".join(each.text for each in talk if each.text)[:3000]


async def opened_by_duty(desk: Desk, actor: Actor, letter_id: str) -> Letter:
    """Open a letter with words of danger in it, for those who may call back. Audited."""
    if not actor.has(*MAY_OPEN):
        raise NotAllowed
    async with desk.db.transaction(actor) as tx:
        letter = await tx.letters.get(letter_id)
        if not sounds_dangerous(letter.text):
            raise NotAllowed
        await tx.audit.record(Event.WORDS_READ, letter.id, why="danger")
        await tx.timers.cancel(letter.id)
    return letter


async def tidy(desk: Desk) -> None:
    """Forget what has had its time: letters after a week, inbox keys, sent messages, marks of forms sent."""
    async with desk.db.transaction(THE_CLOCK) as tx:
        await tx.letters.tidy()
        await tx.inbox.tidy()
        await tx.outbox.tidy()
