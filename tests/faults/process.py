"""The whole bot as a process of its own, to be killed, stopped and starved."""

import asyncio
import base64
import os
import re
import signal
import sys
from pathlib import Path
from typing import Self

from bot.practice import Workspace
from tests.databases import MASTER_KEY

ROOT = Path(__file__).parents[2]
START_SECONDS = 30.0
OURS = re.compile(r"^(SLACK|YORISOI)_|^PYTHONDONTWRITEBYTECODE$")
THE_BOT = ("-m", "bot", "run")


class BotProcess:
    """`python -m bot run` on a database, connected to a practice workspace of this process.

    `folder` is where it runs and where `log`, all it ever wrote to standard error, is kept. `started` is how
    many seconds the last start took until the desk was open.
    """

    def __init__(
        self,
        workspace: Workspace,
        database: str,
        folder: Path,
        *,
        program: tuple[str, ...] = THE_BOT,
        **settings: str,
    ) -> None:
        self._workspace = workspace
        self._database = database
        self._folder = folder
        self._program = program
        self._settings = settings
        self._process: asyncio.subprocess.Process | None = None
        self.log = folder / "bot.log"
        self.started = 0.0

    @property
    def pid(self) -> int:
        """The process that runs now."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Start it, and wait until it says that the desk is open."""
        began = asyncio.get_running_loop().time()
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *self._program,
                cwd=self._folder,
                env=self._environment(),
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        assert self._process.stdout is not None
        line = b""
        try:
            async with asyncio.timeout(START_SECONDS):
                line = await self._process.stdout.readline()
        finally:
            if not line:
                await self.kill()
        if not line:
            raise AssertionError(f"the bot did not open:\n{self.log.read_text()[-2000:]}")
        self.started = asyncio.get_running_loop().time() - began

    async def __aenter__(self) -> Self:
        """Start; killed when the block ends, if nothing ended it before."""
        await self.start()
        return self

    async def __aexit__(self, *_why: object) -> None:
        await self.kill()

    async def kill(self) -> None:
        """`kill -9`, and wait until it is gone."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
            await self._gone()

    async def stop(self, seconds: float = 20.0) -> tuple[int, float]:
        """SIGTERM; give the exit code and how many seconds the end took. Killed after `seconds`."""
        assert self._process is not None
        began = asyncio.get_running_loop().time()
        self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(seconds):
                await self._gone()
        except TimeoutError:
            await self.kill()
        assert self._process.returncode is not None
        return self._process.returncode, asyncio.get_running_loop().time() - began

    async def _gone(self) -> None:
        assert self._process is not None
        await self._process.communicate()

    def _environment(self) -> dict[str, str]:
        """This process's environment with settings of the test's own, and none of anybody's `.env`."""
        inherited = {name: value for name, value in os.environ.items() if not OURS.match(name)}
        return {
            **inherited,
            "PYTHONPATH": str(ROOT),
            "SLACK_BOT_TOKEN": self._workspace.bot_token,
            "SLACK_APP_TOKEN": self._workspace.app_token,
            "SLACK_API_URL": self._workspace.api_url,
            "YORISOI_DATABASE": self._database,
            "YORISOI_MASTER_KEY": base64.b64encode(MASTER_KEY).decode(),
            **self._settings,
        }
