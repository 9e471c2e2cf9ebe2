"""The details of one consultation, drawn for the entitled: how to call first, then what was said, then what next."""

from bot.domain.consultation import ENDED, STEPS, Status
from bot.domain.staff import Actor, Role
from bot.store.audit import Entry
from bot.usecases.reading import Details
from handlers.forms import Form

HISTORY = 12
SUPPORTERS_OWN = {"story", "told"}


def draw(details: Details, actor: Actor) -> Form:
    """Draw the window. The privacy flags stand first; the words stand as they were kept, the newest last.

    Where Slack would not take all of them, the oldest stay away and a line says how many.
    """
    shown = HISTORY
    while not (form := _drawn(details, actor, shown)).fits() and shown:
        shown -= 3
    return form


def _drawn(details: Details, actor: Actor, shown: int) -> Form:
    c = details.consultation
    story = [each for each in details.words if each.kind == "story"]
    told = [each for each in details.words if each.kind == "told"]
    written = [each for each in details.words if each.kind not in SUPPORTERS_OWN]
    told_shown = max(1, shown)  # what the supporter told last is always there
    form = Form("details", keep={"c": c.id})
    return form.note(
        "forms/details",
        c=c,
        d=details,
        coordinates=actor.has(Role.COORDINATOR),
        counsels=actor.has(Role.COUNSELOR),
        holds=actor.id == c.counselor,
        ended=c.status in ENDED,
        closed=c.status is Status.CLOSED,
        story=[*story, *told[-told_shown:]],
        written=written[max(0, len(written) - shown) :],
        earlier=max(0, len(written) - shown) + max(0, len(told) - told_shown),
        answered=[each for each in details.followups if each.answer][-HISTORY:],
        trail=[each for each in details.trail if not _only_looked(each)][-HISTORY:],
        may_pause=Status.SUSPENDED in STEPS[c.status],
        recorded=details.recorded,
    )


def _only_looked(entry: Entry) -> bool:
    """Whether nothing happened to the consultation: somebody read it, or wrote at a draft."""
    return entry.event.endswith(".read") or entry.event.startswith("draft.")
