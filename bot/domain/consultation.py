"""The life of a consultation, from the first word to the closed record. Pure rules: no I/O, no clock."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.domain.refusals import (
    AlreadyClaimed,
    AlreadyTheirs,
    ClaimFirst,
    HearingFirst,
    InThePast,
    NotFound,
    TooLate,
)


class Status(StrEnum):
    """Where a consultation is. Labels: `bot/codes/statuses.json`."""

    RECEIVED = "received"
    CLAIMED = "claimed"
    CALLBACK_PENDING = "callback_pending"
    HEARING_DONE = "hearing_done"
    ADVISING = "advising"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


_S = Status
_LEAVE = {_S.CLOSED, _S.SUSPENDED, _S.WITHDRAWN, _S.MERGED}

# Every allowed step. The diagram in README.md is drawn from this table.
STEPS: dict[Status, set[Status]] = {
    _S.RECEIVED: {_S.CLAIMED, _S.CLOSED, _S.WITHDRAWN, _S.MERGED},
    _S.CLAIMED: {_S.RECEIVED, _S.CALLBACK_PENDING, _S.HEARING_DONE, *_LEAVE},
    _S.CALLBACK_PENDING: {_S.CALLBACK_PENDING, _S.HEARING_DONE, *_LEAVE},
    _S.HEARING_DONE: {_S.HEARING_DONE, _S.ADVISING, _S.FOLLOW_UP, *_LEAVE},
    _S.ADVISING: {_S.HEARING_DONE, _S.ADVISING, _S.FOLLOW_UP, *_LEAVE},
    _S.FOLLOW_UP: {_S.HEARING_DONE, _S.ADVISING, _S.FOLLOW_UP, *_LEAVE},
    _S.SUSPENDED: {_S.REOPENED, _S.CLOSED, _S.WITHDRAWN, _S.MERGED},
    _S.CLOSED: {_S.REOPENED},
    _S.WITHDRAWN: {_S.REOPENED},
    _S.REOPENED: {_S.CLAIMED, _S.CLOSED, _S.WITHDRAWN, _S.MERGED},
    # A merge is undone to wherever the consultation was before it.
    _S.MERGED: {
        _S.RECEIVED, _S.CLAIMED, _S.CALLBACK_PENDING, _S.HEARING_DONE, _S.ADVISING,
        _S.FOLLOW_UP, _S.SUSPENDED, _S.REOPENED,
    },
}  # fmt: skip

WAITING = frozenset({_S.RECEIVED, _S.REOPENED})
ENDED = frozenset({_S.CLOSED, _S.WITHDRAWN, _S.MERGED})
OPEN = frozenset(_S) - ENDED
CALLING = frozenset({_S.CLAIMED, _S.CALLBACK_PENDING})
FAILED_CALLS_BEFORE_DECISION = 3
DANGER = "u1"

NOT_REACHED = frozenset({"no_answer", "busy", "away", "left_message", "wrong_number"})


@dataclass(frozen=True, slots=True)
class Consultation:
    """One request for help, coded values only. What people wrote and how to reach them is sealed elsewhere.

    Codes are those of `bot/codes`; people are Slack user ids; instants are aware.
    """

    id: str
    number: str  # "R8-0042"
    fiscal_year: int
    status: Status
    route: str
    contacted_at: datetime  # when the person reached out; entry may be later
    received_at: datetime  # when the desk entered it
    promised_at: datetime  # "we call by"
    urgency: str
    danger: bool = False
    concerns: tuple[str, ...] = ()
    wishes: tuple[str, ...] = ()
    privacy: tuple[str, ...] = ()
    best_times: tuple[str, ...] = ()
    characteristics: tuple[str, ...] = ()
    supporter_field: str | None = None
    organization_type: str | None = None
    occupation: str | None = None
    municipality: str | None = None
    region: str | None = None
    supporter: str | None = None  # None: has no Slack
    entered_by: str | None = None  # an operator, for somebody
    counselor: str | None = None
    claimed_at: datetime | None = None
    claim_expires_at: datetime | None = None
    handover_to: str | None = None
    failed_calls: int = 0
    needs_decision: bool = False
    next_action_on: date | None = None
    dispositions: tuple[str, ...] = ()
    primary_disposition: str | None = None
    closing_reason: str | None = None
    ended_at: datetime | None = None
    merged_into: str | None = None
    before: Status | None = None  # where it was before a merge
    codes_version: str = ""
    version: int = 1

    @property
    def is_waiting(self) -> bool:
        """Nobody holds it and somebody should."""
        return self.counselor is None and self.status in OPEN - {Status.SUSPENDED}

    @property
    def pace(self) -> str:
        """The urgency it is promised and claimed by: where somebody may be in danger, the first."""
        return DANGER if self.danger else self.urgency

    def claimed_by(self, counselor: str, now: datetime, expires_at: datetime) -> "Consultation":
        """Promise the call-back. Whoever asks first has it; asking twice changes nothing.

        Only a call that is still to be made runs out: who takes over after it has the next action's day.
        """
        if self.counselor == counselor:
            return self
        if self.counselor is not None:
            raise AlreadyClaimed(self.counselor, self.claimed_at)
        if not self.is_waiting:
            raise TooLate(self.status)
        to = Status.CLAIMED if self.status in WAITING else self.status
        return replace(
            self,
            status=to,
            counselor=counselor,
            claimed_at=now,
            claim_expires_at=expires_at if to in CALLING else None,
            handover_to=None,
        )

    def assigned_to(self, counselor: str, now: datetime, expires_at: datetime) -> "Consultation":
        """A coordinator gives it to somebody, whoever held it before."""
        if self.counselor == counselor:
            return self
        return replace(self, counselor=None).claimed_by(counselor, now, expires_at)

    def released(self) -> "Consultation":
        """Back to the queue; what was already heard and advised stays."""
        if self.status in ENDED:
            raise TooLate(self.status)
        if self.counselor is None:
            return self
        to = Status.RECEIVED if self.status is Status.CLAIMED else self.status
        return replace(
            self, status=to, counselor=None, claimed_at=None, claim_expires_at=None, handover_to=None
        )

    def offered_to(self, taker: str) -> "Consultation":
        """Ask somebody to take over. The giver keeps it until the taker accepts."""
        if self.counselor is None or self.status in ENDED:
            raise TooLate(self.status)
        if taker == self.counselor:
            raise AlreadyTheirs
        return replace(self, handover_to=taker)

    def taken_over_by(self, taker: str, now: datetime, expires_at: datetime) -> "Consultation":
        """The taker says yes to an offer that still stands."""
        if self.counselor == taker:
            return self
        if self.handover_to != taker:
            raise TooLate(self.status)
        return replace(
            self, counselor=taker, claimed_at=now, handover_to=None,
            claim_expires_at=expires_at if self.status in CALLING else None,
        )  # fmt: skip

    def handover_declined(self, taker: str) -> "Consultation":
        """The taker says no; the giver still has it."""
        return replace(self, handover_to=None) if self.handover_to == taker else self

    def called(self, outcome: str, failures: int) -> "Consultation":
        """Somebody tried to call. `failures`: failed calls on different days or times, this one included.

        An attempt keeps the claim's promise; what nobody has claimed goes on waiting. After three failures a
        coordinator decides; nothing closes silently.
        """
        if self.status in ENDED:
            raise TooLate(self.status)
        to = Status.CALLBACK_PENDING if self.status is Status.CLAIMED else self.status
        if outcome in NOT_REACHED:
            return replace(
                self._to(to), failed_calls=failures, claim_expires_at=None,
                needs_decision=failures >= FAILED_CALLS_BEFORE_DECISION,
            )  # fmt: skip
        return replace(self._to(to), claim_expires_at=None, failed_calls=0, needs_decision=False)

    def decided_to_go_on(self) -> "Consultation":
        """The coordinator decides that the desk keeps trying."""
        return replace(self, failed_calls=0, needs_decision=False)

    def heard(
        self,
        *,
        concerns: Collection[str],
        characteristics: Collection[str],
        next_action_on: date,
        today: date,
        **codes: str | None,
    ) -> "Consultation":
        """The hearing is written down. A next action with a date is part of it."""
        if next_action_on < today:
            raise InThePast("next_on")
        if self.status in WAITING:
            raise ClaimFirst
        return self._step(
            Status.HEARING_DONE,
            concerns=tuple(concerns),
            characteristics=tuple(characteristics),
            next_action_on=next_action_on,
            claim_expires_at=None,
            failed_calls=0,
            needs_decision=False,
            **codes,
        )

    def advised(self, next_action_on: date, today: date) -> "Consultation":
        """One more round of interview, outreach or other work."""
        if next_action_on < today:
            raise InThePast("next_on")
        if self.status in WAITING:
            raise ClaimFirst
        if self.status in CALLING:
            raise HearingFirst
        return self._step(Status.ADVISING, next_action_on=next_action_on, claim_expires_at=None)

    def followed_up(self, next_action_on: date) -> "Consultation":
        """The desk has asked, or was told, how it went."""
        return self._step(Status.FOLLOW_UP, next_action_on=next_action_on)

    def closed(
        self, now: datetime, *, dispositions: Collection[str], primary: str, reason: str
    ) -> "Consultation":
        """End the support, with what came of it and why it ends."""
        kept = tuple(dict.fromkeys([primary, *dispositions]))
        return self._step(
            Status.CLOSED,
            dispositions=kept,
            primary_disposition=primary,
            closing_reason=reason,
            ended_at=now,
            claim_expires_at=None,
            handover_to=None,
            needs_decision=False,
            next_action_on=None,
        )

    def suspended(self) -> "Consultation":
        """Pause: nothing is due, nothing is lost."""
        return self._step(Status.SUSPENDED, claim_expires_at=None, handover_to=None, needs_decision=False)

    def reopened(self, promised_at: datetime) -> "Consultation":
        """Open it again; it waits in the queue with a new promise, its history stays."""
        return self._step(
            Status.REOPENED,
            promised_at=promised_at,
            counselor=None,
            claimed_at=None,
            ended_at=None,
            closing_reason=None,
            failed_calls=0,
            needs_decision=False,
        )

    def withdrawn(self, now: datetime) -> "Consultation":
        """The supporter does not want it any more. No reason is asked."""
        return self._step(
            Status.WITHDRAWN, ended_at=now, claim_expires_at=None, handover_to=None,
            needs_decision=False, next_action_on=None,
        )  # fmt: skip

    def merged(self, into: "Consultation", now: datetime) -> "Consultation":
        """The same request came in twice: this one points to the other, and can be undone."""
        if into.id == self.id:
            raise NotFound
        if into.status in ENDED:
            raise TooLate(into.status)
        return self._step(
            Status.MERGED, merged_into=into.id, before=self.status, ended_at=now, handover_to=None,
        )  # fmt: skip

    def unmerged(self) -> "Consultation":
        """Undo a merge: it is again what it was."""
        if self.status is not Status.MERGED or self.before not in STEPS[Status.MERGED]:
            raise TooLate(self.status)
        return replace(self, status=self.before, merged_into=None, before=None, ended_at=None)

    def reclassified(self, urgency: str, promised_at: datetime) -> "Consultation":
        """Another urgency. The promise may come nearer, never later: it was given. What was danger stays so."""
        if self.status in ENDED:
            raise TooLate(self.status)
        if urgency == self.urgency:
            return self
        return replace(
            self, urgency=urgency, promised_at=min(self.promised_at, promised_at),
            danger=self.danger or urgency == DANGER,
        )  # fmt: skip

    def endangered(self, promised_at: datetime, expires_at: datetime) -> "Consultation":
        """Somebody may be in danger, as is known now: the promise comes nearer, and who holds it is to call soon."""
        if self.status in ENDED:
            raise TooLate(self.status)
        runs_out = self.counselor is not None and self.status is not Status.SUSPENDED
        return replace(
            self, danger=True, promised_at=min(self.promised_at, promised_at),
            claim_expires_at=min(self.claim_expires_at or expires_at, expires_at) if runs_out else None,
        )  # fmt: skip

    def _to(self, to: Status) -> "Consultation":
        return self if to is self.status else self._step(to)

    def _step(self, to: Status, **changes: Any) -> "Consultation":
        if (
            to not in STEPS[self.status] or self.status is Status.MERGED
        ):  # a merge is undone, not stepped out of
            raise TooLate(self.status)
        return replace(self, status=to, **changes)


def receipt_number(era_year: str, serial: int) -> str:
    """`R8-0042`: the fiscal year in the Japanese era, and the how-manieth intake of it."""
    return f"{era_year}-{serial:04d}"


def distinct_failures(attempts: Collection[tuple[datetime, str]]) -> int:
    """How many failed calls count: two within the same hour are one try.

    `attempts`: (when, outcome) since somebody was last reached. Instants must be aware.
    """
    counted: list[datetime] = []
    for at, outcome in sorted(attempts):
        if outcome not in NOT_REACHED:
            counted.clear()
        elif not counted or (at - counted[-1]).total_seconds() >= 3600:
            counted.append(at)
    return len(counted)
