"""Somebody is named in every free text there is, and whoever types accepts what is offered: nobody else ever reads it.

Read are all payloads the workspace received, the files as their readers' programs read them, every word that is kept,
opened, the bytes of the database, its log and its backups, the log at DEBUG, and what the commands print. With the
detector off, the same reading finds them.
"""

import json
import logging
from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from bot import cli_keeping, logs, surfaces
from bot.privacy import beside
from bot.privacy.anonymizer import Anonymized
from bot.store import backups
from tests.canary_life import Life
from tests.canary_reviews import Table
from tests.canary_rules import leaks, needless
from tests.canary_scan import Hit, Output, files, hits, kept, read, sent, stored, windows
from tests.canary_trainings import Course
from tests.canary_words import GIVEN, PEOPLE, Somebody, typed
from tests.databases import MASTER_KEY
from tests.desk import COORDINATORS

TEXTS = frozenset({"plain_text_input", "rich_text_input", "email_text_input", "url_text_input"})
YEARS = 6 * 366  # days
# Free texts nothing is planted in, and why. None today.
EXEMPT: dict[tuple[str, str], str] = {}


def free_texts(views: Iterable[dict[str, Any]]) -> set[tuple[str, str]]:
    """Every field for words of these windows: form and name."""
    return {
        (view["callback_id"], str(block["block_id"]).partition("~")[0])
        for view in views
        for block in view["blocks"]
        if (block.get("element") or {}).get("type") in TEXTS
    }


@cache
def drawn() -> tuple[dict[str, Any], ...]:
    """Every window there is."""
    return tuple(each["payload"] for each in surfaces.everything() if each["kind"] == "modal")


def as_in_life(caplog: pytest.LogCaptureFixture) -> None:
    """Everything at DEBUG, but for the libraries the desk never lets through (`bot/logs.py`)."""
    caplog.set_level(logging.DEBUG)
    for name in logs.TALKATIVE:
        caplog.set_level(logging.WARNING, logger=name)


async def commanded(life: Life, folder: Any) -> None:
    """What the commands do and print: a backup, what is due, what was destroyed."""
    desk = life.desk
    backups.make(desk.url, folder / "backups", MASTER_KEY, desk.clock.now, timedelta(days=30))
    paper = folder / "backups" / "destroyed.pdf"
    await cli_keeping.expire(desk.bot.desk, dry_run=True, certificate=paper, since=None, today=None)
    for lift in (False, True):
        await cli_keeping.hold(desk.bot.desk, "R8-0003", "accident", lift=lift)


async def everything(life: Life, caplog: Any, capsys: Any, folder: Any) -> list[Output]:
    """All that was put out so far, and all that is kept."""
    life.hear()
    printed = capsys.readouterr()
    return [
        *sent(life), *files(life), *await kept(life), *await stored(life, folder / "backups"),
        Output("log", "", caplog.text), Output("log", "", printed.err), Output("print", "", printed.out),
    ]  # fmt: skip


async def lived(desk: Any) -> tuple[Life, list[Output]]:
    """A consultation from the door to the library, and a training from its draft to its figures.

    Gives also what was kept on the way, such as drafts.
    """
    on_the_way: list[Output] = []

    async def watch(life: Life) -> None:
        on_the_way.extend(await kept(life))

    life = Life(desk, watch)
    await life.at_the_desk()
    await Table(life).whole()
    await Course(life).whole()
    await life.homes()
    return life, on_the_way


async def test_who_is_named_in_any_free_text_is_read_by_nobody_else(desk, caplog, capsys, tmp_path):
    as_in_life(caplog)
    life, on_the_way = await lived(desk)
    await commanded(life, tmp_path)

    put_out = on_the_way + await everything(life, caplog, capsys, tmp_path)
    found = hits(put_out)

    assert leaks(found, life.by) == []
    assert needless(found, life.by) == []
    assert {each.where for each in put_out} == {
        "message", "home", "window", "boxes", "file .pdf", "file .xlsx", "file .csv", "file .ics", "words", "draft", "records",
        "precedents", "record_reviews", "question", "feedback", "seat", "review", "package", "database", "log", "print", "backup",
    }  # fmt: skip
    assert free_texts(drawn()) - set(EXEMPT) == life.fields
    assert free_texts(windows(life)) <= free_texts(drawn())
    assert set(life.by) == {*PEOPLE, *GIVEN} | {place for place in life.by if place.endswith(".more_names")}

    desk.clock.advance(days=YEARS)
    await desk.ask_the_clock()
    await desk.yamamoto.presses("clock.right", where=COORDINATORS)  # at a person's word
    await desk.passes(days=1)  # and after a day: what was kept is destroyed
    await desk.yamamoto.presses("destruction.paper", where=COORDINATORS)
    await life.homes()
    assert leaks(hits(await everything(life, caplog, capsys, tmp_path)), life.by) == []
    assert await desk.rows("SELECT * FROM words WHERE consultation = :it", it=life.it) == []


