"""How to reach a supporter. The only module that meets contact details."""

from bot.domain.casework import Contact
from bot.store.queries import load
from bot.store.session import Session

SQL = load("casework")
_PARTS = ("name", "agency", "phone", "callable")


class Contacts:
    """Sealed in, opened out. Whoever opens one records the reading in the audit trail, in the same transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def put(self, consultation: str, contact: Contact) -> None:
        """Keep the contact of a consultation, each part sealed for its own column."""
        sealed = {}
        for part in _PARTS:
            told = getattr(contact, part)
            sealed[f"{part}_sealed"] = (
                await self._session.keys.seal(consultation, "contacts", part, consultation, told)
                if told
                else None
            )
        await SQL.put_contact(self._session.connection, consultation=consultation, **sealed)

    async def of(self, consultation: str) -> Contact:
        """Open the contact of a consultation; an empty one where none was given."""
        row = await SQL.contact_of(self._session.connection, consultation=consultation)
        if row is None:
            return Contact()
        opened = {}
        for part in _PARTS:
            sealed = row[f"{part}_sealed"]
            opened[part] = (
                await self._session.keys.open(consultation, "contacts", part, consultation, sealed)
                if sealed
                else ""
            )
        return Contact(**opened)
