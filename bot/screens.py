"""The window with the code of the day, as it stands on the organizer's screen."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from bot.domain import check_in
from bot.domain.seats import Place
from bot.domain.training import Session, Training
from bot.messages import form_words, render
from bot.store.database import Reading, Transaction


@dataclass(frozen=True, slots=True)
class ScreenFacts:
    """What the window tells. `session` None: nobody checks in now; `opens_at` None: not any more either."""

    training: Training
    session: Session | None
    code: str
    opens_at: datetime | None
    here: int
    expected: int


async def facts(ask: Reading | Transaction, training: Training) -> ScreenFacts:
    """Read what the window tells at this moment."""
    now = check_in.going_on(training.plan.sessions, ask.now)
    session = now[0] if now else None
    marks = await ask.participations.marks_of_training(training.id)
    everybody = await ask.participations.of_training(training.id)
    seal = partial(ask.vault.fingerprint, "check_in")
    return ScreenFacts(
        training=training,
        session=session,
        code=check_in.screen_code(seal, session.id, ask.now) if session else "",
        opens_at=check_in.opens_next(training.plan.sessions, ask.now),
        here=sum(check_in.was_there(each) for each in marks if session and each.session == session.id),
        expected=sum(each.status is Place.CONFIRMED for each in everybody),
    )


def view(told: ScreenFacts) -> dict[str, Any]:
    """Draw the window."""
    said = form_words("check_in_screen")
    blocks = render("forms/check_in_screen", s=told, t=told.training, code=_large(told.code)).blocks
    return {
        "type": "modal",
        "callback_id": "check_in_screen.submit",
        "title": {"type": "plain_text", "text": said["title"]},
        "close": {"type": "plain_text", "text": said["close"]},
        "private_metadata": json.dumps({"t": told.training.id}),
        "notify_on_close": True,
        "blocks": blocks,
    }


def _large(code: str) -> str:
    """Wide digits in two groups of three: to be read from the last row."""
    wide = code.translate({ord(str(n)): 0xFF10 + n for n in range(10)})
    return f"{wide[:3]}\u3000{wide[3:]}"
