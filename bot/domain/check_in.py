"""当日の受付: which code is right at this moment, for which session, and who may use it. Pure rules.

A code on a screen changes every two minutes; the one on paper stays. Neither is kept: both are made from the session's
id with a seal only the desk has.
"""

import hmac
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from bot.domain.refusals import Refused
from bot.domain.seats import THERE, Attendance, Mark
from bot.domain.training import Session, Stage, StageTooLate, Training

OPENS = timedelta(minutes=60)  # before a session
WINDOW = timedelta(minutes=2)  # how long a code stands on the screen
WITHIN, TRIES = timedelta(minutes=10), 5  # so many wrong codes are taken from one person
CORRECTED = timedelta(days=60)  # after the last session

# Nothing that is read as something else: no B and 8, D and 0, G and 6, I and 1, S and 5, V and U, Z and 2.
LETTERS, DIGITS = "ACEFHJKLMNPRTUWXY", "23456789"
TYPED = re.compile(rf"\d{{6}}|[{LETTERS}]{{4}}[{DIGITS}]{{4}}")
BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212\u30fc]+")

Seal = Callable[[str], str]  # words → 32 hexadecimal characters that nobody else can make


class WrongCode(Refused):
    """Not the code of a session that goes on now."""

    template = "refusals/wrong_code"
    field = "code"


class TooManyTries(Refused):
    """Five wrong codes within ten minutes: somebody helps at the door."""

    template = "refusals/too_many_tries"
    field = "code"


class NotToday(Refused):
    """Nobody checks in at this moment: `since` says from when, None that it is over."""

    template = "refusals/not_today"
    field = "code"

    def __init__(self, since: datetime | None) -> None:
        self.since = since
        super().__init__("later" if since else "over")


class NoSeat(Refused):
    """Who has no seat is let in at the door: where they are instead, as a code."""

    template = "refusals/no_seat"
    field = "code"

    def __init__(self, status: str) -> None:
        self.status = status
        super().__init__(status)


class RosterClosed(Refused):
    """The roster of long ago stays as it is."""

    template = "refusals/roster_closed"


def screen_code(seal: Seal, session: str, at: datetime, *, before: int = 0) -> str:
    """Six digits for the present stretch of two minutes, or for one so many `before`."""
    stretch = int(at.timestamp() // WINDOW.total_seconds()) - before
    return f"{int(seal(f'{session}:{stretch}'), 16) % 10**6:06d}"


def paper_code(seal: Seal, session: str) -> str:
    """Four letters and four digits that can be told apart by eye and by ear, with a hyphen between them."""
    number = int(seal(f"{session}:paper"), 16)
    code = ""
    for alphabet in (LETTERS,) * 4 + (DIGITS,) * 4:
        number, n = divmod(number, len(alphabet))
        code += alphabet[n]
    return f"{code[:4]}-{code[4:]}"


def read(typed: str) -> str:
    """What was typed, as codes are compared: half-width capitals without blanks and hyphens."""
    return BETWEEN.sub("", unicodedata.normalize("NFKC", typed)).upper()


def looks_like_one(typed: str) -> bool:
    """Whether this is a code and nothing else."""
    return bool(TYPED.fullmatch(read(typed)))


def how(seal: Seal, session: str, typed: str, at: datetime) -> str | None:
    """Give `code` or `paper`, as codes of attendance_how; None: it is wrong. The one before is right as well."""
    given = read(typed).encode()
    right = [
        ("code", screen_code(seal, session, at)),
        ("code", screen_code(seal, session, at, before=1)),
        ("paper", read(paper_code(seal, session))),
    ]
    found = [name for name, code in right if hmac.compare_digest(code.encode(), given)]
    return found[0] if found else None


def is_open(session: Session, at: datetime) -> bool:
    """Whether people check in for this session at this moment."""
    return session.starts_at - OPENS <= at <= session.ends_at


def going_on(sessions: Iterable[Session], at: datetime) -> list[Session]:
    """The sessions people check in for now: what runs comes before what begins soon."""
    return sorted(
        (each for each in sessions if is_open(each, at)),
        key=lambda each: (each.starts_at > at, each.starts_at),
    )


def opens_next(sessions: Iterable[Session], at: datetime) -> datetime | None:
    """From when people check in next; None: nothing is to come."""
    return min((each.starts_at - OPENS for each in sessions if each.starts_at - OPENS > at), default=None)


def nearest(sessions: Sequence[Session], at: datetime) -> Session:
    """The session a roster shows first: what goes on, else what was last, else what comes first."""
    if now := going_on(sessions, at):
        return now[0]
    over = [each for each in sessions if each.ends_at < at]
    return max(over) if over else min(sessions)


def must_take_marks(training: Training, session: Session, status: Attendance, at: datetime) -> None:
    """Go on where the roster may be written now; an absence that was told may be noted before the day."""
    if training.stage not in {Stage.ANNOUNCED, Stage.HELD}:
        raise StageTooLate(training.stage)
    ends = training.plan.ends_at
    if ends is not None and at > ends + CORRECTED:
        raise RosterClosed
    if at < session.starts_at - OPENS and status is not Attendance.EXCUSED:
        raise NotToday(session.starts_at - OPENS)


def was_there(mark: Mark | None) -> bool:
    """Whether this mark already says that somebody is here."""
    return mark is not None and mark.status in THERE