async def test_control_with_the_detector_off_the_same_reading_finds_them(
    sqlite_desk, caplog, capsys, tmp_path, monkeypatch
):
    as_in_life(caplog)

    async def blind(text: str, *_: Any, **__: Any) -> Anonymized:
        return Anonymized(text, (), text, refused=False)

    monkeypatch.setattr(beside, "read", blind)
    life, on_the_way = await lived(sqlite_desk)

    put_out = on_the_way + await everything(life, caplog, capsys, tmp_path)
    found = leaks(hits(put_out), life.by)

    where = {each.where for each in found}
    assert {
        "window", "file .pdf", "words", "draft", "records", "precedents", "question", "feedback", "seat", "review",
        "package", "database",
    } <= where  # fmt: skip
    screened = {place for place in PEOPLE if "." in place} - {"precedents.words"}
    assert {each.place for each in found if each.kind == "name"} >= screened
    assert {each.kind for each in found} >= set(Somebody.__slots__)
    assert not where & {"message", "home", "log", "print", "boxes"}  # no words of a case are ever put there


def test_control_a_field_nobody_typed_into_would_be_missed():
    field = {"type": "input", "block_id": "wish~0", "element": {"type": "plain_text_input"}}

    known = free_texts(drawn())
    [new] = free_texts([*drawn(), {"callback_id": "new.submit", "blocks": [field]}]) - known

    assert new == ("new.submit", "wish")
    assert len(known) > 130
    assert set(EXEMPT) <= known


async def test_control_what_gets_out_is_found_with_its_reader(sqlite_desk, caplog, capsys, tmp_path):
    desk, slack = sqlite_desk, sqlite_desk.bot.slack
    life = Life(desk, kept)
    await desk.takagi.command("/相談")
    window = await desk.takagi.top_view()
    words = [{"type": "section", "text": {"type": "mrkdwn", "text": typed("call.note")}}]
    hidden = json.dumps({"c": typed("call.note")})
    modal = {
        "type": "modal",
        "title": window["title"],
        "blocks": [{"type": "divider"}],
        "private_metadata": hidden,
    }

    await slack.chat_postMessage(channel=COORDINATORS, text=typed("call.note"))
    await slack.views_publish(user_id="U_SATO", view={"type": "home", "blocks": words})
    await slack.views_update(view_id=window["id"], view=modal)
    await slack.files_upload_v2(channel=COORDINATORS, filename="a.csv", content=typed("call.note"))
    async with desk.db.transaction(await desk.actor("U_SATO")) as tx:
        await tx.audit.record("words.read", "x")
        tx.connection.later("UPDATE role_grants SET granted_by = :by", {"by": typed("call.note")})
    logging.getLogger("bot").warning(typed("call.note"))
    print(typed("call.note"))

    found = leaks(hits(await everything(life, caplog, capsys, tmp_path)), life.by)

    assert {(each.where, each.whom) for each in found if each.kind == "name"} == {
        ("message", COORDINATORS), ("home", "U_SATO"), ("window", "U_TAKAGI"), ("file .csv", COORDINATORS),
        ("database", ""), ("log", ""), ("print", ""),
    }  # fmt: skip
    assert {each.place for each in found if each.kind == "name"} == {"call.note"}


@pytest.mark.parametrize(
    "where", ["message", "home", "window", "database", "log", "print", "file .pdf", "words"]
)
def test_control_a_name_where_none_belongs_is_a_leak(where):
    found = hits([Output(where, "U_TAKAGI", f"…{typed('intake.story')}…")])

    leaked = leaks(found, {"intake.story": {"U_TAKAGI"}})

    assert {each.kind for each in leaked} == {*Somebody.__slots__, "nickname"}


@pytest.mark.parametrize(("where", "whom", "place"), [
    ("boxes", "U_MORI", "intake.story"), ("window", "U_MORI", "a letter"), ("window", "U_TAKAGI", "precedents.words"),
])  # fmt: skip
def test_control_what_somebody_typed_is_nobody_elses_to_read(where, whom, place):
    hit = Hit(where, whom, place, "name")

    assert leaks({hit}, {place: {"U_KITAMURA"}}) == [hit]
    assert leaks({hit}, {place: {whom}}) == []


@pytest.mark.parametrize("form", ["090 7110 8370", "0907110\n8370", "090-7110-\r\n 8370"])
def test_control_a_number_is_found_however_it_is_broken(form):
    assert {each.kind for each in hits([Output("file .ics", "", read("x.ics", form.encode()))])} == {"phone"}
