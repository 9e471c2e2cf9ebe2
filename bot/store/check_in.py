"""Windows that show the code of the day, and who typed wrong ones."""

from dataclasses import dataclass
from datetime import datetime

from bot.store.queries import load
from bot.store.session import Session

SQL = load("check_in")
_TRY = "wrong_code:"


@dataclass(frozen=True, slots=True)
class Screen:
    """One open window: Slack's id of it, which training, whose."""

    view: str
    training: str
    person: str


class CheckIn:
    """It holds no rules and never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    async def show(self, screen: Screen, until: datetime) -> None:
        """Keep a window fresh until then."""
        await SQL.show(
            self._connection,
            view=screen.view,
            training=screen.training,
            person=screen.person,
            until=until,
        )

    async def forget(self, view: str) -> None:
        """A window is gone."""
        await SQL.forget(self._connection, view=view)

    async def forget_over(self) -> None:
        """Forget the windows whose day is over."""
        await SQL.forget_over(self._connection, now=self._session.now)

    async def shown(self) -> list[Screen]:
        """All windows that are kept fresh now."""
        found = SQL.shown(self._connection, now=self._session.now)
        return [Screen(row["view"], row["training"], row["person"]) async for row in found]

    async def shown_of(self, training: str) -> list[Screen]:
        """The windows of one training."""
        found = SQL.shown_of(self._connection, training=training)
        return [Screen(row["view"], row["training"], row["person"]) async for row in found]

    async def tries(self, person: str, since: datetime) -> int:
        """How many wrong codes somebody has typed since then."""
        row = await SQL.tries(self._connection, person=person, like=f"{_TRY}%", since=since)
        return int(row["n"])

    async def tried(self, person: str) -> None:
        """Note a wrong code; which one it was is not kept."""
        key = f"{_TRY}{self._session.new_id()}"
        await SQL.tried(self._connection, key=key, person=person, at=self._session.now)
