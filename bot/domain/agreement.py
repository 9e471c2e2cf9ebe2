"""同意 as an object: who agreed, to what, for whom, until when; and how it ends. Pure rules."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.refusals import Missing, Refused

LONGEST = timedelta(days=366)  # nobody agrees for ever: after a year they are asked again
PROXY = "proxy"
PERSON = "person"  # whose case it is


class Answer(StrEnum):
    """What the person said when asked. Codes and labels: `agreement_answers`."""

    GIVEN = "given"
    REFUSED = "refused"
    UNABLE = "unable"


class Consent(StrEnum):
    """How things stand on a day. Codes and labels: `agreement_states`."""

    STANDING = "standing"
    LATER = "later"
    OVER = "over"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    UNABLE = "unable"
    NONE = "none"


class UntilWhen(Refused):
    """An agreement begins before it ends, ends after today, and lasts a year at most."""

    template = "refusals/agreement_until"
    field = "until"


class OnlyTheFamily(Refused):
    """Somebody of the family said yes, and does not stand for the person: that alone opens nothing."""

    template = "refusals/only_the_family"
    field = "how"


class AgreementEnded(Refused):
    """Nothing can be sent under it: `consent` is how it stands."""

    template = "refusals/agreement_ended"

    def __init__(self, consent: str) -> None:
        self.consent = consent
        super().__init__(consent)


class OutsideScope(Refused):
    """A field or a receiver the person did not agree to."""

    template = "refusals/outside_scope"


@dataclass(frozen=True, slots=True)
class Receiver:
    """An office something may be handed to: a municipality's meeting, never a person. `office` is sealed where it is kept.

    `agency`: its row in the directory, where it has one. `person`: a member of this workspace who answers for it.
    """

    id: str
    municipality: str
    meeting: str
    office: str = ""
    agency: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What somebody was asked and said. `who` and `relation` are codes, never names. Days are Tokyo's, both included.

    `fields` and `receivers` (ids) are what is still agreed to; what was taken back stands in `Withdrawal`s.
    """

    id: str
    consultation: str
    answer: Answer
    who: str
    how: str
    relation: str | None
    fields: tuple[str, ...]
    receivers: tuple[str, ...]
    since: date
    until: date
    explained_by: str
    given_on: date
    withdrawn_on: date | None = None
    withdrawn_how: str | None = None
    version: int = 1

    def on(self, day: date) -> Consent:
        """How it stands on a day."""
        if self.answer is Answer.REFUSED:
            return Consent.REFUSED
        if self.answer is Answer.UNABLE:
            return Consent.UNABLE
        if self.withdrawn_on is not None:
            return Consent.WITHDRAWN
        if day < self.since:
            return Consent.LATER
        return Consent.STANDING if day <= self.until else Consent.OVER

    def checked(self, today: date) -> "Agreement":
        """Give it, or raise what is missing or cannot be."""
        if not self.who:
            raise Missing("who")
        if self.answer is not Answer.GIVEN:
            return replace(self, fields=(), receivers=(), relation=None)
        if not self.how:
            raise Missing("how")
        if (self.how == PROXY) != bool(self.relation):
            raise Missing("relation" if self.how == PROXY else "how")
        if self.who != PERSON and self.how != PROXY:
            raise OnlyTheFamily
        if not self.fields:
            raise Missing("fields")
        if not self.receivers:
            raise Missing("municipality_1")
        if self.given_on > today or self.until < max(self.since, today) or self.until - self.since > LONGEST:
            raise UntilWhen
        return self

    def must_cover(self, fields: Collection[str], receivers: Collection[str], today: date) -> None:
        """Go on, or raise `AgreementEnded` or `OutsideScope`: nothing goes beyond what was agreed to."""
        state = self.on(today)
        if state is not Consent.STANDING:
            raise AgreementEnded(state)
        if not set(fields) <= set(self.fields) or not set(receivers) <= set(self.receivers):
            raise OutsideScope

    def withdrawn(self, taken: "Withdrawal") -> "Agreement":
        """What is left of it. Nothing left to give, or nobody to give it to, is all of it taken back."""
        if self.withdrawn_on is not None:
            return self
        fields = tuple(each for each in self.fields if each not in taken.fields)
        receivers = tuple(each for each in self.receivers if each not in taken.receivers)
        if taken.whole or not fields or not receivers:
            return replace(self, withdrawn_on=taken.on, withdrawn_how=taken.how)
        return replace(self, fields=fields, receivers=receivers)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What was taken back, when and how. Neither receivers nor fields named: all of it."""

    on: date
    how: str
    receivers: frozenset[str] = field(default=frozenset())
    fields: frozenset[str] = field(default=frozenset())

    @property
    def whole(self) -> bool:
        """Whether all of it is taken back."""
        return not self.receivers and not self.fields

    def touches(self, receiver: str, fields: Collection[str]) -> bool:
        """Whether what went to this receiver, with these fields, must come back."""
        return self.whole or receiver in self.receivers or not self.fields.isdisjoint(fields)


def consent_of(agreements: Sequence[Agreement], day: date) -> Consent:
    """How things stand in a case. `agreements` in the order in which they were noted: a no after a yes counts."""
    if standing(agreements, day):
        return Consent.STANDING
    return agreements[-1].on(day) if agreements else Consent.NONE


def standing(agreements: Sequence[Agreement], day: date) -> list[Agreement]:
    """Those under which something may go out on a day: of those since the last no."""
    last_no = max((n for n, each in enumerate(agreements) if each.answer is Answer.REFUSED), default=-1)
    return [each for each in agreements[last_no + 1 :] if each.on(day) is Consent.STANDING]
