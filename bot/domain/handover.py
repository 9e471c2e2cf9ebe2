"""つなぐ: by which legal way something about a case may go to others, and the life of what was sent. Pure rules."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.agreement import Consent
from bot.domain.refusals import Refused

REMIND_AFTER = timedelta(days=7)  # no answer, or nothing returned: said again each week
TOKEN_LASTS = timedelta(days=60)
IN_SIGHT = timedelta(days=90)  # the giver keeps sight of what is over for so long
SECRET = frozenset({"shien_juso", "shien_konkyu"})  # meetings whose law binds who is there to secrecy
ONLY_WITH_JUSO = frozenset({"juso", "shien_juso"})
WITH_CONSENT = ("juso", "tantosha", "chosei_konkyu", "chiiki_care", "jiritsu_kyogikai", "other")
MEETINGS = (*WITH_CONSENT[:1], "shien_juso", "shien_konkyu", *WITH_CONSENT[1:])
ASKED_BY_DESK = "by_desk"  # of `return_reasons`: the others follow from a withdrawal
AGAINST_THEIR_WILL = frozenset({Consent.REFUSED, Consent.WITHDRAWN})


class Way(StrEnum):
    """The ways there are. Codes, labels, laws and what must be confirmed: `handover_routes`."""

    CONSENT = "consent"
    SHIEN_JUSO = "shien_juso"
    SHIEN_KONKYU = "shien_konkyu"
    REPORT = "report"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Route:
    """Which way is open. `reasons`: why none is (`handover_reasons`); `report`: to whom to report (`abuse_kinds`).

    `secrecy`: the sender says that the receivers are bound to it, and they are told. `against_their_will`: the person said no,
    and the law lets it all the same; only a coordinator decides that.
    """

    way: Way
    reasons: tuple[str, ...] = ()
    report: tuple[str, ...] = ()
    secrecy: bool = False
    against_their_will: bool = False

    @property
    def sends(self) -> bool:
        """Whether a package may go."""
        return self.way not in {Way.REPORT, Way.NOTHING}


def route(abuse: Collection[str], consent: Consent, meeting: str, *, juso: bool) -> Route:
    """Give the one legal way. `meeting`: a code of `meeting_types`; `juso`: whether its municipality does 重層.

    Abuse comes first, whatever else was said. Then consent; without it, only the two 支援会議 of the law.
    """
    if abuse:
        return Route(Way.REPORT, report=tuple(sorted(abuse)))
    if meeting in ONLY_WITH_JUSO and not juso:
        return Route(Way.NOTHING, reasons=("no_juso",))
    if consent is Consent.STANDING:
        return Route(Way.CONSENT, secrecy=meeting in SECRET)
    if meeting in SECRET:
        return Route(Way(meeting), secrecy=True, against_their_will=consent in AGAINST_THEIR_WILL)
    return Route(Way.NOTHING, reasons=(f"consent_{consent}",))


class State(StrEnum):
    """Where a package is. Codes and labels: `package_states`."""

    DRAFT = "draft"
    DROPPED = "dropped"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DONE = "done"
    RETURN_ASKED = "return_asked"
    RETURNED = "returned"


_S = State
STEPS: dict[State, frozenset[State]] = {
    _S.DRAFT: frozenset({_S.SENT, _S.DROPPED}),
    _S.DROPPED: frozenset(),
    _S.SENT: frozenset({_S.ACCEPTED, _S.REJECTED, _S.RETURN_ASKED}),
    _S.ACCEPTED: frozenset({_S.DONE, _S.RETURN_ASKED}),
    _S.REJECTED: frozenset({_S.RETURN_ASKED}),
    _S.DONE: frozenset({_S.RETURN_ASKED}),
    _S.RETURN_ASKED: frozenset({_S.RETURNED}),
    _S.RETURNED: frozenset(),
}
OUT = frozenset({_S.SENT, _S.ACCEPTED, _S.REJECTED, _S.DONE})  # somebody holds the paper
OVER = frozenset({_S.DROPPED, _S.REJECTED, _S.DONE, _S.RETURNED})


class PackageMovedOn(Refused):
    """This step does not follow from where the package is: its state."""

    template = "refusals/package_moved_on"

    def __init__(self, package: str) -> None:
        self.package = package
        super().__init__(f"already {package}")


class NoSuchAnswerCode(Refused):
    """No package has this number and this code together, or its time is over."""

    template = "refusals/no_such_answer_code"
    field = "code"


class AnswerButtonOver(NoSuchAnswerCode):
    """The button of a receiver serves no more."""

    template = "refusals/answer_button_over"


class TooManyAtOnce(Refused):
    """More receivers were chosen than one form makes sheets for."""

    template = "refusals/too_many_at_once"
    field = "chosen"


class NoWay(Refused):
    """There is no legal way to send anything: `reasons` are codes of `handover_reasons`."""

    template = "refusals/no_way"

    def __init__(self, reasons: Collection[str] = ()) -> None:
        self.reasons = tuple(reasons)
        super().__init__("nothing may be sent")


class OnlyCoordinators(Refused):
    """What the person said no to is sent by a coordinator or not at all."""

    template = "refusals/only_coordinators"


class SecrecyFirst(Refused):
    """The sender has not said that the receiver is bound to secrecy."""

    template = "refusals/secrecy_first"
    field = "secrecy"


class NotAsPreviewed(Refused):
    """What would be sent is not what was looked at."""

    template = "refusals/not_as_previewed"


@dataclass(frozen=True, slots=True)
class Package:
    """What is handed to one receiver, in the coded part; its content is sealed. `batch`: those prepared in one form.

    `digest` is over the content as it is sent. `before`: where it was when its return was asked for.
    """

    id: str
    number: str
    consultation: str
    batch: str
    agreement: str | None
    receiver: str
    way: Way
    purpose: str
    fields: tuple[str, ...]
    secrecy: bool
    digest: str
    state: State
    made_by: str
    made_at: datetime
    sent_by: str | None = None
    sent_at: datetime | None = None
    answered_at: datetime | None = None
    answered_through: str | None = None  # who entered it, or the receiver's own person
    reason: str | None = None
    done_at: datetime | None = None
    before: State | None = None
    return_because: str | None = None
    return_asked_at: datetime | None = None
    returned_at: datetime | None = None
    token_hash: str | None = None
    token_until: datetime | None = None
    version: int = 1

    def sent(self, by: str, at: datetime, token_hash: str) -> "Package":
        """It goes out, with a token for one answer."""
        return replace(
            self._to(_S.SENT), sent_by=by, sent_at=at, token_hash=token_hash, token_until=at + TOKEN_LASTS
        )

    def dropped(self) -> "Package":
        """It never goes out."""
        return self._to(_S.DROPPED)

    def answered(self, *, accepted: bool, reason: str | None, through: str, at: datetime) -> "Package":
        """The receiver takes it, or says why not. The token has served."""
        to = _S.ACCEPTED if accepted else _S.REJECTED
        return replace(
            self._to(to), reason=reason, answered_at=at, answered_through=through, token_hash=None, token_until=None
        )  # fmt: skip

    def done(self, at: datetime) -> "Package":
        """The receiver has begun; nothing more is to be done here."""
        return replace(self._to(_S.DONE), done_at=at)

    def asked_back(self, because: str, at: datetime, token_hash: str) -> "Package":
        """It is to be returned or destroyed; a new token lets the receiver confirm it."""
        return replace(
            self._to(_S.RETURN_ASKED), before=self.state, return_because=because, return_asked_at=at,
            token_hash=token_hash, token_until=at + TOKEN_LASTS,
        )  # fmt: skip

    def returned(self, through: str, at: datetime) -> "Package":
        """It was returned or destroyed, and somebody said so."""
        return replace(
            self._to(_S.RETURNED), returned_at=at, answered_through=through, token_hash=None, token_until=None
        )  # fmt: skip

    def in_sight(self, now: datetime) -> bool:
        """Whether who gave it still sees it on their Home: while it goes on, and a while after."""
        last = max(
            filter(None, (self.sent_at, self.answered_at, self.done_at, self.returned_at)),
            default=self.made_at,
        )
        return self.state not in OVER or now - last <= IN_SIGHT

    def _to(self, state: State) -> "Package":
        if state not in STEPS[self.state]:
            raise PackageMovedOn(self.state)
        return replace(self, state=state)
