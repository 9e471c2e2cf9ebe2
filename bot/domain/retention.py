"""How long what identifies somebody is kept: a rule for each kind, each counted from a date. Pure rules."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.business_time import TOKYO, fiscal_year
from bot.domain.refusals import NotFound

GAP = timedelta(days=4)  # longer between two looks at the clock is a leap, or a desk that was closed
STEADY = timedelta(hours=20)  # how long the clock has to go on by itself before anything is destroyed
LONG = timedelta(days=30)  # a leap further ahead than this is believed at a person's word only
_INSTANT = timedelta(microseconds=1)


class Kind(StrEnum):
    """What is kept for a time. Labels, and the date each counts from: `bot/codes/retention_kinds.json`."""

    CONSULTATION = "consultation"
    WITHDRAWN = "withdrawn"
    TRAINING_ANSWERS = "training_answers"
    CERTIFICATES = "certificates"
    TRAINING_QUESTIONS = "training_questions"
    TRAINING_FEEDBACK = "training_feedback"
    FEEDBACK_DRAFTS = "feedback_drafts"
    LETTERS = (
        "letters"  # these two by the day: their keys go with them, see `bot/store/letters.py` and `inbox.py`
    )
    INBOX = "inbox"


OF_CONSULTATIONS = (Kind.CONSULTATION, Kind.WITHDRAWN)
OF_TRAININGS = (
    Kind.TRAINING_ANSWERS, Kind.CERTIFICATES, Kind.TRAINING_QUESTIONS, Kind.TRAINING_FEEDBACK, Kind.FEEDBACK_DRAFTS,
)  # fmt: skip
# Everything sealed under the key of a training; when all of it is over, that key is gone for good.
UNDER_ONE_KEY = frozenset(OF_TRAININGS) - {Kind.FEEDBACK_DRAFTS}
BY_THE_DAY = (Kind.LETTERS, Kind.INBOX)

# Every sealed column, and what ends it. A column that is not here has no end: a test compares this with the schema.
SEALED: dict[str, Kind] = {
    "briefs.words": Kind.CONSULTATION,
    "case_names.surface": Kind.CONSULTATION,
    "case_names.token": Kind.CONSULTATION,
    "contacts.agency": Kind.CONSULTATION,
    "contacts.callable": Kind.CONSULTATION,
    "contacts.name": Kind.CONSULTATION,
    "contacts.phone": Kind.CONSULTATION,
    "drafts.answers": Kind.CONSULTATION,
    "feedback.words": Kind.TRAINING_FEEDBACK,
    "feedback_drafts.answers": Kind.FEEDBACK_DRAFTS,
    "handover_receivers.office": Kind.CONSULTATION,
    "inbox.payload": Kind.INBOX,
    "letters.text": Kind.LETTERS,
    "packages.content": Kind.CONSULTATION,
    "packages.reply": Kind.CONSULTATION,
    "participations.answers": Kind.TRAINING_ANSWERS,  # of the name on a certificate: CERTIFICATES
    "review_advice.words": Kind.CONSULTATION,
    "review_answers.note": Kind.CONSULTATION,
    "review_notes.words": Kind.CONSULTATION,
    "review_tasks.text": Kind.CONSULTATION,
    "reviews.words": Kind.CONSULTATION,
    "training_questions.answer": Kind.TRAINING_QUESTIONS,
    "training_questions.answerer": Kind.TRAINING_QUESTIONS,
    "training_questions.text": Kind.TRAINING_QUESTIONS,
    "trainings.private": Kind.TRAINING_ANSWERS,
    "words.text": Kind.CONSULTATION,
}


class Basis(StrEnum):
    """Why something was destroyed in this moment."""

    SCHEDULE = "schedule"
    BY_HAND = "by_hand"
    RESTORED = "restored"  # it had been destroyed before, and a backup brought it back


class Destroyed(NotFound):
    """Its time was over: what was said is gone for good, only codes are left. `when` it was destroyed."""

    template = "refusals/destroyed"

    def __init__(self, when: datetime) -> None:
        self.when = when
        super().__init__("destroyed")


@dataclass(frozen=True, slots=True)
class Rule:
    """How long something is kept: so many `years` after the fiscal year (April to March, Tokyo) of its date is over, or
    so many `days` after the date itself.
    """

    years: int | None = None
    days: int | None = None

    def __post_init__(self) -> None:
        if (self.years is None) == (self.days is None):
            raise ValueError("a rule has either years or days")

    def __str__(self) -> str:
        return f"years:{self.years}" if self.years is not None else f"days:{self.days}"

    def due(self, counted_from: datetime) -> datetime:
        """The moment from which it may not be kept any more."""
        if self.years is None:
            return counted_from + timedelta(days=self.days or 0)
        return datetime(fiscal_year(counted_from) + 1 + self.years, 4, 1, tzinfo=TOKYO)

    def cutoff(self, now: datetime) -> datetime:
        """Everything that counts from before this moment is due now, and nothing else is."""
        if self.years is None:
            return now - timedelta(days=self.days or 0) + _INSTANT
        return datetime(fiscal_year(now) - self.years, 4, 1, tzinfo=TOKYO)


@dataclass(frozen=True, slots=True)
class Steadiness:
    """Whether the clock can be believed: what was destroyed because it ran ahead never comes back.

    `seen_at`: when it was last looked at; `since`: from when on it has gone on without a leap; `sure_at`: the last moment
    that needed no person's word.
    """

    seen_at: datetime
    since: datetime
    sure_at: datetime

    def seen(self, now: datetime) -> "Steadiness":
        """Look at the clock once more. After a leap, either way, it has to prove itself anew."""
        leapt = now < self.seen_at or now - self.seen_at > GAP
        next_ = replace(self, seen_at=now, since=now if leapt else self.since)
        near = self.sure_at <= now <= self.sure_at + LONG
        return replace(next_, sure_at=now) if near or (now < self.sure_at and next_.steady) else next_

    def confirmed(self, moment: datetime) -> "Steadiness":
        """Somebody said that this moment, not long ago, was right."""
        return replace(self, sure_at=moment).seen(self.seen_at)

    @property
    def steady(self) -> bool:
        """Whether it has gone on by itself for long enough."""
        return self.seen_at - self.since >= STEADY

    @property
    def waits(self) -> bool:
        """Whether it leapt so far ahead that somebody has to say that it is right."""
        return self.seen_at > self.sure_at

    @property
    def believed(self) -> bool:
        """Whether anything may be destroyed because of it."""
        return self.steady and not self.waits


@dataclass(frozen=True, slots=True)
class Stays:
    """What of a training's sealed words stays while some kinds are over: see `staying`."""

    private: bool
    answers: bool
    names: bool  # of those who have a certificate, the name on it
    questions: bool
    feedback: bool

    @property
    def nothing(self) -> bool:
        """Whether the training's key can go for good."""
        return not (self.private or self.answers or self.names or self.questions or self.feedback)


def staying(over: Collection[str]) -> Stays:
    """What stays where these kinds are over."""
    return Stays(
        private=Kind.TRAINING_ANSWERS not in over,
        answers=Kind.TRAINING_ANSWERS not in over,
        names=Kind.CERTIFICATES not in over,
        questions=Kind.TRAINING_QUESTIONS not in over,
        feedback=Kind.TRAINING_FEEDBACK not in over,
    )


def bounds(since: date, until: date) -> tuple[datetime, datetime]:
    """The first moment of a day, and the moment after the last of another, in Tokyo."""
    ends = until + timedelta(days=1)
    return datetime.combine(since, time(), TOKYO), datetime.combine(ends, time(), TOKYO)


def hash_of(ids: Iterable[str]) -> str:
    """Give one SHA-256 in hex over some ids, whatever their order: who has the ids can show that these were meant."""
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()


def link(prev: str, said: Mapping[str, str | int | None]) -> str:
    """The hash of one row of the ledger: over the one before it and all that is said."""
    return hashlib.sha256((prev + json.dumps(said, sort_keys=True)).encode()).hexdigest()
