"""What is due to be destroyed, and how its rows go. It decides nothing and never commits."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.consultation import Consultation, Status
from bot.domain.retention import UNDER_ONE_KEY, Kind, Stays, hash_of
from bot.privacy.vault import NotReadable
from bot.store.feedback import draft_owner
from bot.store.keys import KeyDestroyed
from bot.store.queries import load
from bot.store.rows import decode
from bot.store.session import Row, Session
from bot.store.trainings import owner

SQL = load("expiry")
_SHREDDED = (
    "contacts", "words", "drafts", "case_names", "receivers", "withdrawals", "agreements", "packages", "reviews",
    "review_notes", "review_briefs", "review_records", "review_tasks", "review_advice", "review_prints", "links",
    "timers", "marks",
)  # fmt: skip
_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Ended:
    """Something that is over: which, of which kind, and the date it counts from."""

    kind: Kind
    subject: str
    counted_from: datetime


@dataclass(frozen=True, slots=True)
class Gone:
    """What was shredded: table → rows, and one hash over the ids."""

    counts: dict[str, int]
    ids_hash: str


class Expiry:
    """Questions for what is due, and the shredding of it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    # Consultations

    async def due(self, closed_before: datetime, withdrawn_before: datetime, most: int) -> list[Ended]:
        """Consultations that are due and not held back, the longest ended first."""
        rows = SQL.due(
            self._connection,
            closed_before=closed_before,
            withdrawn_before=withdrawn_before,
            held=0,
            most=most,
        )
        return [
            Ended(Kind(row["kind"]), row["id"], datetime.fromisoformat(row["ended_at"])) async for row in rows
        ]

    async def held_though_due(
        self, closed_before: datetime, withdrawn_before: datetime
    ) -> list[Consultation]:
        """Those that would be due, were they not held back."""
        rows = SQL.due(
            self._connection,
            closed_before=closed_before,
            withdrawn_before=withdrawn_before,
            held=1,
            most=_ALL,
        )
        return [decode(Consultation, row) async for row in rows]

    async def how_many_together(self) -> Callable[[str], int]:
        """What tells how many consultations go with one: itself, and those merged into it that are still there."""
        under: dict[str, list[str]] = {}
        async for row in SQL.merged(self._connection):
            under.setdefault(row["merged_into"], []).append(row["id"])

        def many(root: str) -> int:
            return 1 + sum(many(each) for each in under.get(root, ()))

        return many

    async def lies_still(self, consultation: str) -> bool:
        """Whether it is over, nothing holds it back, and it was not destroyed yet."""
        return await SQL.lies_still(self._connection, id=consultation) is not None

    async def near(self, closed_before: datetime) -> list[Consultation]:
        """Closed ones without a record whose time is over soon: they counted from before this moment."""
        rows = SQL.near(self._connection, closed_before=closed_before)
        return [decode(Consultation, row) async for row in rows]

    async def together(self, root: str) -> list[Row]:
        """A consultation and all that was merged into it, held until the commit: id, status, ended_at, supporter."""
        return [row async for row in SQL.lock(self._connection, root=root)]

    async def held_among(self, ids: Collection[str]) -> bool:
        """Whether one of these is held back."""
        rows = SQL.held_among(self._connection, ids=json.dumps(list(ids)))
        return bool([row async for row in rows])

    async def shred_consultation(self, consultation: str) -> Gone:
        """Destroy the key of one, and every row that tells who or what. Codes stay."""
        named = f'%"{consultation}"%'
        row = await SQL.count_consultation(self._connection, id=consultation, named=named)
        counts = {table: int(n) for table, n in dict(row).items()}
        counts["data_keys"] = int(await self._session.keys.destroy(consultation))
        await SQL.shred_messages(self._connection, id=consultation, named=named)
        for name in _SHREDDED:
            await getattr(SQL, f"shred_{name}")(self._connection, id=consultation)
        await SQL.shred_people(self._connection, id=consultation, now=self._session.now)
        return Gone(_not_zero(counts), hash_of([consultation]))

    async def end(self, consultation: str, kind: Kind) -> None:
        """Let one that is open again, because a backup brought it back, be over as it was."""
        status = Status.WITHDRAWN if kind is Kind.WITHDRAWN else Status.CLOSED
        await SQL.end(self._connection, id=consultation, status=status, now=self._session.now)

    # Trainings

    async def trainings_due(self, kind: Kind, before: datetime, most: int) -> list[Ended]:
        """Trainings whose words of this kind are due, the longest over first."""
        ask: dict[str, Any] = {"before": before, "most": most}
        rows = (
            SQL.drafts_due(self._connection, **ask)
            if kind is Kind.FEEDBACK_DRAFTS
            else SQL.trainings_due(self._connection, kind=kind, **ask)
        )
        return [Ended(kind, row["id"], datetime.fromisoformat(row["ended_at"])) async for row in rows]

    async def lock_training(self, training: str) -> datetime:
        """The date from which everything of a training counts; its row is held until the commit."""
        row = await SQL.lock_training(self._connection, id=training)
        return datetime.fromisoformat(row["ended_at"])

    async def shred_training(self, training: str, kind: Kind, stays: Stays) -> Gone:
        """Destroy what of a training does not stay. What stays is sealed anew: the key that sealed both goes.

        The training's row is held by whoever asks.
        """
        if kind is Kind.FEEDBACK_DRAFTS:
            return await self._shred_drafts(training)
        cells = [row async for row in SQL.cells(self._connection, training=training)]
        certified = {row["participation"] async for row in SQL.certified(self._connection, training=training)}
        opened = [await self._opened(training, row) for row in cells]
        kept = [text and _left(row, text, stays, certified) for row, text in zip(cells, opened, strict=True)]
        gone = [row for row, left in zip(cells, kept, strict=True) if left is None]
        destroyed = await self._session.keys.destroy(owner(training))
        for row, left in zip(cells, kept, strict=True):
            await self._reseal(training, row, left)
        await self._shred_around(training, kind, stays, certified)
        counts = Counter(str(row["place"]) for row in gone)
        counts["data_keys"] += int(destroyed and stays.nothing)
        ids = {str(row["id"]) for row in gone}
        return Gone(_not_zero(counts), hash_of(ids))

    async def _opened(self, training: str, row: Row) -> str | None:
        """The words of a cell; None where nobody can read them any more."""
        try:
            text: str = await self._session.keys.open(
                owner(training), row["place"], row["part"], row["id"], row["sealed"]
            )
        except (KeyDestroyed, NotReadable):
            return None
        return text

    async def _reseal(self, training: str, row: Row, left: str | None) -> None:
        """Write a cell under the new key, or empty it; a question without its words goes as a row, below."""
        if left is None and row["place"] == "training_questions":
            return
        sealed = left and await self._session.keys.seal(
            owner(training), row["place"], row["part"], row["id"], left
        )
        keep = getattr(SQL, f"keep_{row['place']}_{row['part']}")
        await keep(self._connection, id=row["id"], sealed=sealed)

    async def _shred_around(self, training: str, kind: Kind, stays: Stays, certified: set[str]) -> None:
        """What tells who took part, beside the sealed words."""
        if kind in {Kind.TRAINING_ANSWERS, Kind.CERTIFICATES} and not stays.answers:
            await SQL.shred_invited(self._connection, training=training)
            await SQL.shred_screens(self._connection, training=training)
            await self._shred_attendees(training, certified if stays.names else set())
        if kind is Kind.CERTIFICATES:
            await SQL.shred_names(self._connection, training=training)
        if kind is Kind.TRAINING_QUESTIONS:
            await SQL.shred_questions(self._connection, training=training)
        if kind is Kind.TRAINING_FEEDBACK:
            await SQL.shred_givers(self._connection, training=training)

    async def _shred_attendees(self, training: str, named: set[str]) -> None:
        """Let nobody tell who took part, while the same person still counts once. `named`: who is known a while longer."""
        for row in [row async for row in SQL.attendees(self._connection, training=training)]:
            name = str(row["attendee"])
            if not name.startswith("x:"):
                name = "x:" + await self._session.keys.fingerprint("past attendee", name)
            await SQL.shred_attendee(
                self._connection, id=row["id"], attendee=name, person=int(row["id"] not in named)
            )

    async def _shred_drafts(self, training: str) -> Gone:
        rows = [row async for row in SQL.drafts_of(self._connection, training=training)]
        owners = [draft_owner(training, row["attendee"]) for row in rows]
        for each in owners:
            await self._session.keys.destroy(each)
        await SQL.shred_feedback_drafts(self._connection, training=training)
        return Gone(_not_zero({"data_keys": len(owners), "feedback_drafts": len(rows)}), hash_of(owners))

    # After a backup was brought back

    async def everything_there(self) -> list[tuple[Kind, str]]:
        """Everything that could be destroyed: kind and subject."""
        consultations = [row async for row in SQL.every_consultation(self._connection)]
        trainings = [row["id"] async for row in SQL.every_training(self._connection)]
        found = [
            (kind, str(row["id"])) for row in consultations for kind in (Kind.CONSULTATION, Kind.WITHDRAWN)
        ]
        of_trainings = (*sorted(UNDER_ONE_KEY), Kind.FEEDBACK_DRAFTS)
        return found + [(kind, each) for each in trainings for kind in of_trainings]


def _not_zero(counts: Mapping[str, int]) -> dict[str, int]:
    return {table: n for table, n in sorted(counts.items()) if n}


def _left(row: Row, text: str, stays: Stays, certified: set[str]) -> str | None:
    """What of one cell's words stays, or None."""
    match row["place"]:
        case "trainings":
            return text if stays.private else None
        case "training_questions":
            return text if stays.questions else None
        case "feedback":
            return text if stays.feedback else None
    if stays.answers:
        return text
    name = json.loads(text).get("name", "")
    return (
        json.dumps({"name": name}, ensure_ascii=False)
        if stays.names and name and row["id"] in certified
        else None
    )
