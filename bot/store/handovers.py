"""つなぐ: agreements, the offices something may go to, and the packages. Codes in the clear, every word sealed."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.agreement import Agreement, Receiver, Withdrawal
from bot.domain.handover import Package, State
from bot.domain.refusals import Changed, NotFound
from bot.store.queries import load, statement
from bot.store.rows import decode, encode
from bot.store.session import Row, Session

SQL = load("handovers")
_ENDING = ("fields", "receivers", "withdrawn_on", "withdrawn_how")
_MOVING = (
    "digest", "state", "sent_by", "sent_at", "answered_at", "answered_through", "reason", "done_at", "before",
    "return_because", "return_asked_at", "returned_at", "token_hash", "token_until",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """A withdrawal as it was noted: which, by whom, when."""

    id: str
    agreement: str
    withdrawal: Withdrawal
    recorded_by: str
    recorded_at: datetime


class Handovers:
    """Rows in, agreements and packages out. It holds no rules and never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    # Receivers

    async def add_receiver(self, consultation: str, receiver: Receiver) -> None:
        """Keep an office; what it calls itself is sealed."""
        columns = encode(receiver)
        office = columns.pop("office")
        sealed = office and await self._seal(
            consultation, "handover_receivers", "office", receiver.id, office
        )
        await SQL.add_receiver(
            self._connection, consultation=consultation, office_sealed=sealed or None, **columns
        )

    async def receivers_of(self, consultation: str) -> dict[str, Receiver]:
        """The offices of a consultation, by id."""
        rows = [row async for row in SQL.receivers_of(self._connection, consultation=consultation)]
        return {row["id"]: await self._receiver(row) for row in rows}

    async def receiver(self, receiver_id: str, *, named: bool = True) -> Receiver:
        """One office, or `NotFound`. `named`: with what it calls itself, opened."""
        row = _there(await SQL.receiver(self._connection, id=receiver_id))
        return await self._receiver(row if named else {**row, "office_sealed": None})

    # Agreements

    async def add_agreement(self, agreement: Agreement) -> None:
        """Keep what somebody said, noted now by the present actor."""
        await SQL.add_agreement(
            self._connection,
            recorded_by=self._session.actor.id,
            recorded_at=self._session.now,
            **encode(agreement),
        )

    async def agreement(self, agreement_id: str) -> Agreement:
        """One agreement, or `NotFound`."""
        return decode(Agreement, _there(await SQL.agreement(self._connection, id=agreement_id)))

    async def agreements_of(self, consultation: str) -> list[Agreement]:
        """All that was asked and said, in order."""
        rows = SQL.agreements_of(self._connection, consultation=consultation)
        return [decode(Agreement, row) async for row in rows]

    async def ended_between(self, since: date, until: date) -> list[Agreement]:
        """Those whose last day was `since` or later and before `until`."""
        rows = SQL.ended_between(self._connection, since=since, until=until)
        return [decode(Agreement, row) async for row in rows]

    async def take_back(self, was: Agreement, to: Agreement, taken: Withdrawal) -> None:
        """Write what is left of an agreement, and what was said. Raises `Changed` where somebody was quicker."""
        columns = {name: value for name, value in encode(to).items() if name in _ENDING}
        said = statement(SQL, "move_agreement", self._connection, id=was.id, was=was.version, **columns)
        self._connection.must(*said, otherwise=Changed())
        await SQL.add_withdrawal(
            self._connection,
            id=self._session.new_id(),
            agreement=was.id,
            taken_on=taken.on,
            how=taken.how,
            receivers=json.dumps(sorted(taken.receivers)),
            fields=json.dumps(sorted(taken.fields)),
            recorded_by=self._session.actor.id,
            recorded_at=self._session.now,
        )

    async def withdrawals_of(self, agreement_id: str) -> list[Taken]:
        """What was taken back, in order."""
        rows = SQL.withdrawals_of(self._connection, agreement=agreement_id)
        return [_taken(row) async for row in rows]

    # Packages

    async def next_number(self, consultation: str, of: str) -> str:
        """The number of the next package; the consultation's row is held."""
        row = await SQL.how_many(self._connection, consultation=consultation)
        return f"{of}-{int(row['packages']) + 1}"

    async def add_package(self, package: Package, content: str) -> None:
        """Keep a draft with its content as it would be sent, sealed."""
        sealed = await self._seal(package.consultation, "packages", "content", package.id, content)
        await SQL.add_package(self._connection, content_sealed=sealed, **encode(package))

    async def package(self, package_id: str) -> Package:
        """One package, or `NotFound`."""
        return decode(Package, _there(await SQL.package(self._connection, id=package_id)))

    async def numbered(self, number: str) -> Package:
        """The package of this number, or `NotFound`."""
        return decode(Package, _there(await SQL.numbered(self._connection, number=number)))

    async def packages_of(self, consultation: str) -> list[Package]:
        """Every package of a consultation, in order."""
        return [
            decode(Package, row) async for row in SQL.packages_of(self._connection, consultation=consultation)
        ]

    async def packages_under(self, agreement_id: str) -> list[Package]:
        """Every package made under an agreement, in any state."""
        rows = SQL.packages_under(self._connection, agreement=agreement_id)
        return [decode(Package, row) async for row in rows]

    async def in_batch(self, batch: str) -> list[Package]:
        """Those prepared in one form, in order."""
        return [decode(Package, row) async for row in SQL.in_batch(self._connection, batch=batch)]

    async def given_by(self, person: str) -> list[Package]:
        """What somebody sent, newest first."""
        return [decode(Package, row) async for row in SQL.given_by(self._connection, person=person)]

    async def waiting(self, state: State) -> list[Package]:
        """Those in a state in which somebody is waited for, longest first."""
        return [decode(Package, row) async for row in SQL.waiting(self._connection, state=state)]

    async def move(self, was: Package, to: Package) -> None:
        """Write one step, unless somebody else took one first: then `Changed` is raised, at the commit at the latest."""
        columns = {name: value for name, value in encode(to).items() if name in _MOVING}
        said = statement(SQL, "move_package", self._connection, id=was.id, was=was.version, **columns)
        self._connection.must(*said, otherwise=Changed())

    async def content(self, package: Package) -> str:
        """Open the content of a package as it is sent. The reading is audited by whoever asks. Raises `NotFound`."""
        return await self._words(package, "content")

    async def forget_content(self, package: Package) -> None:
        """Of what never goes out no word stays."""
        await SQL.forget_content(self._connection, id=package.id)

    async def keep_reply(self, package: Package, text: str) -> None:
        """Keep what the receiver said with the answer."""
        sealed = await self._seal(package.consultation, "packages", "reply", package.id, text)
        await SQL.reply(self._connection, id=package.id, reply_sealed=sealed)

    async def reply(self, package: Package) -> str:
        """What the receiver said with the answer; empty where nothing was."""
        try:
            return await self._words(package, "reply")
        except NotFound:
            return ""

    async def files_of(self, package: Package) -> list[tuple[str, str]]:
        """Its sheets that lie in direct messages: whose they are, and Slack's ids of them."""
        named = f'%"{package.id}"%'
        rows = SQL.files_of(self._connection, consultation=package.consultation, named=named)
        return [(row["channel"], row["file_id"]) async for row in rows]

    async def files_of_case(self, consultation: str) -> list[tuple[str, str]]:
        """The same of all packages of a consultation."""
        rows = SQL.files_of(self._connection, consultation=consultation, named="%")
        return [(row["channel"], row["file_id"]) async for row in rows]

    async def files_left(self) -> list[tuple[str, str]]:
        """Sheets that were asked back and lie in direct messages all the same."""
        return [(row["channel"], row["file_id"]) async for row in SQL.files_left(self._connection)]

    def token(self, package_id: str, step: str) -> str:
        """The one-time token of a package at this step: the same whenever it is asked for here, guessed by nobody."""
        return self._session.vault.fingerprint("package answer", f"{package_id}/{step}")

    async def _words(self, package: Package, column: str) -> str:
        row = _there(await SQL.package(self._connection, id=package.id))
        sealed = row[f"{column}_sealed"]
        if sealed is None:
            raise NotFound
        keys = self._session.keys
        return await keys.open(package.consultation, "packages", column, package.id, sealed)

    async def _receiver(self, row: Row) -> Receiver:
        keys, sealed = self._session.keys, row["office_sealed"]
        office = sealed and await keys.open(
            row["consultation"], "handover_receivers", "office", row["id"], sealed
        )
        return decode(Receiver, {**row, "office": office or ""})

    async def _seal(self, owner: str, table: str, column: str, row: str, text: str) -> str:
        return await self._session.keys.seal(owner, table, column, row, text)


def _there(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row


def _taken(row: Row) -> Taken:
    said = Withdrawal(
        date.fromisoformat(row["taken_on"]),
        row["how"],
        frozenset(json.loads(row["receivers"])),
        frozenset(json.loads(row["fields"])),
    )
    return Taken(
        row["id"], row["agreement"], said, row["recorded_by"], datetime.fromisoformat(row["recorded_at"])
    )
