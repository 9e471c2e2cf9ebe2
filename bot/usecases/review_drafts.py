"""What was begun in the windows about the papers of a review and not sent: it lies under the consultation's key until it is."""

from collections.abc import Mapping

from bot.domain.casework import Draft
from bot.domain.events import Event
from bot.domain.review_access import Paper
from bot.domain.review_papers import draft_name
from bot.domain.staff import Actor
from bot.usecases import case_names, review_rights
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import NOTHING, Desk, screened_about
from bot.usecases.review_rights import entitled

# The forms that keep a draft, by whoever may write in them.
WRITES = {"brief": Paper.WRITE_BRIEF, "notes_task": Paper.WRITE_NOTES, "review_advice": Paper.ADVISE}


async def keep(
    desk: Desk,
    actor: Actor,
    form: str,
    review_id: str,
    answers: Mapping[str, object],
    words: tuple[str, ...],
    said: Confirmed = NOTHING,
    *,
    about: str = "",
) -> None:
    """Keep a form that was begun, its `words` masked; whoever may write in it finds it. `about`: which task."""
    consultation = await review_rights.writing(desk, actor, review_id, WRITES[form])
    texts = {name: str(answers.get(name) or "") for name in words}
    seen = await screened_about(desk, actor, None, consultation.id, texts, said, stays=True)
    async with desk.db.transaction(actor) as tx:
        review, consultation = await entitled(desk, tx, actor, review_id, WRITES[form])
        name = draft_name(form, review.id, about)
        await tx.casework.keep_draft(consultation.id, name, {**answers, **seen.texts})
        await case_names.confirm(tx, consultation.id, seen.said)
        await tx.audit.record(Event.DRAFT_SAVED, consultation.id, form=form)


async def begun(desk: Desk, actor: Actor, form: str, review_id: str, about: str = "") -> Draft | None:
    """Open what was begun in a form, by whomever, where there is something. The reading is audited."""
    async with desk.db.transaction(actor) as tx:
        review, consultation = await entitled(desk, tx, actor, review_id, WRITES[form])
        draft = await tx.casework.draft_of(consultation.id, draft_name(form, review.id, about))
        if draft is not None:
            await tx.audit.record(Event.DRAFT_READ, consultation.id, form=form)
        return draft
