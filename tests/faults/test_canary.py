"""P5: no name, number or sentence leaves a sealed column, except to a named, entitled reader."""

import time
from pathlib import Path

import pytest

from bot.domain.staff import THE_CLOCK
from bot.practice import Workspace
from bot.store.database import open_database
from tests.databases import MASTER_KEY, sqlite_path
from tests.faults import power
from tests.faults.canary import PLANTED, Doors, found_in, found_in_traffic
from tests.faults.process import BotProcess

# The bot with its logs as libraries would have them.
TALKATIVE = "from bot import logs; logs.TALKATIVE = (); from bot.cli import main; main()"


def files_of(database: str, began: float, request: pytest.FixtureRequest) -> bytes:
    """All bytes the database has written since the test began, its log of changes too."""
    if database.startswith("sqlite:///"):
        path = sqlite_path(database)
        return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    server = request.getfixturevalue("postgresql")
    server._sql("CHECKPOINT")
    files = [each for each in Path(server._server.pgdata).rglob("*") if each.is_file()]
    return b"".join(each.read_bytes() for each in files if each.exists() and each.stat().st_mtime >= began)


async def through_every_door(workspace: Workspace, database: str) -> None:
    """Bring everything in, and wait until all is said."""
    await Doors(workspace).every_one()
    await power._quiet(workspace, database)


async def test_what_came_in_through_any_door_is_found_nowhere_outside(database_url, tmp_path, request):
    began = time.time()
    await power.roles_granted(database_url)
    async with (
        power.busy_place(1) as workspace,
        BotProcess(workspace, database_url, tmp_path, YORISOI_LOG_LEVEL="DEBUG") as bot,
    ):
        workspace.link.patience = 3.0
        await through_every_door(workspace, database_url)
        while_running = files_of(database_url, began, request)
        await bot.stop()
        sent = found_in_traffic(workspace)
        modals = "\n".join(str(row["response"] or row["request"]) for row in workspace.traffic.after(0))

    assert sent == set()
    assert found_in("the log", bot.log.read_bytes()) == set()
    assert found_in("the files", while_running) == set()
    assert found_in("the files at rest", files_of(database_url, began, request)) == set()
    assert bot.log.stat().st_size > 1000
    assert {name for _, name in found_in("modals", modals.encode())} >= {
        "name",
        "phone",
        "story",
        "advice",
        "letter",
    }
    await everything_was_kept(database_url)


async def everything_was_kept(database: str) -> None:
    """The canaries did go in: whoever is entitled reads them where they were brought."""
    async with open_database(database, master_key=MASTER_KEY) as db, db.reading() as ask:
        rows = await ask.connection.rows("SELECT id FROM consultations ORDER BY number", {})
        contacts = [await ask.contacts.of(row["id"]) for row in rows]
        words = {each.text for row in rows for each in await ask.casework.words_of(row["id"])}
        assert await ask.records.of(rows[-1]["id"]) or await ask.records.of(rows[0]["id"])
    assert {each.name for each in contacts} == {PLANTED["name"], PLANTED["proxy name"]}
    assert {each.phone for each in contacts} == {PLANTED["phone"], PLANTED["proxy phone"]}
    typed = (
        "proxy story",
        "call",
        "formulation",
        "advice",
        "next",
        "release",
        "handover",
        "summary",
        "closing",
    )
    assert words >= {PLANTED[each] for each in typed}
    assert any(PLANTED["story"] in each for each in words)


async def test_control_a_plain_column_an_unsealed_message_and_a_talkative_library_are_found(
    database_url, tmp_path, request
):
    began = time.time()
    await power.roles_granted(database_url)
    talkative = {"program": ("-c", TALKATIVE, "run"), "YORISOI_LOG_LEVEL": "DEBUG"}
    async with (
        power.busy_place(1) as workspace,
        BotProcess(workspace, database_url, tmp_path, **talkative) as bot,
    ):
        workspace.link.patience = 3.0
        await through_every_door(workspace, database_url)
        await bot.stop()
        async with open_database(database_url, master_key=MASTER_KEY) as db, db.transaction(THE_CLOCK) as tx:
            tx.connection.later("UPDATE consultations SET occupation = :name", {"name": PLANTED["name"]})
        from slack_sdk.web.async_client import AsyncWebClient

        slack = AsyncWebClient(workspace.bot_token, base_url=workspace.api_url)
        await slack.chat_postMessage(channel="C_COORD", text=f"{PLANTED['story']}と言われました。")
        sent = found_in_traffic(workspace)

    assert sent == {("chat.postMessage", "story")}
    assert ("the log", "story") in found_in("the log", bot.log.read_bytes())
    assert found_in("the files", files_of(database_url, began, request)) == {("the files", "name")}


def test_control_what_a_view_carries_unseen_is_looked_at(tmp_path: Path):
    from bot.practice.traffic import Traffic
    from tests.databases import Clock

    traffic = Traffic(Clock(), lambda _what: None)
    button = {"type": "button", "action_id": "x", "value": PLANTED["phone"]}
    shown = {"type": "section", "text": {"type": "mrkdwn", "text": PLANTED["name"]}, "accessory": button}
    traffic.note("bot→slack", "api", "views.open", "ok", 0.0, {"view": {"blocks": [shown]}})
    workspace = type("Place", (), {"traffic": traffic})()

    assert found_in_traffic(workspace) == {("metadata", "phone")}
