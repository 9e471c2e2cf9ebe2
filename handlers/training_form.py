"""The form of a training: drawn from a plan, and read back into one. Half a plan is a draft; nothing typed is lost."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from markupsafe import Markup

from bot import codes
from bot.domain.business_time import TOKYO
from bot.domain.refusals import Missing, NoSuchDay, Refused, TwelveDigits
from bot.domain.text import TooLong, clean_line
from bot.domain.training import MEETINGS, SEATS, SESSIONS, TITLE, Plan, Session, Training
from bot.organisation import Organisation
from bot.privacy import beside
from bot.privacy.anonymizer import holds_my_number
from handlers.forms import TYPED, Answers, Form
from handlers.intake import offered

# How long each of the words may be, in code points. Slack lets more through, so that the desk can say what is too much.
LIMITS = {
    "title": TITLE, "purpose": 1500, "audience": 300, "place": 300, "lecturers": 500, "materials": 1500, "contact": 300,
    "agenda": 2000,
}  # fmt: skip
REASON = 200
NAMED = {"title": "name", "online": "address"}  # what the form calls differently from the plan
SECRETS = {"online": ("address", 500), "minutes": ("minutes", 500)}  # private word → answer, limit
LONG = frozenset({"purpose", "materials", "agenda"})
CODED = {
    "types": "training_types", "concerns": "supporter_concerns", "characteristics": "case_characteristics",
    "fields": "supporter_fields", "occupations": "occupations", "regions": "welfare_regions",
    "municipalities": "municipalities",
}  # fmt: skip
FEE = 1_000_000
EVENING = time(17, 0)
HALF = "unfinished"  # a draft's days that are no sessions yet, among its sealed words
_ROW = re.compile(r"(on|from|to)(\d)$")


@dataclass(frozen=True, slots=True)
class Typed:
    """A plan as it was typed, and in which row of the form each of its sessions stands."""

    plan: Plan
    rows: tuple[int, ...]

    @contextmanager
    def on_its_rows(self) -> Iterator[None]:
        """Put what is refused about a session, or a secret, onto the answer it was typed into."""
        try:
            yield
        except Refused as refused:
            if (found := _ROW.match(refused.field)) and int(found[2]) <= len(self.rows):
                refused.field = f"{found[1]}{self.rows[int(found[2]) - 1]}"
            elif refused.field == "title" or isinstance(refused, TwelveDigits):
                refused.field = NAMED.get(refused.field, refused.field)
            raise


def draw(
    organisation: Organisation,
    answers: Mapping[str, Any],
    *,
    keep: Mapping[str, Any],
    round: int = 0,  # noqa: A002
    drafted: datetime | None = None,
    told: Mapping[str, int] | None = None,
    why: str | None = None,
) -> Form:
    """Draw the form. `told`: it was announced, so many `people` hear of a change, `by_phone` of them are to be called.

    `keep`: `t` the training where there is one, `plan` the stamp of the plan that is shown, `days` how many rows of days.
    `why`: what is missing yet.
    """
    days = min(SESSIONS, max(1, int(keep.get("days", 1)), *_rows_given(answers)))
    form = Form(
        "training",
        keep={**keep, "days": days},
        answers={"kind": Plan().kind, **answers},
        round=round,
        tell_when_closed=told is None,
    )
    if told is not None:
        form.reworded("changing").note("forms/training_told", **told)
        if told["people"]:
            form.text("reason", optional=True)
    if why:
        form.note("forms/training_unready", why=Markup(why))  # noqa: S704 - Slack, and from a template
    form.choice("kind", [(each.code, each.label) for each in codes.options("training_kinds")])
    form.text("name")
    _coded(form, organisation, "types", "concerns", "characteristics")
    form.text("purpose", optional=True, long=True)
    form.line().note("forms/training_section", part="days")
    for n in range(1, days + 1):
        form.day(f"on{n}", optional=n > 1).clock(f"from{n}", optional=n > 1).clock(f"to{n}", optional=n > 1)
    if days < SESSIONS:
        form.note("forms/training_more_days")
    form.line().note("forms/training_section", part="where")
    form.text("place", optional=True).text("address", optional=True)
    form.number("onsite", most=SEATS).number("online", most=SEATS)
    form.line().note("forms/training_section", part="whom")
    form.text("lecturers", optional=True)
    _coded(form, organisation, "fields", "occupations", "regions", "municipalities")
    form.text("audience", optional=True)
    form.line().note("forms/training_section", part="joining")
    form.number("fee", most=FEE).day("deadline_on", optional=True).clock("deadline_at", optional=True)
    form.choices("asks", [(each.code, each.label) for each in codes.options("training_asks")], optional=True)
    form.text("materials", optional=True, long=True).text("contact", optional=True)
    form.text("agenda", optional=True, long=True)
    if told is None:
        form.line().note("forms/training_draft", drafted=drafted)
    return form


def draw_after(training: Training, keep: Mapping[str, Any]) -> Form:
    """Draw what may still follow when it is over: links, and where the record is."""
    keep = {**keep, "t": training.id, "plan": training.plan.stamp}
    form = Form("training_after", keep=keep, answers=answers_of(training.plan))
    form.text("materials", optional=True, long=True).text("minutes", optional=True)
    if training.plan.kind in MEETINGS:
        form.text("agenda", optional=True, long=True)
    return form.text("contact", optional=True)


def answers_of(plan: Plan) -> dict[str, Any]:
    """Give a plan as the answers of the form; a draft's half days stand behind the whole ones."""
    found: dict[str, Any] = {name: getattr(plan, name) for name in CODED}
    found |= {"kind": plan.kind, "asks": plan.asks, **plan.seats}
    found |= {NAMED.get(name, name): text for name, text in plan.words.items()}
    found["fee"] = plan.fee or None
    for name, (answer, _) in SECRETS.items():
        found[answer] = plan.private.get(name, "")
    if plan.deadline is not None:
        found["deadline_on"], found["deadline_at"] = on_and_at(plan.deadline)
    for n, each in enumerate(sorted(plan.sessions), 1):
        found[f"on{n}"], found[f"from{n}"] = on_and_at(each.starts_at)
        found[f"to{n}"] = on_and_at(each.ends_at)[1]
    return found | _half_days(plan.private.get(HALF, ""), len(plan.sessions))


