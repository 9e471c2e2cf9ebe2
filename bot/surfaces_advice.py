"""Everything about advice reviews, drawn with made-up facts by what draws it in Slack."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from bot import codes, messages
from bot.domain.advice_review import LEAD, READ, AdviceReview
from bot.domain.staff import Role
from bot.homes_advice import Advice, Event
from bot.news_advice import told
from bot.privacy.advice_summary import Line, Summary
from bot.privacy.suppression import Hidden, Shown
from bot.store.advice_reviews import Finding, Model, Sample
from bot.surfaces_facts import ID, NOW, Facts, every
from bot.surfaces_precedents import precedent
from bot.usecases.advice_reviews import ANSWERS, MODELS, RUBRIC, SENTENCE, Board, Opened
from handlers import advice_models, advice_reviews

TEMPLATES = frozenset({
    "advice_told", "advice_asked", "advice_reminder", "advice_complete", "advice_summary", "advice_summary_title",
})  # fmt: skip


def review(facts: Facts, *, over: bool = False) -> AdviceReview:
    """One review."""
    usual = AdviceReview(
        ID, date(2026, 10, 1), date(2026, 10, 31), 3, ID[::-1], (facts.user,), {"kosei/approach": 42}, facts.user, NOW,
        codes.VERSION,
    )  # fmt: skip
    return replace(usual, closed_by=facts.user, closed_at=NOW, summary="{}") if over else usual


def finding(facts: Facts, settled_as: str | None = None, kind: str = "model") -> Finding:
    """What somebody noticed."""
    return Finding(ID, ID, kind, facts.code("supporter_concerns"), facts.line(SENTENCE), settled_as)


def _summary(facts: Facts) -> Summary:
    themes = ("", *every("supporter_concerns")) if facts.worst else ("approach", "")
    numbers: tuple[Shown, ...] = (10**6, Hidden.COVERED, Hidden.FEW)
    cells = {
        question: dict(zip(every(ANSWERS), numbers, strict=True)) for question in codes.load(RUBRIC).codes
    }
    alone = tuple(Line((theme,), cells) for theme in themes)
    return Summary(10**6 if facts.worst else 24, (*alone, Line(themes, cells)))


def advice_messages(facts: Facts) -> Iterator[tuple[str, messages.Message]]:
    """Give each message with its name."""
    v = review(facts)
    yield "messages/advice_told", told("advice_told", v)
    yield "messages/advice_asked", told("advice_asked", v, left=99 if facts.worst else 2, first=ID)
    yield "messages/advice_reminder", told("advice_reminder", v, left=99 if facts.worst else 2, first=ID)
    yield "messages/advice_complete", told("advice_complete", v)
    yield "messages/advice_summary", messages.render("messages/advice_summary", v=v)
    yield "messages/advice_summary_title", messages.render("messages/advice_summary_title")


def advice_modals(facts: Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each window with its name."""
    yield "forms/advice_new", advice_reviews.draw_new(NOW.date(), facts.user).view()
    record = precedent(facts).record
    sample = Sample(ID, ID, "approach", facts.user, None, None)
    said = replace(sample, answers=dict.fromkeys(codes.load(RUBRIC).codes, "talk"), read_at=NOW)
    opened = Opened(record, sample, None)
    yield "forms/advice_reading", advice_reviews.draw_record(opened).view()
    bare = replace(opened, record=replace(record, theme=None, formulation="", outcome=""))
    yield "forms/advice_reading/bare", advice_reviews.draw_record(bare).view()
    yield (
        "forms/advice_reading/again",
        advice_reviews.draw_record(Opened(record, said, finding(facts))).view(),
    )
    masked = advice_reviews.draw_record(opened, {"finding": facts.text[:SENTENCE]}, 1, facts.found())
    yield "forms/advice_reading/masked", masked.view()
    findings = tuple(finding(facts, each) for each in (None, "model", "topic", "left")) * facts.rows
    boards = {
        "reading": Board(review(facts), 12, 4),
        "over": Board(review(facts, over=True), 12, 12, _summary(facts), findings),
        "few": Board(review(facts, over=True), 3, 3, Summary(Hidden.FEW)),
    }
    for name, board in boards.items():
        yield f"forms/advice_board/{name}", advice_reviews.draw_board(board).view()
    yield "forms/advice_board/organizes", advice_reviews.draw_board(boards["over"], organizes=True).view()
    answers = {"sentence": facts.line(SENTENCE), "theme": "approach"}
    yield "forms/advice_model", advice_models.draw_model(ID, answers).view()
    yield "forms/advice_model/masked", advice_models.draw_model(ID, answers, 1, facts.found()).view()
    models = [Model(ID, facts.code("supporter_concerns"), facts.line(SENTENCE), NOW)] * (
        MODELS if facts.worst else 2
    )
    for leads in (True, False):
        yield f"forms/advice_models/{leads}", advice_models.draw_models(models, leads=leads).view()
    yield "forms/advice_models/none", advice_models.draw_models([], leads=False).view()


def home(facts: Facts, roles: frozenset[Role]) -> Advice:
    """What a Home of these roles tells."""
    reads = bool(roles & READ)
    leads = bool(roles & LEAD)
    events = [Event(review(facts, over=over), 12, 4) for over in (False, True)] * facts.rows
    return Advice(
        [Sample(ID, ID, facts.code("supporter_concerns"), facts.user, None, None)] * (facts.rows if reads else 0),
        leads,
        events if leads else [],
        [finding(facts, "topic", "topic")] * (facts.rows if Role.ORGANIZER in roles else 0),
    )  # fmt: skip
