"""The command line. Each command says in one Japanese sentence what it is for; no mistake shows a traceback."""

import asyncio
import json
import os
import sys
import tomllib
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import config, logs, messages
from bot.config import Settings, SettingsMistake

WORDS = messages.form_words("cli")
STAFF = Path(__file__).with_name("practice_staff.toml")

cli = typer.Typer(
    help=WORDS["about"],
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
role_cli = typer.Typer(help=WORDS["role"], no_args_is_help=True, rich_markup_mode=None)
cli.add_typer(role_cli, name="role")


def main() -> None:
    """Run the command line."""
    cli(prog_name="python -m bot")


@cli.command(help=WORDS["run"])
def run() -> None:
    settings = _settings()
    _go(_run(settings))


@cli.command(help=WORDS["practice"])
def practice(port: Annotated[int | None, typer.Option(help=WORDS["port"])] = None) -> None:
    from bot.manifest import manifest
    from bot.practice import serve

    settings = _settings()

    async def keep_open() -> None:
        async with serve(
            manifest=manifest(), port=settings.yorisoi_practice_port if port is None else port
        ) as place:
            _say("practice_alone", url=place.url, api=place.api_url)
            await asyncio.Event().wait()

    _go(keep_open())


@cli.command(help=WORDS["check"])
def check(
    audit_head: Annotated[str | None, typer.Option(help=WORDS["audit_head_option"])] = None,
    ledger_head: Annotated[str | None, typer.Option(help=WORDS["ledger_head_option"])] = None,
) -> None:
    settings = _settings()
    if settings.practice:
        _go(_check_practice(settings, audit_head, ledger_head))
    else:
        _go(_check(settings, audit_head, ledger_head))


@cli.command(help=WORDS["manifest"])
def manifest() -> None:
    from bot.manifest import manifest as drawn

    print(json.dumps(drawn(), ensure_ascii=False, indent=2))  # noqa: T201


@cli.command(help=WORDS["surfaces"])
def surfaces() -> None:
    from bot.surfaces import everything

    for each in everything():
        print(json.dumps(each, ensure_ascii=False))  # noqa: T201


@cli.command(help=WORDS["seed"])
def seed(
    consultations: Annotated[int, typer.Option(help=WORDS["consultations"], min=1, max=1_000_000)] = 500,
    seed: Annotated[int, typer.Option(help=WORDS["seed_number"])] = 1,
) -> None:
    from bot.seed import fill

    _go(fill(_settings(), consultations, seed))


@role_cli.command("grant", help=WORDS["role_grant"])
def role_grant(
    person: Annotated[str, typer.Argument(help=WORDS["person"])],
    role: Annotated[str, typer.Argument(help=WORDS["which_role"])],
) -> None:
    from bot.usecases import people

    _go(_change_role(person, role, people.grant, "granted"))


@role_cli.command("revoke", help=WORDS["role_revoke"])
def role_revoke(
    person: Annotated[str, typer.Argument(help=WORDS["person"])],
    role: Annotated[str, typer.Argument(help=WORDS["which_role"])],
) -> None:
    from bot.usecases import people

    _go(_change_role(person, role, people.revoke, "revoked"))


@role_cli.command("list", help=WORDS["role_list"])
def role_list() -> None:
    from bot import codes

    async def show() -> None:
        async with _desk() as desk, desk.db.reading() as ask:
            grants = await ask.staff.list()
        for grant in grants:
            print(f"{grant.user_id}\t{grant.role}\t{codes.label('staff_roles', grant.role)}")  # noqa: T201
        if not grants:
            _say("nobody")

    _go(show())


@cli.command(help=WORDS["anonymize"])
def anonymize() -> None:
    from bot.privacy.anonymizer import stream

    def told(name: str, line: int) -> str:
        sentence = _words(name, line=line)
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201
        return sentence

    raise SystemExit(stream.run(sys.stdin.buffer, sys.stdout.buffer, told))


@cli.command(help=WORDS["expire"])
def expire(
    dry_run: Annotated[bool, typer.Option("--dry-run", help=WORDS["dry_run"])] = False,
    certificate: Annotated[Path | None, typer.Option(help=WORDS["certificate"])] = None,
    since: Annotated[str | None, typer.Option(help=WORDS["since"])] = None,
    today: Annotated[str | None, typer.Option(help=WORDS["today_option"])] = None,
) -> None:
    from bot import cli_keeping as keeping

    async def go() -> None:
        keeping.must_exist(_settings())
        async with _desk() as desk:
            await keeping.expire(desk, dry_run=dry_run, certificate=certificate, since=since, today=today)

    _go(go())


@cli.command(help=WORDS["hold"])
def hold(
    number: Annotated[str | None, typer.Argument(help=WORDS["number"])] = None,
    reason: Annotated[str | None, typer.Option(help=WORDS["reason"])] = None,
    lift: Annotated[bool, typer.Option("--lift", help=WORDS["lift"])] = False,
) -> None:
    from bot import cli_keeping as keeping

    async def go() -> None:
        keeping.must_exist(_settings())
        async with _desk() as desk:
            await keeping.hold(desk, number, reason, lift=lift)

    _go(go())


@cli.command(help=WORDS["backup"])
def backup() -> None:
    from bot import cli_keeping as keeping

    _go(keeping.backup(_settings()))


@cli.command(help=WORDS["restore"])
def restore(file: Annotated[Path, typer.Argument(help=WORDS["backup_file"])]) -> None:
    from bot import cli_keeping as keeping

    _go(keeping.restore(_settings(), file))


async def _run(settings: Settings) -> None:
    from bot import run as running

    running.sqlite_folder(settings)
    async with AsyncExitStack() as closing:
        where = await _where(settings, closing)
        bot = await closing.enter_async_context(running.put_together(settings, **where.doors))
        if settings.practice:
            await _practice_staff(bot.desk)
        await running.until_told_to_stop(
            lambda: _say("open_practice", url=where.page) if where.page else _say("open", name=bot.where.name)
        )
        _say("closing")


@dataclass(frozen=True, slots=True)
class _Where:
    """Where Slack is. `doors`: what `put_together` wants to know of it; `page`: the practice workspace's, or nothing."""

    doors: dict[str, Any] = field(repr=False)
    page: str = ""


async def _where(settings: Settings, closing: AsyncExitStack) -> _Where:
    """Give Slack; without tokens, a practice workspace opened here, whose clock is then the desk's."""
    if not settings.practice:
        bot, app = settings.slack_bot_token, settings.slack_app_token
        tokens = {
            "bot_token": bot.get_secret_value() if bot else "",
            "app_token": app.get_secret_value() if app else "",
        }
        return _Where({**tokens, "api_url": settings.slack_api_url})
    from bot.manifest import manifest
    from bot.practice import serve

    try:
        place = await closing.enter_async_context(
            serve(manifest=manifest(), port=settings.yorisoi_practice_port)
        )
    except OSError:
        _say("port_taken", port=settings.yorisoi_practice_port)
        place = await closing.enter_async_context(serve(manifest=manifest(), port=0))
    tokens = {"bot_token": place.bot_token, "app_token": place.app_token}
    return _Where({**tokens, "api_url": place.api_url, "clock": place.clock.now}, place.url)


async def _practice_staff(desk: Any) -> None:
    """Give the people of the practice workspace their roles, once."""
    from bot.domain.staff import THE_CLOCK, Role
    from bot.usecases import people

    async with desk.db.reading() as ask:
        if await ask.staff.list():
            return
    for role, persons in tomllib.loads(STAFF.read_text(encoding="utf-8")).items():
        for person in persons:
            await people.grant(desk, THE_CLOCK, person, Role(role))


async def _check(settings: Settings, audit_head: str | None = None, ledger_head: str | None = None) -> None:
    from bot import run as running
    from bot.usecases import record_trail

    running.sqlite_folder(settings)
    async with AsyncExitStack() as closing:
        where = await _where(settings, closing)
        bot = await closing.enter_async_context(
            running.put_together(settings, **where.doors, listen=False, tick=False)
        )
        async with bot.desk.db.reading() as ask:
            noted, ledger_noted = _noted(audit_head), _noted(ledger_head, "no_ledger_head")
            broken = await ask.audit.verify(noted)
            head = await ask.audit.head()
            altered = await record_trail.verify(ask)
            wrong = await ask.destructions.verify(ledger_noted)
            ledger = await ask.destructions.head()
    if broken is not None:
        _stop(messages.words("refusals/start/audit_broken", entry=broken))
    if wrong is not None:
        _stop(messages.words("refusals/start/ledger_broken", number=wrong))
    if altered:
        _stop(messages.words("refusals/start/record_altered", records=altered))
    if head is not None:
        _say("audit_head", head=f"{head[0]}:{head[1]}")
    if ledger is not None:
        _say("ledger_head", head=f"{ledger[0]}:{ledger[1]}")
    _say("ready")


def _noted(head: str | None, otherwise: str = "no_audit_head") -> tuple[int, str] | None:
    """Read the last entry of the trail, or of the ledger, as an earlier `check` printed it."""
    if head is None:
        return None
    entry, _, told = head.strip().partition(":")
    if not entry.isdecimal() or not told:
        _stop(_words(otherwise))
    return int(entry), told


async def _check_practice(settings: Settings, audit_head: str | None, ledger_head: str | None) -> None:
    _say("practice_settings")
    await _check(settings.model_copy(update={"yorisoi_practice_port": 0}), audit_head, ledger_head)


class _desk:  # noqa: N801 - reads as `async with _desk() as desk`
    """The desk without Slack, for commands beside it."""

    async def __aenter__(self) -> Any:
        from bot import organisation
        from bot import run as running
        from bot.store.database import open_database
        from bot.usecases.desk import Desk

        settings = _settings()
        running.sqlite_folder(settings)
        self._closing = AsyncExitStack()
        db = await self._closing.enter_async_context(
            open_database(settings.database_url, master_key=settings.master_key)
        )
        return Desk(db, organisation.load(settings.yorisoi_organisation), backups=settings.backups)

    async def __aexit__(self, *why: object) -> None:
        await self._closing.aclose()


async def _change_role(
    person: str, role: str, change: Callable[..., Coroutine[Any, Any, None]], said: str
) -> None:
    from bot import codes
    from bot.domain.staff import THE_COMMAND_LINE, Role

    known = {each.code: each.label for each in codes.options("staff_roles")}
    if role not in known:
        _stop(_words("no_such_role", roles="、".join(f"{code}（{label}）" for code, label in known.items())))
    async with _desk() as desk:
        await change(desk, THE_COMMAND_LINE, person, Role(role))
    _say(said, person=person, role=known[role])


def _settings() -> Settings:
    try:
        settings = config.load()
        logs.set_up(settings.yorisoi_log_level)
        _ = settings.master_key
    except SettingsMistake as mistake:
        _stop(*mistake.sentences)
    return settings


def _go(work: Coroutine[Any, Any, None]) -> None:
    """Run a command to its end; whatever stops it is said in a sentence."""
    from bot.check import NotReady
    from bot.domain.refusals import Refused
    from bot.organisation import OrganisationMistakes
    from bot.store.trouble import StartRefused

    try:
        asyncio.run(work)
    except (NotReady, OrganisationMistakes, SettingsMistake) as told:
        _stop(*told.sentences)
    except (StartRefused, Refused) as told:
        _stop(messages.words(told.template, **vars(told)), *_more_if(told))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:
        sys.stderr.close()
        os._exit(0)


def _more_if(told: Exception) -> list[str]:
    """Say what else can be done where the desk is open and holds its file."""
    return [_words("meanwhile")] if getattr(told, "why", "") == "already_running" else []


def _words(name: str, /, **facts: object) -> str:
    return messages.phrase(WORDS[name], **facts)


def _say(name: str, /, **facts: object) -> None:
    print(_words(name, **facts), flush=True)  # noqa: T201


def _stop(*sentences: str) -> None:
    for sentence in sentences:
        print(sentence, file=sys.stderr)  # noqa: T201
    raise SystemExit(2)
