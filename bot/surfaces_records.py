"""The windows of anonymized records, drawn with made-up facts: the confirmation, and what the second person reads."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot import codes
from bot.domain.casework import TEXTS, Draft
from bot.domain.consultation import Status
from bot.domain.staff import Actor, Role
from bot.privacy.namesakes import Namesakes
from bot.privacy.unusual import Fact, unusual_in
from bot.store.records import Review
from bot.surfaces_facts import COLLEAGUE, ID, NOW, Facts, every
from bot.usecases.record_reviews import RELEASED, WITHDRAWN, WITHHELD, Opened
from bot.usecases.records import Proposal
from handlers import record_reviews, records, replacing
from handlers.record_texts import Back
from handlers.standing import looked

SAID = "父は元市議会議員で、借金が253万円ある。"


def record_modals(facts: Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each window with its name."""
    c = facts.consultation(Status.CLOSED)
    proposal = Proposal(
        c,
        facts.text,
        facts.text,
        facts.text,
        facts.text,
        seen={"situation": facts.seen()},
        letters="AB",
        theme=c.concerns[0],
        alike=12,
        namesakes=(Namesakes(facts.line(20), "C", ("A", "B")),) * (20 if facts.worst else 1),
        cut=True,
        draft=Draft(facts.user, NOW, dict.fromkeys(TEXTS, facts.text)),
    )
    yield "forms/record/draft", records.draw(proposal).view()
    proposal = replace(proposal, draft=None)
    unusual = replace(proposal, situation=SAID.replace("元市議会議員", "ある仕事"), unusual=_unusual(facts))
    yield "forms/record/found", records.draw(replace(proposal, alike=0)).view()
    yield "forms/record/unusual", records.draw(unusual).view()
    look = replace(looked(dict.fromkeys(TEXTS, facts.text), {}), doubtful=True)
    yield "forms/record/doubtful", records.draw(proposal, Back({}, 1, look, quiet=True)).view()
    yield "forms/record/more", records.draw(proposal, Back({}, 1, look, quiet=True, more=12)).view()
    for name, opened, actor in _opened(facts):
        yield f"forms/record_kept/{name}", record_reviews.draw(opened, actor).view()
        yield f"forms/record_replace/{name}", replacing.draw(opened.record, was_offered=True).view()
    found = Back({}, 1, look, facts.found())
    yield "forms/record_replace/masked", replacing.draw_again(ID, found).view()
    yield "forms/record_replace/more", replacing.draw_again(ID, replace(found, quiet=True, more=12)).view()
    yield "forms/record_named", replacing.draw_thanks().view()
    yield "forms/record_replaced", replacing.draw_done().view()


def _unusual(facts: Facts) -> dict[str, tuple[tuple[Fact, str], ...]]:
    if not facts.worst:
        return {"situation": tuple((each, SAID[each.start : each.end]) for each in unusual_in(SAID))}
    kinds = codes.options("unusual_facts")
    long = [(Fact(each.code, 0, 1, "（発言）"), facts.line(60 + n)) for n, each in enumerate(kinds)]
    return {name: (*long, (Fact("quotation", 0, 1, "（発言）"), facts.line(400))) for name in TEXTS}


def _opened(facts: Facts) -> Iterator[tuple[str, Opened, Actor]]:
    c = facts.consultation(Status.CLOSED)
    [plain] = facts.details(c, recorded=True).records
    full = replace(
        plain, age_band="senior", sex="female", household="alone", theme=facts.code("supporter_concerns"),
        unusual=every("unusual_facts") if facts.worst else ("animal",),
    )  # fmt: skip
    empty = replace(plain, situation="", formulation="", advice="", outcome="")
    offered = Review(ID, facts.user, NOW, None, None, None)
    author = Actor(facts.user, frozenset({Role.COUNSELOR}))
    reader = Actor(COLLEAGUE, frozenset({Role.COUNSELOR, Role.COORDINATOR}))
    yield "reader", Opened(full, offered), reader
    yield "author", Opened(full, offered), author
    yield "empty", Opened(empty, None), author
    yield "alike", Opened(replace(full, likeness=1000 if facts.worst else 12), offered), reader
    for decision in (RELEASED, WITHHELD, WITHDRAWN):
        done = replace(offered, reviewed_by=COLLEAGUE, reviewed_at=NOW, decision=decision)
        yield decision, Opened(full, done), reader
        yield f"{decision}/named", Opened(full, done, named=True), reader
