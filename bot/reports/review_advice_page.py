"""みんなで考えたこと on A4: what came of a review, for the supporter whose question it was."""

from bot.reports import paper
from bot.reports.facts import ReviewAdviceFacts


def review_advice(facts: ReviewAdviceFacts) -> bytes:
    """A page as PDF, or what very long advice takes; same facts, same bytes."""
    return paper.advice(facts, "review_advice")
