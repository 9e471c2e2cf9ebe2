"""The commands that keep and destroy: expire, hold, backup, restore."""

import asyncio
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NoReturn

from bot import codes, messages, organisation
from bot.config import Settings
from bot.domain.business_time import fiscal_year
from bot.domain.refusals import NotFound
from bot.domain.retention import Basis, Kind
from bot.domain.staff import THE_COMMAND_LINE
from bot.store import backups
from bot.store.backups import BackupRefused
from bot.store.database import the_time
from bot.usecases import expiry, restoring
from bot.usecases.desk import TOKYO, Desk

WORDS = messages.form_words("cli")


async def expire(desk: Desk, *, dry_run: bool, certificate: Path | None, since: str | None) -> None:
    """Say what is due, or destroy it; write the certificate where one is wanted."""
    now = desk.db.clock()
    first = _first_day(since, now)
    _say("today", now=messages.said(now, "paper"))
    if dry_run:
        await _preview(desk)
    else:
        done = await expiry.sweep(desk, THE_COMMAND_LINE, Basis.BY_HAND, at_once=True)
        _tell_done(done)
    if certificate is not None:
        await _certify(desk, certificate, first, now)


async def hold(desk: Desk, number: str, reason: str | None, *, lift: bool) -> None:
    """Hold a consultation back from being destroyed, or do so no more."""
    try:
        async with desk.db.reading() as ask:
            consultation = (await ask.consultations.numbered(number.strip().upper())).id
    except NotFound:
        _stop("no_such_number", number=number)
    if lift:
        await expiry.lift(desk, THE_COMMAND_LINE, consultation)
        _say("hold_lifted", number=number)
        return
    reasons = {each.code: each.label for each in codes.options("hold_reasons")}
    if reason not in reasons:
        _stop("no_such_reason", reasons="、".join(f"{code}（{label}）" for code, label in reasons.items()))
    await expiry.hold(desk, THE_COMMAND_LINE, consultation, reason)
    _say("hold_set", number=number)


async def backup(settings: Settings) -> None:
    """Make a backup, and throw away those that may not come back any more."""
    if settings.backups is None:
        _stop("backup_no_folder")
    folder, there = settings.backups, organisation.load(settings.yorisoi_organisation)
    grace = timedelta(days=there.retention.grace_days)
    try:
        made = await asyncio.to_thread(
            backups.make, settings.database_url, folder, settings.master_key, the_time(), grace
        )
    except BackupRefused as told:
        _stop(f"backup_{told.why}", **told.facts)
    except OSError:
        _stop("backup_unwritable", path=folder)
    _say("backup_made", path=made.path, n=made.counts.get("consultations", 0))
    if made.removed:
        _say("backup_removed", days=there.retention.grace_days, n=made.removed)


async def restore(settings: Settings, file: Path) -> None:
    """Bring a backup back into a blank place; what was destroyed since is destroyed again."""
    there = organisation.load(settings.yorisoi_organisation)
    try:
        done = await restoring.restore(
            file, settings.database_url, settings.master_key, there, settings.backups
        )
    except BackupRefused as told:
        _stop(f"backup_{told.why}", **told.facts)
    _say("restored")
    for name, count in (("restored_again", done.again), ("restored_due", done.due)):
        if count.total():
            _say(name, n=count.total())


async def _preview(desk: Desk) -> None:
    for each in await expiry.preview(desk):
        about = codes.load("retention_kinds").get(each.kind)
        oldest = each.oldest and messages.said(each.oldest, "paper").split(" ")[0]
        _say(
            "due_line",
            kind=about.label,
            counter=about.more["counter"],
            due=each.due,
            oldest=oldest,
            held=each.held,
        )


def _tell_done(done: Counter[Kind]) -> None:
    for kind, n in done.items():
        if n:
            about = codes.load("retention_kinds").get(kind)
            _say("destroyed_line", kind=about.label, n=n, counter=about.more["counter"])
    if not done.total():
        _say("nothing_due")


async def _certify(desk: Desk, path: Path, since: date, now: datetime) -> None:
    from bot.reports import destruction
    from bot.reports.apart import printed

    async with desk.db.reading() as ask:
        told = await destruction.facts(ask, desk.organisation, since, now.astimezone(TOKYO).date(), now)
    paper = await printed(told)
    try:
        await asyncio.to_thread(path.write_bytes, paper)
    except OSError:
        _stop("backup_unwritable", path=path)
    _say("certificate_written", path=path)


def _first_day(since: str | None, now: datetime) -> date:
    if since is None:
        return date(fiscal_year(now), 4, 1)
    try:
        return date.fromisoformat(since)
    except ValueError:
        _stop("no_day")


def _say(name: str, /, **facts: object) -> None:
    print(messages.phrase(WORDS[name], **facts), flush=True)  # noqa: T201


def _stop(name: str, /, **facts: object) -> NoReturn:
    print(messages.phrase(WORDS[name], **facts), file=sys.stderr)  # noqa: T201
    raise SystemExit(2)
