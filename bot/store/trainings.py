"""Trainings: the plan everybody may read, and what only those who joined may (sealed under the training's own key)."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.refusals import Changed, NotFound
from bot.domain.training import Plan, Session, Training
from bot.store.queries import load, statement
from bot.store.rows import decode, encode, instant
from bot.store.session import Row
from bot.store.session import Session as StoreSession

SQL = load("trainings")

_CODED = (
    "types", "concerns", "characteristics", "fields", "occupations", "regions", "municipalities", "asks",
)  # fmt: skip
_MOVING = (
    "id", "fiscal_year", "stage", "kind", "organizer", "starts_at", "ends_at", "deadline", "plan", "private_sealed", "channels",
    "announce_at", "announced_at", "ended_at", "ended_because", "edition", "last_turn",
)  # fmt: skip


def owner(training_id: str) -> str:
    """Whose key seals everything written about a training: `Keys.destroy(owner(id))` makes it unreadable."""
    return f"training:{training_id}"


class Trainings:
    """Rows in, trainings out. It holds no rules and never commits."""

    def __init__(self, session: StoreSession) -> None:
        self._session = session
        self._connection = session.connection

    async def next_serial(self, fiscal_year: int) -> int:
        """Take the next number of a fiscal year."""
        row = await SQL.next_serial(self._connection, fiscal_year=fiscal_year)
        return int(row["last"])

    async def add(self, training: Training) -> Training:
        """Keep a new one; give it with the ids of its sessions."""
        training = training.planned(self._with_ids(training.plan))
        await SQL.add(self._connection, **await self._columns(training))
        await self._keep_sessions(training, ())
        return training

    async def get(self, training_id: str) -> Training:
        """Give one, or raise `NotFound`. In a transaction, whoever asks for it next waits until the commit."""
        ask = SQL.hold if self._session.changes else SQL.get
        row = await ask(self._connection, id=training_id)
        if row is None:
            raise NotFound
        return await self._opened(row)

    async def move(self, was: Training, to: Training) -> Training:
        """Write one step, or raise `Changed`, at the commit at the latest. Gives it with the ids of its sessions."""
        to = to.planned(self._with_ids(to.plan))
        same = was.plan.private == to.plan.private
        columns = {
            name: value for name, value in (await self._columns(to, seal=not same)).items() if name in _MOVING
        }
        columns["keep_private"] = same
        said = statement(SQL, "move", self._connection, was=was.version, **columns)
        self._connection.must(*said, otherwise=Changed())
        if was.plan.sessions != to.plan.sessions:
            await self._keep_sessions(to, was.plan.sessions)
        return replace(to, version=was.version + 1)

    async def removed_sessions(self, training_id: str) -> list[Session]:
        """Sessions that were taken out after they had been announced."""
        found = SQL.sessions_removed(self._connection, training=training_id)
        return [_session(row) async for row in found]

    async def to_come(self, since: datetime) -> list[Training]:
        """What an organizer has before them: drafts, what is to come, and what was over since then."""
        return await self._all(SQL.to_come(self._connection, since=since))

    async def open_ones(self, now: datetime) -> list[Training]:
        """Announced and not over, soonest first."""
        return await self._all(SQL.open_ones(self._connection, now=now))

    async def ended(self, now: datetime) -> list[Training]:
        """Announced ones whose last session is over."""
        return await self._all(SQL.ended(self._connection, now=now))

    async def since(self, since: datetime) -> list[Training]:
        """All that were made since then, newest first."""
        return await self._all(SQL.held_since(self._connection, since=since))

    async def of_year(self, fiscal_year: int) -> list[Training]:
        """Those held in a fiscal year, in order."""
        return await self._all(SQL.of_year(self._connection, fiscal_year=fiscal_year))

    async def note_change(self, training: Training, changed: dict[str, Any]) -> None:
        """Keep what changed with this edition."""
        await SQL.note_change(
            self._connection,
            training=training.id,
            edition=training.edition,
            at=self._session.now,
            by=self._session.actor.id,
            changed=json.dumps(changed, ensure_ascii=False),
        )

    async def change(self, training_id: str, edition: int) -> dict[str, Any]:
        """Give what changed with an edition, or raise `NotFound`."""
        row = await SQL.change(self._connection, training=training_id, edition=edition)
        if row is None:
            raise NotFound
        return dict(json.loads(row["changed"]))

    async def invite(self, training_id: str, person: str, municipality: str | None = None) -> bool:
        """Note that somebody is asked to come, and for which municipality. False: they were asked already."""
        row = await SQL.invite(
            self._connection,
            training=training_id,
            person=person,
            invited_at=self._session.now,
            municipality=municipality,
        )
        if row is None and municipality:
            await SQL.invite_from(
                self._connection, training=training_id, person=person, municipality=municipality
            )
        return row is not None

    async def invited_for(self, training_id: str) -> dict[str, str | None]:
        """Everybody who was asked to come → for which municipality, where that was said."""
        found = SQL.invitees(self._connection, training=training_id)
        return {row["person"]: row["municipality"] async for row in found}

    async def invitees(self, training_id: str) -> list[str]:
        """Everybody who was asked to come."""
        return [row["person"] async for row in SQL.invitees(self._connection, training=training_id)]

    async def unanswered(self, training_id: str) -> list[str]:
        """Those who were asked to come and have said neither yes nor no."""
        return [row["person"] async for row in SQL.unanswered(self._connection, training=training_id)]

    def _with_ids(self, plan: Plan) -> Plan:
        sessions = tuple(replace(each, id=each.id or self._session.new_id()) for each in plan.sessions)
        return replace(plan, sessions=sessions)

    async def _keep_sessions(self, training: Training, was: Sequence[Session]) -> None:
        kept = {each.id for each in training.plan.sessions}
        for gone in was:
            if gone.id not in kept:
                await SQL.remove_session(self._connection, id=gone.id)
        for each in training.plan.sessions:
            await SQL.keep_session(
                self._connection,
                id=each.id,
                training=training.id,
                starts_at=each.starts_at,
                ends_at=each.ends_at,
            )

    async def _columns(self, training: Training, *, seal: bool = True) -> dict[str, Any]:
        plan = training.plan
        columns = encode(training)
        columns["plan"] = _plan_text(plan)
        columns["kind"], columns["deadline"] = plan.kind, plan.deadline
        columns["starts_at"], columns["ends_at"] = plan.starts_at, plan.ends_at
        columns["private_sealed"] = None
        if seal and any(plan.private.values()):
            text = json.dumps(plan.private, ensure_ascii=False)
            columns["private_sealed"] = await self._session.keys.seal(
                owner(training.id), "trainings", "private", training.id, text
            )
        return columns

    async def _all(self, found: Any) -> list[Training]:
        """Read a list; what only those who joined may see stays sealed in it."""
        return [_training(row, {}) async for row in found]

    async def _opened(self, row: Row) -> Training:
        private: dict[str, str] = {}
        if row["private_sealed"]:
            text = await self._session.keys.open(
                owner(row["id"]), "trainings", "private", row["id"], row["private_sealed"]
            )
            private = json.loads(text)
        return _training(row, private)


def _training(row: Row, private: dict[str, str]) -> Training:
    given = json.loads(row["plan"])
    plan = Plan(
        kind=row["kind"],
        fee=given["fee"],
        deadline=row["deadline"] and datetime.fromisoformat(row["deadline"]),
        seats=given["seats"],
        sessions=tuple(
            Session(datetime.fromisoformat(starts), datetime.fromisoformat(ends), each)
            for each, starts, ends in given["sessions"]
        ),
        words=given["words"],
        private=private,
        **{name: tuple(given[name]) for name in _CODED},
    )
    return decode(Training, {**row, "plan": plan})


def _plan_text(plan: Plan) -> str:
    given: dict[str, Any] = {name: getattr(plan, name) for name in _CODED}
    given |= {"fee": plan.fee, "seats": plan.seats, "words": plan.words}
    given["sessions"] = [
        [each.id, instant(each.starts_at), instant(each.ends_at)] for each in sorted(plan.sessions)
    ]
    return json.dumps(given, ensure_ascii=False)


def _session(row: Row) -> Session:
    return Session(
        datetime.fromisoformat(row["starts_at"]), datetime.fromisoformat(row["ends_at"]), str(row["id"])
    )
