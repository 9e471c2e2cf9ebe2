"""修了証: numbers, codes, and what lets a name be compared without being known."""

from bot.domain.certificate import Certificate, compared_name
from bot.domain.refusals import NotFound
from bot.store.queries import load
from bot.store.rows import decode, encode
from bot.store.session import Session

SQL = load("certificates")


class Certificates:
    """Rows in, certificates out. It holds no rules and never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    async def of(self, participation_id: str) -> Certificate | None:
        """Give the paper somebody has; None: they never asked for it."""
        row = await SQL.of(self._connection, participation=participation_id)
        return None if row is None else decode(Certificate, row)

    async def numbered(self, number: str) -> Certificate:
        """Give the paper of this number, or raise `NotFound`."""
        row = await SQL.numbered(self._connection, number=number)
        if row is None:
            raise NotFound
        return decode(Certificate, row)

    async def next_serial(self, training_id: str) -> int:
        """The next number of a training, whose row is held."""
        row = await SQL.how_many(self._connection, training=training_id)
        return int(row["papers"]) + 1

    async def add(self, certificate: Certificate) -> None:
        """Keep a new one."""
        await SQL.add(self._connection, **encode(certificate))

    async def correct(self, certificate: Certificate) -> None:
        """Keep what the same paper says now."""
        await SQL.correct(
            self._connection,
            number=certificate.number,
            minutes=certificate.minutes,
            name_hash=certificate.name_hash,
        )

    async def fingerprint(self, number: str, name: str) -> str:
        """What is kept of the name on a paper; the same name on another paper reads differently."""
        return await self._session.keys.fingerprint("certificate", f"{number}\n{compared_name(name)}")
