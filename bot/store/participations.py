"""Who takes part in what: coded values, sealed answers, and who was there."""

import json
from dataclasses import replace
from datetime import datetime

from bot.domain.refusals import Changed, NotFound
from bot.domain.seats import Mark, Participation
from bot.store.queries import load, statement
from bot.store.rows import decode, encode
from bot.store.session import Session
from bot.store.trainings import owner

SQL = load("participations")

_MOVING = (
    "id", "format", "status", "turn", "joined_at", "offered_at", "offer_expires_at", "entered_by", "route",
    "supporter_field", "organization_type", "occupation", "municipality", "region", "walk_in", "reminders", "calendar",
    "practice",
)  # fmt: skip
KNOWN = ("supporter_field", "organization_type", "occupation", "municipality")


class Participations:
    """Rows in, participations out. It holds no rules and never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    async def add(self, participation: Participation) -> None:
        """Keep a new one."""
        await SQL.add(self._connection, **encode(participation))

    async def get(self, participation_id: str) -> Participation:
        """Give one, or raise `NotFound`."""
        row = await SQL.get(self._connection, id=participation_id)
        if row is None:
            raise NotFound
        return decode(Participation, row)

    async def by_attendee(self, training_id: str, attendee: str) -> Participation | None:
        """Give somebody's part in a training, whatever became of it; None: they never answered."""
        row = await SQL.by_attendee(self._connection, training=training_id, attendee=attendee)
        return None if row is None else decode(Participation, row)

    async def move(self, was: Participation, to: Participation) -> Participation:
        """Write one step, or raise `Changed`, at the commit at the latest."""
        columns = {name: value for name, value in encode(to).items() if name in _MOVING}
        said = statement(SQL, "move", self._connection, was=was.version, **columns)
        self._connection.must(*said, otherwise=Changed())
        return replace(to, version=was.version + 1)

    async def of_training(self, training_id: str) -> list[Participation]:
        """Everybody who ever answered, in the order they asked."""
        found = SQL.of_training(self._connection, training=training_id)
        return [decode(Participation, row) async for row in found]

    async def of_person(self, person: str) -> list[Participation]:
        """A person's own, newest training first."""
        return [decode(Participation, row) async for row in SQL.of_person(self._connection, person=person)]

    async def known_of(self, person: str, *, beside: str) -> dict[str, str]:
        """Give the newest code of each kind (`KNOWN`) a person gave at any training but this one."""
        found: dict[str, str] = {}
        async for row in SQL.known_of(self._connection, person=person, training=beside):
            found = {name: row[name] for name in KNOWN if row[name]} | found
        return found

    async def write_answers(self, participation: Participation, answers: dict[str, str]) -> None:
        """Keep what was answered when joining (`ANSWERS`), sealed; empty ones are left out."""
        given = {name: text for name, text in answers.items() if text}
        text = json.dumps(given, ensure_ascii=False)
        sealed = await self._session.keys.seal(
            owner(participation.training), "participations", "answers", participation.id, text
        )
        await SQL.write_answers(self._connection, id=participation.id, sealed=sealed)

    async def answers(self, participation: Participation) -> dict[str, str]:
        """Open what was answered when joining. Whoever asks for it notes it in the trail."""
        row = await SQL.get(self._connection, id=participation.id)
        if row is None or row["answers_sealed"] is None:
            return {}
        text = await self._session.keys.open(
            owner(participation.training),
            "participations",
            "answers",
            participation.id,
            row["answers_sealed"],
        )
        return dict(json.loads(text))

    async def answers_of_training(self, training_id: str) -> dict[str, dict[str, str]]:
        """Open what everybody answered when joining: participation → answers. Noted in the trail like the one above."""
        found: dict[str, dict[str, str]] = {}
        async for row in SQL.of_training(self._connection, training=training_id):
            if row["answers_sealed"] is not None:
                text = await self._session.keys.open(
                    owner(training_id), "participations", "answers", row["id"], row["answers_sealed"]
                )
                found[row["id"]] = dict(json.loads(text))
        return found

    async def mark(self, mark: Mark) -> None:
        """Note whether somebody was at a session; the last word counts."""
        await SQL.mark(self._connection, **encode(mark))

    async def marks_of_training(self, training_id: str) -> list[Mark]:
        """Everybody's marks at a training."""
        found = SQL.marks_of_training(self._connection, training=training_id)
        return [decode(Mark, row) async for row in found]

    async def marks_of(self, participation_id: str) -> list[Mark]:
        """One person's marks."""
        found = SQL.marks_of(self._connection, participation=participation_id)
        return [decode(Mark, row) async for row in found]

    async def minutes_between(self, attendee: str, since: datetime, until: datetime) -> int:
        """Minutes somebody attended in sessions that began from `since` until just before `until`."""
        row = await SQL.minutes_in_year(self._connection, attendee=attendee, since=since, until=until)
        return int(row["minutes"])
