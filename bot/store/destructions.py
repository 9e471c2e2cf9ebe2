"""What was destroyed, when, by which rule: an append-only ledger; and what is held back from it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.retention import Basis, Kind, Steadiness, link
from bot.privacy.vault import DataKey
from bot.store.queries import load
from bot.store.rows import instant
from bot.store.session import Row, Session

SQL = load("destructions")
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Destruction:
    """One thing that was destroyed. `counts`: table → rows; `ids_hash` covers the ids; `hash` also the row before it."""

    number: int
    at: datetime
    kind: Kind
    subject: str
    rule: str
    counted_from: datetime
    basis: Basis
    actor: str
    counts: dict[str, int]
    ids_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One destruction as it is noted outside the database. Only whoever has the keys can make a `name`, or tell it."""

    at: datetime
    name: str


MARKS = "destroyed"  # what the fingerprints of marks are for


def marks_of(rows: Iterable[tuple[str, str, str]], key: DataKey) -> list[Mark]:
    """The marks of rows of the ledger (at, kind, subject). `key`: the one that makes fingerprints."""
    return [
        Mark(datetime.fromisoformat(at), key.fingerprint(MARKS, _marked(kind, subject)))
        for at, kind, subject in rows
    ]


def _marked(kind: str, subject: str) -> str:
    return f"{kind} {subject}"


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a consultation is held back, by whom, since when. `reason`: a code of `hold_reasons`."""

    id: str
    consultation: str
    reason: str
    set_by: str
    set_at: datetime


class Destructions:
    """The ledger, the holds, and how far the clock is believed. It decides nothing."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection
        self.noted: list[Mark] = []  # in this transaction

    async def note(
        self,
        kind: Kind,
        subject: str,
        *,
        owner: str | None,
        rule: str,
        counted_from: datetime,
        basis: Basis,
        counts: Mapping[str, int],
        ids_hash: str,
    ) -> int:
        """Write one row at the end of the chain; give its number. `owner`: whose key is gone for good."""
        await SQL.take_turn(self._connection)
        before = await SQL.last(self._connection)
        row: dict[str, str | int | None] = {
            "number": int(before["number"]) + 1 if before else 1,
            "at": instant(self._session.now),
            "kind": str(kind),
            "subject": subject,
            "owner": owner,
            "rule": rule,
            "counted_from": instant(counted_from),
            "basis": str(basis),
            "actor": self._session.actor.id,
            "counts": json.dumps(dict(counts), sort_keys=True),
            "ids_hash": ids_hash,
        }
        prev = str(before["hash"]) if before else ""
        await SQL.add(self._connection, **row, prev=prev, hash=link(prev, row))
        self.noted.append(Mark(self._session.now, await self.mark(kind, subject)))
        return int(row["number"] or 0)

    async def between(self, since: datetime, until: datetime) -> list[Destruction]:
        """What was destroyed from `since` until just before `until`, in order."""
        return [_one(row) async for row in SQL.between(self._connection, since=since, until=until)]

    async def mark(self, kind: str, subject: str) -> str:
        """The name under which something destroyed is noted outside."""
        return await self._session.keys.fingerprint(MARKS, _marked(kind, subject))

    async def marks(self) -> list[Mark]:
        """Everything that was ever destroyed, as it is noted outside."""
        rows = [row async for row in SQL.all_marks(self._connection)]
        return [
            Mark(datetime.fromisoformat(row["at"]), await self.mark(row["kind"], row["subject"]))
            for row in rows
        ]

    async def over(self, subject: str) -> frozenset[Kind]:
        """Which kinds of a subject are destroyed."""
        rows = SQL.kinds_over(self._connection, subject=subject)
        return frozenset([Kind(row["kind"]) async for row in rows])

    async def verify(self, noted: tuple[int, str] | None = None) -> int | None:
        """Follow the chain; give the number of the first row that does not fit, or None.

        The trail tells how long the ledger is at least. `noted`: a row and its hash that somebody wrote down: it has to
        be there.
        """
        prev, last = "", 0
        while page := [row async for row in SQL.after(self._connection, number=last, most=_PAGE)]:
            for row in page:
                said = {name: row[name] for name in row if name not in {"prev", "hash"}}
                if row["prev"] != prev or row["hash"] != link(prev, said) or row["number"] != last + 1:
                    return int(row["number"])
                prev, last = str(row["hash"]), int(row["number"])
                if noted and noted[0] == last and noted[1] != prev:
                    return last
        told = await SQL.told(self._connection)
        least = max(int(json.loads(told["detail"])["number"]) if told else 0, noted[0] if noted else 0)
        return last + 1 if least > last else None

    async def head(self) -> tuple[int, str] | None:
        """The number and the hash of the last row."""
        row = await SQL.last(self._connection)
        return (int(row["number"]), str(row["hash"])) if row else None

    # Holds

    async def hold(self, consultation: str, reason: str) -> bool:
        """Hold a consultation back. False: it was held back already."""
        row = await SQL.set_hold(
            self._connection,
            id=self._session.new_id(),
            consultation=consultation,
            reason=reason,
            set_by=self._session.actor.id,
            set_at=self._session.now,
        )
        return row is not None

    async def lift(self, consultation: str) -> bool:
        """Hold it back no more. False: it was not held back."""
        row = await SQL.lift_hold(
            self._connection,
            consultation=consultation,
            lifted_by=self._session.actor.id,
            lifted_at=self._session.now,
        )
        return row is not None

    async def held(self, consultation: str) -> Hold | None:
        """Why a consultation is held back itself, or None."""
        row = await SQL.held(self._connection, consultation=consultation)
        if row is None:
            return None
        at = datetime.fromisoformat(row["set_at"])
        return Hold(row["id"], row["consultation"], row["reason"], row["set_by"], at)

    async def all_holds(self) -> list[Row]:
        """Everything that was ever held back: consultation, reason, set_at and lifted_at, as they are kept."""
        return [row async for row in SQL.all_holds(self._connection)]

    async def how_many_held(self) -> int:
        """How many consultations are held back."""
        row = await SQL.how_many_held(self._connection)
        return int(row["n"])

    # The clock

    async def clock(self) -> tuple[Steadiness | None, Steadiness]:
        """What is known of the clock since it was last looked at, and what is known now. Notes nothing."""
        now = self._session.now
        row = await SQL.clock(self._connection)
        names = ("seen_at", "steady_since", "sure_at")
        before = Steadiness(*(datetime.fromisoformat(row[name]) for name in names)) if row else None
        if before is None:  # the first look of all may be at a clock that is wrong
            made = await SQL.made(self._connection)
            return None, Steadiness(now, now, datetime.fromisoformat(made["at"])).seen(now)
        return before, before.seen(now)

    async def steadiness(self, *, confirmed: datetime | None = None) -> tuple[Steadiness | None, Steadiness]:
        """The same, and note that it was looked at. `confirmed`: somebody says that this moment was right."""
        before, seen = await self.clock()
        seen = seen.confirmed(confirmed) if confirmed else seen
        await SQL.set_clock(self._connection, seen_at=seen.seen_at, since=seen.since, sure_at=seen.sure_at)
        return before, seen


def _one(row: Row) -> Destruction:
    return Destruction(
        number=int(row["number"]),
        at=datetime.fromisoformat(row["at"]),
        kind=Kind(row["kind"]),
        subject=row["subject"],
        rule=row["rule"],
        counted_from=datetime.fromisoformat(row["counted_from"]),
        basis=Basis(row["basis"]),
        actor=row["actor"],
        counts=json.loads(row["counts"]),
        ids_hash=row["ids_hash"],
        hash=row["hash"],
    )
