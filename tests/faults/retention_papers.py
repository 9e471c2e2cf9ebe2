"""A case review with all its papers, and a sheet that was handed on, written straight to the store: what must go in time."""

from datetime import datetime, timedelta

from bot import codes
from bot.domain.agreement import Agreement, Receiver, Withdrawal
from bot.domain.agreement import Answer as Said
from bot.domain.casework import Record
from bot.domain.consultation import Consultation
from bot.domain.expert import Discipline
from bot.domain.handover import Package, State, Way
from bot.domain.review import Answer, Plan, Review, Says, Seat, Slot, Stage
from bot.domain.review_papers import Advice, Attended, Brief, Issue, Notes, Task
from bot.store.database import Transaction

# What of them leads to who it was or what was said: ids of the consultations.
_OF = "SELECT r.consultation AS id FROM reviews AS r JOIN {} AS x ON x.review = r.id"
LEFT_OF_PAPERS = (
    "SELECT consultation AS id FROM reviews WHERE words_sealed IS NOT NULL",
    _OF.format("review_slots") + " JOIN review_answers AS p ON p.slot = x.id WHERE p.note_sealed IS NOT NULL",
    *(
        _OF.format(table)
        for table in ("briefs", "review_notes", "review_tasks", "review_advice", "review_prints")
    ),
    "SELECT consultation AS id FROM packages WHERE COALESCE(content_sealed, reply_sealed, sent_by) IS NOT NULL",
    "SELECT consultation AS id FROM handover_receivers WHERE COALESCE(office_sealed, person) IS NOT NULL",
    "SELECT consultation AS id FROM agreements WHERE explained_by <> ''",
    "SELECT a.consultation AS id FROM agreements AS a JOIN agreement_withdrawals AS w ON w.agreement = a.id WHERE w.recorded_by <> ''",
    "SELECT r.consultation AS id FROM reviews AS r JOIN outbox AS o ON o.subject LIKE r.id || '/%'",
)


async def reviewed(tx: Transaction, c: Consultation, planted: str) -> None:
    """One review of it, from the poll to the advice, with these words everywhere."""
    plan = Plan(question=planted, place=planted)
    review = Review(
        tx.new_id(), c.id, 1, c.fiscal_year, Stage.PLANNED, "U_YAMAMOTO", tx.now, plan, codes.VERSION
    )
    review = await tx.reviews.add(review)
    await tx.reviews.invite(review.id, Seat("U_HAYASHI", Discipline.PSYCHOLOGY, invited_at=tx.now))
    [slot] = await tx.reviews.offer(review.id, [Slot(tx.now, tx.now + timedelta(hours=1))])
    await tx.reviews.answer(review, Answer(slot.id, "U_HAYASHI", Says.YES, tx.now, planted))
    papers, day = tx.review_papers, tx.now.date()
    await papers.keep_brief(
        review, None, Brief(review.id, {"topic": planted}, "supporter", "U_SATO", tx.now, day)
    )
    await papers.keep_notes(
        review, None, Notes(review.id, (Issue(planted),), "U_SATO", tx.now, planted, ("U_SATO",))
    )
    await papers.set_tasks(review, [Task(tx.new_id(), review.id, 1, "U_SATO", day, planted)])
    await papers.attend(review.id, [Attended("U_HAYASHI", 60, 5000)])
    await papers.advise(review, Advice(review.id, planted, "U_SATO", tx.now))
    await papers.printed(review.id)
    key = f"review_poll:{review.id}"
    await tx.outbox.add(
        "review_poll", to="U_HAYASHI", key=key, subject=f"{review.id}/U_HAYASHI", review=review.id
    )


async def handed_on(tx: Transaction, c: Consultation, planted: str) -> None:
    """An agreement, a sheet that was sent under it, what its receiver said, and that it was taken back."""
    receiver = Receiver(tx.new_id(), "252034", "juso", planted, person="U_KITAMURA")
    await tx.handovers.add_receiver(c.id, receiver)
    day = tx.now.date()
    agreement = Agreement(
        tx.new_id(), c.id, Said.GIVEN, "person", "written", None, ("theme",), (receiver.id,), day,
        day + timedelta(days=90), "U_SATO", day,
    )  # fmt: skip
    await tx.handovers.add_agreement(agreement)
    package = Package(
        id=tx.new_id(), number=f"{c.number}-1", consultation=c.id, batch=tx.new_id(), agreement=agreement.id,
        receiver=receiver.id, way=Way.CONSENT, purpose="plan", fields=("theme",), secrecy=False, digest="d",
        state=State.SENT, made_by="U_SATO", made_at=tx.now, sent_by="U_SATO", sent_at=tx.now,
    )  # fmt: skip
    await tx.handovers.add_package(package, planted)
    await tx.handovers.keep_reply(package, planted)
    taken = Withdrawal(day, "oral", frozenset(), frozenset())
    await tx.handovers.take_back(agreement, agreement.withdrawn(taken), taken)


def a_record(record: str, c: Consultation, at: datetime) -> Record:
    """An anonymized record of a closing."""
    return Record(
        id=record, made_at=at, confirmed_by="U_SATO", fiscal_year=c.fiscal_year, region=None, supporter_field=None,
        organization_type=None, occupation=None, route=c.route, urgency=c.urgency, concerns=c.concerns, characteristics=(),
        dispositions=(), primary_disposition="advice_closed", closing_reason="resolved", situation="訪問を断られる。",
        formulation="", advice="", outcome="", ruleset="x", codes_version="x", hash="x",
    )  # fmt: skip
