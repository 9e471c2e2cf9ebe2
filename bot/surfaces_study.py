"""What a coordinator sees who asks for counts of records, drawn by the functions that draw it in Slack."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from bot import messages
from bot.codes import VERSION
from bot.privacy.releases import Classes, Counted
from bot.store.releases import Release
from bot.surfaces_facts import ID, NOW, SUPPORTER, Facts
from bot.usecases.releases import MONTHS, RULESET, Choice
from handlers import releases

TEMPLATES = ("study_list", "study_sheet", "study_title")


def release(facts: Facts) -> Release:
    """Half a year that was told of."""
    total = 10**6 if facts.worst else 124
    return Release(
        ID, NOW, SUPPORTER, date(2026, 4, 1), date(2026, 10, 1), RULESET, VERSION, Classes(),
        Counted(total, {"approach": total}, {}), (), (), "0" * 64,
    )  # fmt: skip


def study_messages(facts: Facts) -> Iterator[tuple[str, messages.Message]]:
    """Give the words beside the files."""
    for template in TEMPLATES:
        yield f"messages/{template}", messages.render(f"messages/{template}", r=release(facts))


def study_modals(facts: Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each window."""
    many = MONTHS if facts.worst else 8
    months = tuple(date(2026 - n // 12, 12 - n % 12, 1) for n in range(1, many + 1))
    told = release(facts)
    earlier = tuple(
        replace(told, until=date(2026, 10, 1), id=str(n)) for n in range(60 if facts.worst else 1)
    )
    yield "forms/study", releases.draw(Choice(months, earlier, 1000 if facts.worst else 6)).view()
    yield "forms/study/first", releases.draw(Choice(months, ())).view()
    sure = releases.Asked(months[-1], months[0], "study_list", 1)
    yield "forms/study/sure", releases.draw(Choice(months, ()), sure).view()
    yield "forms/study_none", releases.draw(Choice((), ())).view()
    yield "forms/study_made", releases.draw_made(told).view()
