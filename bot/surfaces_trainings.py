"""Every message about trainings, with ordinary facts and with the longest ones, made by what makes them in Slack."""

from collections.abc import Iterator
from typing import Any, cast

from bot import messages, news_trainings
from bot.domain.seats import Participation, Place
from bot.domain.training import Stage, Training
from bot.store.database import Reading
from bot.store.outbox import OutboxRow
from bot.surfaces_facts import NOW, Facts, every
from bot.surfaces_training_facts import OCCUPIED, PART, TrainingFacts, changed, meeting

Drawn = Iterator[tuple[str, messages.Message]]

# Messages about somebody's part, with more facts of their rows, case by case.
ABOUT_ONE: dict[str, tuple[dict[str, Any], ...]] = {
    "checked_in": ({"session": f"{0:032x}", "already": False}, {"session": "-", "already": True}),
    "practice_question": ({},),
    "seat_confirmed": ({},),
    "seat_given_up": ({},),
    "seat_in_vain": ({"offered": False}, {"offered": True}),
    "seat_lapsed": ({},),
    "seat_offered": ({},),
    "seat_to_call": ({},),
    "seat_waitlisted": ({},),
    "training_cancelled": ({},),
    "training_changed": ({"edition": 1},),
    "training_reminder": (),  # its session is found by its time
    "training_thanks": ({},),
}
# Messages about a training, with more facts of their rows.
ABOUT_IT: dict[str, tuple[dict[str, Any], ...]] = {
    "announcement": ({},),
    "announcement_not_delivered": (
        {"channel": "C_TRAINING", "outside": False},
        {"channel": "C_TRAINING", "outside": True},
    ),
    "check_in_no_seat": ({},),
    "check_in_wrong": ({"too_many": False}, {"too_many": True}),
    "minutes_ready": ({},),
    "people_to_call": (
        {"about": "training_changed", "edition": 1},
        {"about": "training_cancelled"},
        {"about": "seat_lapsed"},
        {"about": "seat_in_vain"},
    ),
    "question_answered": ({},),
    "question_asked": ({"asked": 1, "unanswered": 1}, {"asked": 12, "unanswered": 0}),
    "roster_waiting": ({},),
    "seats_few": ({}, {"full_format": "onsite"}),
    "seats_free": ({},),
    "training_announced": ({},),
    "training_invited": ({"person": "U_TAKAGI"},),
    "training_not_announced": ({"why": "begun"}, {"why": "deadline"}),
    "training_withheld": ({},),
    "unanswered_reminded": (),  # as long as the list of people is
    "unanswered_reminder": ({"person": "U_TAKAGI"},),
}
# Words beside files, and parts of other messages.
BESIDE = (
    "calendar", "calendar_title", "certificate", "certificate_title", "check_in_paper", "check_in_paper_title",
    "figures_sheet", "figures_sheet_title", "online_missing", "roster_paper", "roster_paper_title", "roster_sheet", "roster_sheet_title",
    "seats_standing", "training_because", "training_when",
)  # fmt: skip
TEMPLATES = frozenset({*ABOUT_ONE, *ABOUT_IT, *BESIDE})


def all_messages(facts: Facts) -> Drawn:
    """Give each message about a training with its name."""
    t = TrainingFacts(facts)
    yield from _about_one(t)
    yield from _about_it(t)
    for template in BESIDE:
        for stage in OCCUPIED:
            training = t.training(stage)
            told = {**t.about(training), "p": t.part(Place.CONFIRMED), "own": stage is Stage.HELD}
            drawn = messages.render(f"messages/{template}", **told, number=t.certificate().number, year=2026)
            yield f"messages/{template}/{stage}", drawn


def _about_one(t: TrainingFacts) -> Drawn:
    reminders = tuple(
        {"kind": kind, "starts_at": t.plan().sessions[0].starts_at.isoformat()}
        for kind in ("t_week", "t_day", "t_hour")
    )
    for template, cases in ABOUT_ONE.items():
        for stage in OCCUPIED:
            for status in Place:
                for n, told in enumerate(cases or reminders):
                    practice = every("practice_change")[0] if stage is Stage.HELD and n == 0 else None
                    part = t.part(status, practice=practice)
                    drawn = _composed(t, template, t.training(stage), part, told)
                    yield from _named(f"messages/{template}/{stage}/{status}", n, drawn)


def _about_it(t: TrainingFacts) -> Drawn:
    people = {"people": [f"U{n:010d}" for n in range(t.facts.rows)]}
    for template, cases in ABOUT_IT.items():
        for stage in (*OCCUPIED, Stage.DRAFT):
            for n, told in enumerate(cases or (people,)):
                for kind, training in (("", t.training(stage)), ("/meeting", meeting(t.training(stage)))):
                    drawn = _composed(t, template, training, None, told)
                    yield from _named(f"messages/{template}/{stage}{kind}", n, drawn)


def _named(name: str, n: int, drawn: messages.Message | None) -> Drawn:
    if drawn is not None:
        yield (f"{name}/{n + 1}" if n else name), drawn


class _Asked:
    """The rows a message is made from, held here instead of in a database."""

    def __init__(self, t: TrainingFacts, training: Training, part: Participation | None) -> None:
        self.now = t.now(training.stage)
        self.trainings = _Trainings(t, training)
        self.participations = _Participations(t, part)
        self.outbox = self.timers = _Nothing()


class _Trainings:
    def __init__(self, t: TrainingFacts, training: Training) -> None:
        self._t, self._training = t, training

    async def get(self, _id: str) -> Training:
        return self._training

    async def change(self, _id: str, _edition: int) -> dict[str, Any]:
        return changed(self._t)


class _Participations:
    def __init__(self, t: TrainingFacts, part: Participation | None) -> None:
        self._t, self._part = t, part

    async def get(self, _id: str) -> Participation | None:
        return self._part

    async def by_attendee(self, _training: str, _attendee: str) -> None:
        return None

    async def of_training(self, _id: str) -> list[Participation]:
        return self._t.everybody(self._part)

    async def marks_of(self, _id: str) -> list[Any]:
        return []

    async def marks_of_training(self, _id: str) -> list[Any]:
        return []


class _Nothing:
    async def of(self, _subject: str) -> list[Any]:
        return []


def _composed(
    t: TrainingFacts, template: str, training: Training, part: Participation | None, told: dict[str, Any]
) -> messages.Message | None:
    """What is made of an outbox row; None: there is nothing to say any more. It waits for nothing here."""
    named = {"participation": PART} if part else {}
    row = OutboxRow(
        id=1, key=template, op="post", template=template, to=t.facts.user, subject=PART if part else "",
        facts={"training": training.id, **named, **told}, created_at=NOW, state="sending", attempt=1, fence=1, wanted=1,
        posted_in=None, ts=None, file_id=None, why=None,
    )  # fmt: skip
    making = news_trainings.compose(cast("Reading", _Asked(t, training, part)), row, t.facts.organisation)
    try:
        making.send(None)
    except StopIteration as made:
        return made.value if isinstance(made.value, messages.Message) else None
    finally:
        making.close()
    raise RuntimeError(template)