def plan_of(answers: Answers, base: Plan, *, whole: bool) -> Typed:
    """Read the form into a plan. What it does not ask stays as in `base`.

    `whole`: half a day, and words that are too long, are refused on their answers; otherwise they are kept as they are.
    """
    given = {name: answers.chosen(name) for name in CODED}
    sessions, half = _days(answers, whole=whole)
    sessions.sort()
    deadline, late = _deadline(answers, whole=whole)
    half |= late
    plan = replace(
        base,
        kind=answers.code("kind") or base.kind,
        **given,
        asks=_asks(answers, base),
        fee=answers.number("fee") or 0,
        deadline=deadline,
        seats={name: seats for name in ("onsite", "online") if (seats := answers.number(name)) is not None},
        sessions=tuple(session for session, _ in sessions),
        words=words_of(answers, base, whole=whole),
        private=_private(answers, base, half, whole=whole),
    )
    return Typed(plan, tuple(row for _, row in sessions))


def _asks(answers: Answers, base: Plan) -> tuple[str, ...]:
    """What is asked of who joins. A 担当者会議 asks for the municipality where nothing else was chosen."""
    chosen = answers.chosen("asks")
    counted = (answers.code("kind") or base.kind) == "municipal_meeting"
    return chosen or (("municipality",) if counted else ())


def words_of(answers: Answers, base: Plan, *, whole: bool) -> dict[str, str]:
    """Read the words everybody may see; those the form does not ask stay as they are."""
    found = dict(base.words)
    for name, limit in LIMITS.items():
        if (answer := NAMED.get(name, name)) in answers.values:
            found[name] = _text(answers, answer, limit if whole else TYPED)
    return {name: text for name, text in found.items() if text}


def reason_of(answers: Answers) -> str:
    """Read why something is changed, in the organizer's words, on one line; empty where nothing is said."""
    return _text(answers, "reason", REASON)


def secrets_of(answers: Answers, base: Plan) -> dict[str, str]:
    """Read what only those who joined may see."""
    return _private(answers, base, {}, whole=True)


