"""What is said about advice reviews, made at the moment of saying it."""

from bot import codes
from bot.domain.advice_review import LEAD, AdviceReview
from bot.domain.staff import Role
from bot.messages import Document, Message, label, render, words
from bot.organisation import Organisation
from bot.privacy.advice_summary import Summary
from bot.privacy.suppression import shown
from bot.reports.apart import printed
from bot.reports.facts import AdviceSummaryFacts
from bot.reports.figures import said
from bot.store.advice_reviews import Finding
from bot.store.database import Reading
from bot.store.outbox import OutboxRow
from bot.usecases.advice_reviews import ANSWERS, RUBRIC


async def compose(ask: Reading, row: OutboxRow, organisation: Organisation) -> Message | Document | None:
    """Make what a row promises. Nothing, where there is nothing to read any more, or nobody to be told."""
    review = await ask.advice_reviews.get(str(row.facts["advice"]))
    if row.op == "upload":
        return await _paper(ask, row, review, organisation)
    if row.template in {"advice_asked", "advice_reminder"}:
        left = await ask.advice_reviews.to_read(row.to, review.id)
        return told(row.template, review, left=len(left), first=left[0].record) if left else None
    if not (LEAD if row.template == "advice_complete" else frozenset(Role)) & await ask.staff.roles_of(
        row.to
    ):
        return None
    return told(row.template, review)


def told(template: str, review: AdviceReview, **more: object) -> Message:
    """Say it. Whoever advised is told the days, and nothing else."""
    return render(f"messages/{template}", v=review, **more)


async def _paper(
    ask: Reading, row: OutboxRow, review: AdviceReview, organisation: Organisation
) -> Document | None:
    if review.summary is None or not LEAD & await ask.staff.roles_of(row.to):
        return None
    findings = await ask.advice_reviews.findings(review.id)
    made = await printed(facts(review, Summary.read(review.summary), findings, row, organisation))
    return Document(
        filename=f"advice-{review.since}-{review.last}.pdf",
        title=words("messages/advice_summary_title"),
        content=made,
        comment=words("messages/advice_summary", v=review),
    )


def facts(
    review: AdviceReview,
    summary: Summary,
    findings: list[Finding],
    row: OutboxRow,
    organisation: Organisation,
) -> AdviceSummaryFacts:
    """What the paper is told."""
    questions, answers = codes.options(RUBRIC), codes.options(ANSWERS)
    return AdviceSummaryFacts(
        desk=organisation.desk_name,
        since=review.since,
        last=review.last,
        most=review.most,
        population=said(shown(sum(review.population.values()))),
        total=said(summary.total),
        answers=tuple(each.label for each in answers),
        lines=tuple(
            (
                tuple(label(theme, "supporter_concerns") for theme in line.themes),
                tuple(
                    (question.label, *(said(line.cells[question.code][each.code]) for each in answers))
                    for question in questions
                ),
            )
            for line in summary.lines
        ),
        findings=tuple(each.text for each in findings if each.settled_as != "left"),
        made_at=row.created_at,
    )
