"""A free message to the bot: answered warmly, once for a handful of lines, with a door to the form."""

import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.consultation import ENDED
from bot.domain.events import Event
from bot.domain.refusals import NotAllowed, NotFound
from bot.domain.staff import THE_CLOCK, Actor, Role
from bot.domain.text import clean_or_blank
from bot.store.database import Transaction
from bot.store.letters import Letter
from bot.usecases import attendance
from bot.usecases.desk import Desk, sounds_dangerous

ONE_TALK = timedelta(minutes=10)
CALLED_OUT_FOR = timedelta(days=1)
LONGEST = 12000
CAUGHT_UP = "caught up"
KEYS_NEED = timedelta(days=1)
MAY_OPEN = (Role.COUNSELOR, Role.COORDINATOR)


async def arrived(desk: Desk, payload: dict[str, Any]) -> None:
    """Take in one message, exactly once: keep it sealed and promise the answer."""
    author, ts = payload["user"], payload["ts"]
    whole = clean_or_blank(payload.get("text", ""), limit=sys.maxsize)
    text, danger = _kept(whole), sounds_dangerous(whole)
    async with desk.db.transaction(THE_CLOCK) as tx:
        if not await tx.inbox.applied(name_of(payload)):
            return
        if await attendance.arrive_by_message(tx, author, whole, datetime.fromtimestamp(float(ts), UTC)):
            return
        before = await tx.letters.lately(author, tx.now - ONE_TALK)
        letter = await tx.letters.write(author, ts, text)
        first = before[0].id if before else letter
        if not before or (danger and not any(sounds_dangerous(each.text) for each in before)):
            await tx.outbox.add(
                "letter",
                to=author,
                key=f"letter:{letter}",
                letter=first,
                danger=danger,
                ongoing=await _ongoing(tx, author),
                check_in=not danger and await attendance.may_check_in(tx, author),
            )
        if danger:
            await _call_duty(desk, tx, letter, "first")


def _kept(text: str) -> str:
    """As much of a message as is kept: its beginning; of a longer one, the part that speaks of danger."""
    parts = [text[at : at + LONGEST] for at in range(0, max(1, len(text)), LONGEST // 2)]
    return next((each for each in parts if sounds_dangerous(each)), parts[0])


async def _ongoing(tx: Transaction, author: str) -> str | None:
    """The author's newest consultation the desk still works for: what they write may be about it."""
    own = await tx.consultations.of_supporter(author)
    return next((each.id for each in own if each.status not in ENDED), None)


async def call_duty_again(desk: Desk, tx: Transaction, letter: str, key: str) -> None:
    """Nobody on duty has opened a letter that speaks of danger: say so again, for a day."""
    try:
        written = await tx.letters.get(letter)
    except NotFound:
        return
    heard_at = written.at if desk.duty_listens(written.at) else desk.duty_again(written.at)
    await _call_duty(desk, tx, letter, key, again=tx.now < heard_at + CALLED_OUT_FOR)


async def _call_duty(desk: Desk, tx: Transaction, letter: str, key: str, *, again: bool = True) -> None:
    called = desk.duty_called(tx.now)
    for person in (desk.organisation.channels.coordinators, *called):
        await tx.outbox.add(
            "letter_danger", to=person, key=f"letter_danger:{letter}:{person}:{key}", letter=letter
        )
    if called:
        await tx.audit.record(Event.DUTY_CALLED, letter, why="letter")
    if again:
        await tx.timers.set(letter, "letter_again", desk.duty_again(tx.now))


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
    return "\n".join(each.text for each in talk if each.text)


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
    """Forget what has had its time: letters, inbox keys, sent messages, finished timers, marks of forms sent."""
    async with desk.db.transaction(THE_CLOCK) as tx:
        await tx.letters.tidy()
        caught_up = await tx.timers.last_tick(CAUGHT_UP)
        if caught_up is not None and tx.now - caught_up < KEYS_NEED:
            await (
                tx.inbox.tidy()
            )  # after a long silence messages are fetched again: their keys must still be there
        await tx.outbox.tidy()
        await tx.timers.tidy()
        await tx.casework.tidy()
