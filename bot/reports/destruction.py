"""What was destroyed, put into words and onto paper: from the ledger, when it is sent."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from bot import codes
from bot.domain.consultation import Consultation
from bot.domain.retention import bounds, hash_of
from bot.messages import Document, Message, label, render, words
from bot.organisation import Organisation, Retention
from bot.reports.apart import printed
from bot.reports.facts import DeskFacts, DestroyedFacts, DestructionFacts
from bot.store.database import Reading
from bot.store.destructions import Destruction
from bot.store.outbox import OutboxRow

TEMPLATES = frozenset({"clock_leapt", "destroyed", "expiry_near", "expiry_trouble", "paper_destruction"})


async def compose(ask: Reading, row: OutboxRow, organisation: Organisation) -> Message | Document:
    """Make what a row promises: the note of a day, the warning, or the certificate."""
    if row.template == "expiry_near":
        return await _near(ask, organisation)
    if row.template == "destroyed":
        return await _note(ask, date.fromisoformat(row.facts["day"]))
    if row.template == "clock_leapt":
        since, until = (datetime.fromisoformat(row.facts[name]) for name in ("since", "until"))
        return render("messages/clock_leapt", since=since, until=until, waits=bool(row.facts["waits"]))
    if row.template == "expiry_trouble":
        return render("messages/expiry_trouble", why=row.facts["why"], count=row.facts["count"])
    first, last = (date.fromisoformat(row.facts[name]) for name in ("since", "until"))
    told = await facts(ask, organisation, first, last, row.created_at)
    return Document(
        filename=f"destruction-{first}-{last}.pdf",
        title=words("messages/paper_destruction_title", since=str(first), until=str(last)),
        content=await printed(told),
        comment=words("messages/paper_destruction"),
    )


async def facts(
    ask: Reading, organisation: Organisation, since: date, until: date, made_at: datetime
) -> DestructionFacts:
    """What the certificate of the days from `since` to `until` says."""
    rows = await ask.destructions.between(*bounds(since, until))
    tables: Counter[str] = Counter()
    for row in rows:
        tables.update(row.counts)
    order = [each.code for each in codes.options("destroyed_tables")]
    return DestructionFacts(
        desk=DeskFacts(
            organisation.desk_name, organisation.phone, organisation.address, keeper=organisation.name
        ),
        since=since,
        until=until,
        kinds=tuple(_kinds(rows)),
        tables=tuple((label(name, "destroyed_tables"), tables[name]) for name in order if tables[name]),
        bases=tuple(label(each, "destruction_bases") for each in sorted({row.basis for row in rows})),
        rows=(rows[0].number, rows[-1].number) if rows else None,
        ids_hash=hash_of(row.ids_hash for row in rows) if rows else "",
        ledger_hash=rows[-1].hash if rows else "",
        held=await ask.destructions.how_many_held(),
        made_at=made_at,
    )


def _kinds(rows: Iterable[Destruction]) -> Iterable[DestroyedFacts]:
    """Each kind, and each rule that was in force for it."""
    grouped: dict[tuple[str, str], list[Destruction]] = {}
    for row in rows:
        grouped.setdefault((row.kind, row.rule), []).append(row)
    order = [each.code for each in codes.options("retention_kinds")]
    for (kind, rule), found in sorted(
        grouped.items(), key=lambda each: (order.index(each[0][0]), each[0][1])
    ):
        about = codes.load("retention_kinds").get(kind)
        from_dates = [each.counted_from for each in found]
        yield DestroyedFacts(
            label=about.label,
            number=len(found),
            counter=str(about.more["counter"]),
            rule=rule,
            counts_from=str(about.more["counts_from"]),
            first=min(from_dates),
            last=max(from_dates),
        )


async def _note(ask: Reading, day: date) -> Message:
    rows = await ask.destructions.between(*bounds(day, day))
    return note(
        day, Counter(str(row.kind) for row in rows), again=any(row.basis == "restored" for row in rows)
    )


def note(day: date, found: Mapping[str, int], *, again: bool) -> Message:
    """Say how many of each kind were destroyed on a day; `again`: some of it once more, after a backup came back."""
    listed: list[Any] = [each for each in codes.options("retention_kinds") if found.get(each.code)]
    return render(
        "messages/destroyed",
        day=day,
        kinds=[(each.code, found[each.code]) for each in listed],
        counters={each.code: each.more["counter"] for each in listed},
        again=again,
    )


async def _near(ask: Reading, organisation: Organisation) -> Message:
    rules = organisation.retention
    return warning(await ask.expiry.near(rules.near_before(ask.now)), rules)


def warning(near: Iterable[Consultation], rules: Retention) -> Message:
    """Say which are destroyed soon though nothing of them was recorded."""
    dated = [(c, rules.consultation_due(c.ended_at)) for c in near if c.ended_at]
    return render("messages/expiry_near", near=dated)
