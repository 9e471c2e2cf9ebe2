"""What every repository is given: a connection at one instant, and who is acting."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar, overload

from bot.domain.business_time import TOKYO
from bot.domain.staff import Actor
from bot.privacy.vault import Vault

if TYPE_CHECKING:
    from bot.store.keys import Keys

CONNECTIONS = 10  # to PostgreSQL, at most

Row = dict[str, Any]
Musts = dict[int, Exception]  # what is raised when the statement of this place gives no row
Parameters = Mapping[str, Any]
Statement = tuple[str, Parameters]
R = TypeVar("R")
T = TypeVar("T")


class Connection(Protocol):
    """One transaction on one database. Statements are SQL text with `:name` parameters."""

    dialect: str  # "sqlite" | "postgresql"

    async def rows(self, sql: str, parameters: Parameters) -> list[Row]:
        """Run everything said so far and this, in order, in one round trip; give this one's rows."""

    def later(self, sql: str, parameters: Parameters) -> None:
        """Say a statement whose answer nobody needs: it travels with the next question or the commit."""

    def must(self, sql: str, parameters: Parameters, otherwise: Exception) -> None:
        """Say a statement that has to give a row. If it gives none, `otherwise` is raised, at the next question or
        the commit, and nothing is kept.
        """

    def at_the_end(self, statements: Iterable[Statement]) -> None:
        """Say statements that run last before the commit, so that a lock they take is held shortly."""

    async def settle(self) -> None:
        """Run all that was said, what was kept for the end too."""


class Session:
    """One instant, one actor, one connection. `now` is aware and UTC. `changes`: what is read is read to be changed."""

    changes = False

    def __init__(
        self,
        connection: Connection,
        *,
        now: datetime,
        actor: Actor,
        new_id: Callable[[], str],
        vault: Vault,
    ) -> None:
        self.connection = connection
        self.now = now
        self.actor = actor
        self.new_id = new_id
        self.vault = vault
        self.promised = False  # a message or an event waits for a worker
        self.erased = False  # a key was destroyed: its bytes must leave the file too

    @property
    def today(self) -> date:
        """The day in Tokyo."""
        return self.now.astimezone(TOKYO).date()

    @cached_property
    def keys(self) -> "Keys":
        """What seals and opens. Every repository with a sealed column needs it."""
        from bot.store.keys import Keys

        return Keys(self)


S_contra = TypeVar("S_contra", bound=Session, contravariant=True)


class repository(Generic[S_contra, R]):  # noqa: N801 - reads as a declaration
    """Declare a repository on a session: `audit = repository(AuditTrail)`. Built when first asked for."""

    def __init__(self, kind: Callable[[S_contra], R]) -> None:
        self._kind = kind

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, session: None, owner: type) -> Self: ...
    @overload
    def __get__(self, session: S_contra, owner: type) -> R: ...
    def __get__(self, session: S_contra | None, owner: type) -> Self | R:
        if session is None:
            return self
        made = self._kind(session)
        session.__dict__[self._name] = made
        return made


async def finish(work: Coroutine[Any, Any, T]) -> T:
    """Do `work` to its end even when the caller is cancelled meanwhile; the cancellation follows after."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as asked:
            cancelled = asked
        except BaseException:  # noqa: BLE001 - told by `result()` below
            break
    result = task.result()
    if cancelled is not None:
        raise cancelled
    return result
