"""What is said about trainings, made at the moment of saying it: announcements, seats, reminders, papers."""

from datetime import datetime
from typing import Any

from bot import news_reminders, screens
from bot.domain import seats
from bot.domain.certificate import Paper, prospect
from bot.domain.seats import Participation, Place
from bot.domain.training import Training
from bot.messages import Document, Later, Message, Window, render
from bot.organisation import Organisation
from bot.store.database import Reading
from bot.store.outbox import OutboxRow
from bot.training_papers import paper


async def compose(
    ask: Reading, row: OutboxRow, organisation: Organisation
) -> Message | Document | Window | Later | None:
    """Make what a row about a training promises, from what is true now."""
    if row.op == "window":
        training = await ask.trainings.get(str(row.facts["training"]))
        return Window(screens.view(await screens.facts(ask, training)))
    told = await told_of(ask, row, organisation)
    if row.op == "upload":
        return await paper(ask, row, told)
    if row.op in {"post", "card"} and row.ts is None and row.template in news_reminders.TIMELY:
        since = await news_reminders.since(ask, row, told)
        if since is None:
            return None
        if since > ask.now:
            return Later(since)
    return render(f"messages/{row.template}", **told)


async def told_of(ask: Reading, row: OutboxRow, organisation: Organisation) -> dict[str, Any]:
    """Give what a template about a training is told: the row's own facts, and

    `t` the Training, `seats` format → Seats, `p` the Participation (None: the row is about none), `queue` its place
    among those who wait (1 is next; 0: does not wait), `changed` what the row's edition changed for
    its reader, `reason` why, in the organizer's words, `now`, `organisation`, `paper` whether there is a 修了証 for who
    is thanked.
    """
    training = await ask.trainings.get(str(row.facts["training"]))
    told = {**row.facts, **await about(ask, training, organisation), "p": None, "queue": 0}
    told |= {"changed": {}, "reason": ""}
    told["paper"] = Paper.NONE
    if part_id := row.facts.get("participation"):
        told["p"] = part = await ask.participations.get(str(part_id))
        told["queue"] = place_in_queue(part, await ask.participations.of_training(training.id))
        if row.template == "training_thanks":
            told["paper"] = prospect(training, await ask.participations.marks_of(part.id), ask.now)
    if edition := row.facts.get("edition"):
        kept = await ask.trainings.change(training.id, int(edition))
        told["reason"] = kept.pop("reason", {}).get("said", "")
        names = row.facts.get("names", list(kept))
        told["changed"] = readable({name: each for name, each in kept.items() if name in names})
    return told


def readable(changed: dict[str, Any]) -> dict[str, Any]:
    """Give what an edition changed with its instants as instants: `sessions` pairs of them, `deadline` one or None."""
    found = {name: dict(each) for name, each in changed.items()}
    for side in ("was", "now"):
        if "sessions" in found:
            pairs = found["sessions"][side]
            found["sessions"][side] = [[datetime.fromisoformat(at) for at in pair] for pair in pairs]
        if "deadline" in found:
            at = found["deadline"][side]
            found["deadline"][side] = datetime.fromisoformat(at) if at else None
    return found


async def about(ask: Reading, training: Training, organisation: Organisation) -> dict[str, Any]:
    """What every template about a training is told: `t`, `seats`, `closed` (why nobody can join, or None), `now`."""
    everybody = await ask.participations.of_training(training.id)
    return {
        "t": training,
        "seats": seats.seats_of(training.plan.seats, everybody),
        "closed": training.closed_because(ask.now),
        "now": ask.now,
        "organisation": organisation,
    }


def place_in_queue(part: Participation, everybody: list[Participation]) -> int:
    """Which place in the queue this is: 1 is next; 0 where there is nothing to wait for."""
    if part.status is not Place.WAITLISTED:
        return 0
    return [each.id for each in seats.in_turn(everybody, part.format)].index(part.id) + 1
