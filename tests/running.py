"""The desk runs: the bot from its start to its quiet end, on a database of its own in which the roles are given."""

import asyncio
import base64
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.config import Settings
from bot.domain.staff import THE_CLOCK, Role
from bot.manifest import manifest
from bot.practice import Workspace, serve
from bot.run import Bot, put_together
from bot.usecases import people
from tests.databases import MASTER_KEY, Clock, PostgreSQLServer
from tests.desk import Desk

ROLES = {
    Role.COUNSELOR: ("U_SATO", "U_SUZUKI", "U_MORI"),
    Role.COORDINATOR: ("U_YAMAMOTO",),
    Role.OPERATOR: ("U_TANAKA",),
    Role.ORGANIZER: ("U_KONDO",),
    Role.EXPERT_PSY: ("U_HAYASHI",),
    Role.EXPERT_ACADEMIC: ("U_OKADA",),
    Role.EXPERT_LEGAL: ("U_NISHI",),
    Role.EXPERT_SW: ("U_FUJII",),
    Role.ADMIN: ("U_ADMIN",),
}


@pytest.fixture
async def workspace(clock: Clock) -> AsyncIterator[Workspace]:
    """A practice workspace on the test's clock."""
    async with serve(manifest=manifest(), clock=clock) as place:
        yield place


def settings(url: str, **more: Any) -> Settings:
    """Settings for a test, from nothing but the arguments."""
    return Settings(
        _env_file=None,
        yorisoi_database=url,
        yorisoi_master_key=base64.b64encode(MASTER_KEY).decode(),
        slack_bot_token=None,
        slack_app_token=None,
        yorisoi_master_key_file=None,
        **more,
    )


async def give_roles(bot: Bot) -> None:
    for role, persons in ROLES.items():
        for person in persons:
            await people.grant(bot.desk, THE_CLOCK, person, role)


@asynccontextmanager
async def running(
    url: str, workspace: Workspace, clock: Clock, *, staffed: bool = False
) -> AsyncIterator[Desk]:
    """The bot, from its start to its quiet end, on this database. `staffed`: the roles are given already."""
    async with put_together(
        settings(url),
        bot_token=workspace.bot_token,
        app_token=workspace.app_token,
        api_url=workspace.api_url,
        clock=clock,
        tick=False,
    ) as bot:
        if not staffed:
            await give_roles(bot)
        desk = Desk(bot, workspace, clock, url)
        await desk.settle()
        yield desk


async def _staff(url: str) -> None:
    """Start the desk once on this database, give the roles, and end it."""
    clock = Clock()
    async with serve(manifest=manifest(), clock=clock) as workspace, running(url, workspace, clock):
        pass


@pytest.fixture(scope="session")
def staffed_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which the roles are given: each test has a copy."""
    path = tmp_path_factory.mktemp("staffed") / "desk.db"
    asyncio.run(_staff(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def staffed_postgresql(postgresql: PostgreSQLServer) -> str:
    """The same on PostgreSQL."""
    url = postgresql.a_database()
    asyncio.run(_staff(url))
    return url


@pytest.fixture
def sqlite_desk_url(staffed_sqlite: Path, tmp_path: Path) -> str:
    """The address of a database of its own, the roles given."""
    for each in staffed_sqlite.parent.glob("desk.db*"):
        shutil.copy(each, tmp_path / each.name)
    return f"sqlite:///{tmp_path / 'desk.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def desk_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The same, once for each kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_desk_url")
        return
    server: PostgreSQLServer = request.getfixturevalue("postgresql")
    url = server.a_database(like=request.getfixturevalue("staffed_postgresql"))
    yield url
    server.drop(url)


@pytest.fixture
async def desk(desk_url: str, workspace: Workspace, clock: Clock) -> AsyncIterator[Desk]:
    """The whole desk, on either database."""
    async with running(desk_url, workspace, clock, staffed=True) as each:
        yield each


@pytest.fixture
async def sqlite_desk(sqlite_desk_url: str, workspace: Workspace, clock: Clock) -> AsyncIterator[Desk]:
    """The whole desk on SQLite only, for what has nothing to do with storage."""
    async with running(sqlite_desk_url, workspace, clock, staffed=True) as each:
        yield each
