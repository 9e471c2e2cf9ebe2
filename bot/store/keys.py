"""One data key per owner, wrapped by the master key: what it sealed lives as long as the key does.

An owner is a consultation's id, or a day of the inbox (`inbox:2026-11-24`).
"""

from bot.domain.refusals import NotFound
from bot.privacy.vault import DataKey, Vault
from bot.store.queries import load
from bot.store.session import Session

SQL = load("keys")
FINGERPRINTS = "fingerprints"


class KeyDestroyed(NotFound):
    """There is no key for this owner any more, or never was: what it sealed cannot be read."""


class Keys:
    """Seals and opens fields; unwraps each owner's key once a session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection
        self._known: dict[str, DataKey] = {}

    async def seal(self, owner: str, table: str, column: str, row: str, text: str) -> str:
        """Give `text` sealed for exactly this place. Makes the owner's key when it is the first."""
        return (await self._key(owner, make=True)).seal(table, column, row, text)

    async def open(self, owner: str, table: str, column: str, row: str, sealed: str) -> str:
        """Give the text sealed for this place. Raises KeyDestroyed, NotReadable."""
        return (await self._key(owner, make=False)).open(table, column, row, sealed)

    async def fingerprint(self, purpose: str, text: str) -> str:
        """Give 32 characters by which the same text is known again, whatever master key wraps the rest.

        Raises KeyDestroyed while reading, where nothing was ever known by one.
        """
        return (await self._key(FINGERPRINTS, make=self._session.changes)).fingerprint(purpose, text)

    async def destroy(self, owner: str) -> bool:
        """Make all that was sealed for `owner` unreadable for ever. False: there was nothing to destroy."""
        self._known.pop(owner, None)
        gone = await SQL.destroy(self._connection, owner=owner) is not None
        self._session.erased = self._session.erased or gone
        return gone

    async def destroy_before(self, family: str, owner: str) -> int:
        """Destroy the keys whose owner starts with `family` and sorts before `owner`. Gives how many."""
        rows = [row async for row in SQL.destroy_before(self._connection, family=family, owner=owner)]
        for row in rows:
            self._known.pop(row["owner"], None)
        self._session.erased = self._session.erased or bool(rows)
        return len(rows)

    async def rewrap_all(self, new_master_key: bytes) -> int:
        """Wrap every key under a new master key; nothing sealed changes. Gives how many. Raises WrongMaster.

        From the commit on, the database opens with the new master key only.
        """
        new = Vault(new_master_key)
        wrapped = {row["owner"]: row["wrapped"] async for row in SQL.everyone(self._connection)}
        for owner, key in self._session.vault.rewrap_all(wrapped, new).items():
            await SQL.rewrap(self._connection, owner=owner, wrapped=key, master_id=new.master_id)
        await SQL.set_canary(self._connection, sealed=new.canary(), master_id=new.master_id)
        self._session.erased = True  # the old wrapping goes too
        return len(wrapped)

    async def master_is_right(self) -> bool:
        """Whether the master key is the one this database was made with; a blank database takes it as its own."""
        vault = self._session.vault
        row = await SQL.canary(self._connection)
        if row is not None:
            return vault.knows(row["sealed"])
        if await SQL.first_owner(self._connection) is not None:
            return False
        await SQL.set_canary(self._connection, sealed=vault.canary(), master_id=vault.master_id)
        return True

    async def _key(self, owner: str, *, make: bool) -> DataKey:
        known = self._known.get(owner)
        if known is None:
            wrapped = await self._stored(owner) or (await self._made(owner) if make else None)
            if wrapped is None:
                raise KeyDestroyed(owner)
            known = self._known[owner] = self._session.vault.unwrap(owner, wrapped)
        return known

    async def _stored(self, owner: str) -> str | None:
        row = await SQL.get(self._connection, owner=owner)
        return None if row is None else str(row["wrapped"])

    async def _made(self, owner: str) -> str | None:
        vault = self._session.vault
        row = await SQL.add(
            self._connection,
            owner=owner,
            wrapped=vault.new_key(owner),
            made_at=self._session.now,
            master_id=vault.master_id,
        )
        return str(row["wrapped"]) if row else await self._stored(owner)
