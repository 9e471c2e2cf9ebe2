"""The commands that keep and destroy: expire, hold, backup, restore."""

import asyncio
import sys
import unicodedata
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NoReturn

from bot import codes, messages, organisation
from bot.config import Settings
from bot.domain.business_time import TOKYO, fiscal_year
from bot.domain.refusals import NotFound
from bot.domain.retention import Basis, Kind
from bot.domain.staff import THE_COMMAND_LINE
from bot.store import backups
from bot.store.backups import BackupRefused
from bot.store.database import StorageTrouble, the_time
from bot.usecases import expiry, restoring
from bot.usecases.desk import Desk

WORDS = messages.form_words("cli")


async def expire(
    desk: Desk, *, dry_run: bool, certificate: Path | None, since: str | None, today: str | None
) -> None:
    """Say what is due, or destroy it; write the certificate where one is wanted."""
    now = desk.db.clock()
    first = _first_day(since, now)
    if since is not None and certificate is None:
        _stop("since_alone")
    if certificate is not None:
        _must_be_writable(certificate)
    _say("today", now=messages.said(now, "paper"))
    try:
        if dry_run:
            await _preview(desk)
        else:
            await _must_be_today(desk, today, now)
            _tell_done(await expiry.sweep(desk, THE_COMMAND_LINE, Basis.BY_HAND, at_once=True))
        if certificate is not None:
            await _certify(desk, certificate, first, now)
    except StorageTrouble:
        _stop("storage_trouble")


async def _must_be_today(desk: Desk, told: str | None, now: datetime) -> None:
    """What goes never comes back: a clock that has not proved itself needs somebody who says the date."""
    if told is not None:
        if _day(told) != now.astimezone(TOKYO).date():
            _stop("another_day")
        await expiry.clock_is_right(desk, THE_COMMAND_LINE)
        return
    async with desk.db.reading() as ask:
        _, clock = await ask.destructions.clock()
    if not clock.believed:
        _stop("say_today")


def must_exist(settings: Settings) -> None:
    """Stop where there is no database: none is made only to say that it is empty."""
    url = settings.database_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        _stop("nothing_there")


async def hold(desk: Desk, number: str | None, reason: str | None, *, lift: bool) -> None:
    """Hold a consultation back from being destroyed, or do so no more."""
    if number is None:
        _stop("no_number")
    asked = unicodedata.normalize("NFKC", number).strip().upper()
    try:
        async with desk.db.reading() as ask:
            consultation = (await ask.consultations.numbered(asked)).id
    except NotFound:
        _stop("no_such_number", number=number)
    if lift:
        _say(
            "hold_lifted" if await expiry.lift(desk, THE_COMMAND_LINE, consultation) else "not_held",
            number=number,
        )
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
    except (OSError, StorageTrouble):
        _stop("restore_unwritable")
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
    try:
        back = await expiry.brought_back(desk)
    except OSError:
        back = []
    if back:
        _say("due_again", n=len(back))


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
    await asyncio.to_thread(path.write_bytes, paper)
    _say("certificate_written", path=path)


def _must_be_writable(path: Path) -> None:
    """Better said before anything is destroyed than after."""
    try:
        path.open("ab").close()
    except OSError:
        _stop("certificate_unwritable", path=path)


def _first_day(since: str | None, now: datetime) -> date:
    if since is None:
        return date(fiscal_year(now), 4, 1)
    first = _day(since)
    if first > now.astimezone(TOKYO).date():
        _stop("since_ahead")
    return first


def _day(told: str) -> date:
    try:
        return date.fromisoformat(told)
    except ValueError:
        _stop("no_day")


def _say(name: str, /, **facts: object) -> None:
    print(messages.phrase(WORDS[name], **facts), flush=True)  # noqa: T201


def _stop(name: str, /, **facts: object) -> NoReturn:
    print(messages.phrase(WORDS[name], **facts), file=sys.stderr)  # noqa: T201
    raise SystemExit(2)
