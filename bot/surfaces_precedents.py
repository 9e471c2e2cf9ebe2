"""Every window of the precedent library: nothing asked, nothing there, nothing found, found, one read whole."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot import codes
from bot.domain.casework import Record
from bot.domain.precedents import Filters
from bot.privacy.passages import Passage
from bot.privacy.uniqueness import WIDENED
from bot.store.precedents import Echo
from bot.surfaces_facts import ID, NOW, Facts, every
from bot.usecases.precedents import SHOWN, Found, Precedent
from handlers import precedents


def precedent(facts: Facts) -> Precedent:
    """One past case as it is shown."""
    text = facts.text
    record = Record(
        id=ID, made_at=NOW, confirmed_by=facts.user, fiscal_year=2026, region=facts.code("welfare_regions"),
        supporter_field=facts.code("supporter_fields"), organization_type=None, occupation=None, route="phone",
        urgency="u3", concerns=(), characteristics=facts.base.characteristics,
        dispositions=every("dispositions") if facts.worst else ("advice_closed",),
        primary_disposition="advice_closed", closing_reason="resolved", situation=text, formulation=text,
        advice=text, outcome=text, ruleset="x", codes_version=codes.VERSION, age_band=facts.code("age_bands"),
        sex=facts.code("sexes"), household=facts.code("households"), theme=facts.code("supporter_concerns"),
    )  # fmt: skip
    told: Passage = (("…", False), (facts.line(70), False), (facts.line(30), True), (facts.line(10), False))
    echoes = [
        Echo(answer, weight)
        for answer in (every("follow_up_answers") if facts.worst else ("helped",))
        for weight in (*every("heaviness"), None)
    ]
    return Precedent(record, echoes, (told, told), (told, told))


def precedent_modals(facts: Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each window."""
    one, there = precedent(facts), facts.organisation
    left_out: dict[str, Any] = dict.fromkeys(WIDENED)
    hidden = replace(one, record=replace(one.record, **left_out), hidden=WIDENED)
    bare = Precedent(
        replace(hidden.record, characteristics=(), supporter_field=None, dispositions=(), formulation="")
    )
    library = 10**6 if facts.worst else 12
    found = Found((one, hidden, bare, *[one] * (SHOWN - 3)), library)
    narrow = Filters(theme=one.record.theme, field=one.record.supporter_field, region=one.record.region)
    nothing = Found((), library)
    for name, told, asked in (
        ("blank", Found((), library, asked=False), {}),
        ("empty", Found(), {"consultation": ID}),
        ("alike", found, {"consultation": ID}),
        ("alike/none", nothing, {"consultation": ID}),
        ("typed", found, {"words": facts.line(precedents.WORDS), "round": 1}),
        ("typed/none", nothing, {"words": facts.line(precedents.WORDS), "filters": narrow}),
        ("narrow", found, {"filters": narrow}),
        ("narrow/none", nothing, {"filters": narrow}),
    ):
        yield f"forms/precedents/{name}", precedents.draw(there, told, **asked).view()
    for name, each in (("whole", one), ("hidden", hidden), ("bare", bare)):
        yield f"forms/precedent/{name}", precedents.draw_one(each).view()