def fits(plan: Plan, now: datetime) -> Plan:
    """Give a plan back where it can be announced as it is; raise what is missing, too much or impossible."""
    for name, limit in LIMITS.items():
        if (over := len(plan.words.get(name, "")) - limit) > 0:
            refused = TooLong(limit, over)
            refused.field = NAMED.get(name, name)
            raise refused
    if plan.private.get(HALF):
        raise Missing(next(iter(_half_days(plan.private[HALF], 0))))
    return plan.checked(now)


async def without_numbers(answers: Answers) -> Answers:
    """Nobody can be asked any more: where a 12-digit number stands, the words around it are kept, it is masked."""
    values = dict(answers.values)
    for name, text in values.items():
        if isinstance(text, str) and holds_my_number(text):
            values[name] = (await beside.read(text)).masked
    return replace(answers, values=values)


def is_empty(plan: Plan) -> bool:
    """Whether nothing was written yet that would be missed."""
    return replace(plan, kind=Plan().kind) == Plan()


def _coded(form: Form, organisation: Organisation, *names: str) -> None:
    for name in names:
        form.choices(name, offered(organisation, CODED[name]), optional=True)


def _rows_given(answers: Mapping[str, Any]) -> Iterator[int]:
    for name, value in answers.items():
        if value and (found := _ROW.match(name)):
            yield int(found[2])


def _text(answers: Answers, name: str, limit: int) -> str:
    text = answers.text(name, limit=limit)
    return clean_line(text, limit=limit) if text and name not in LONG else text


def _private(answers: Answers, base: Plan, half: Mapping[str, str], *, whole: bool) -> dict[str, str]:
    found = {name: text for name, text in base.private.items() if name != HALF}
    for name, (answer, limit) in SECRETS.items():
        if answer in answers.values:
            found[name] = _text(answers, answer, limit if whole else TYPED)
    found[HALF] = ";".join(f"{name}={value}" for name, value in half.items())
    return {name: text for name, text in found.items() if text}


def _days(answers: Answers, *, whole: bool) -> tuple[list[tuple[Session, int]], dict[str, str]]:
    """Sessions with their rows, and what stands in rows that are none yet."""
    sessions: list[tuple[Session, int]] = []
    half: dict[str, str] = {}
    for n in range(1, SESSIONS + 1):
        row = {name: answers.values.get(name) for name in (f"on{n}", f"from{n}", f"to{n}")}
        given = {name: str(value) for name, value in row.items() if value}
        if len(given) == len(row):
            on = _day(answers, f"on{n}")
            sessions.append((Session(_at(answers, on, f"from{n}"), _at(answers, on, f"to{n}")), n))
        elif given and whole:
            raise Missing(next(name for name in row if name not in given))
        else:
            half |= given
    return sessions, half


def _deadline(answers: Answers, *, whole: bool) -> tuple[datetime | None, dict[str, str]]:
    at = answers.values.get("deadline_at")
    if answers.values.get("deadline_on"):
        day = _day(answers, "deadline_on")
        return (_at(answers, day, "deadline_at") if at else datetime.combine(day, EVENING, TOKYO)), {}
    if at and whole:
        raise Missing("deadline_on")
    return None, ({"deadline_at": str(at)} if at else {})


def _day(answers: Answers, name: str) -> date:
    try:
        return date.fromisoformat(str(answers.values[name]))
    except ValueError:
        raise NoSuchDay(name) from None


def _at(answers: Answers, day: date, name: str) -> datetime:
    try:
        return datetime.combine(day, time.fromisoformat(str(answers.values[name])), TOKYO)
    except ValueError:
        raise NoSuchDay(name) from None


def on_and_at(at: datetime) -> tuple[str, str]:
    """Give an instant as the answers of a day and a time of day, in Tokyo."""
    here = at.astimezone(TOKYO)
    return here.date().isoformat(), here.strftime("%H:%M")


def _half_days(written: str, whole: int) -> dict[str, str]:
    """Give a draft's half days as answers, in rows behind the `whole` ones."""
    found: dict[str, str] = {}
    rows: dict[str, int] = {}
    for each in filter(None, written.split(";")):
        name, _, value = each.partition("=")
        if row := _ROW.match(name):
            number = rows.setdefault(row[2], whole + len(rows) + 1)
            name = f"{row[1]}{number}"
        found[name] = value
    return found
