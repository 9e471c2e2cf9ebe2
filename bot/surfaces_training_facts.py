"""The trainings behind every surface: an ordinary one, and the longest and nastiest that the rules let in."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot import codes, homes_trainings
from bot.domain.certificate import Certificate, Paper
from bot.domain.check_in import OPENS
from bot.domain.meeting import Town
from bot.domain.seats import Attendance, Mark, Participation, Place, Seats, in_turn, seats_of
from bot.domain.training import MEETINGS, SEATS, SESSIONS, TITLE, UNLIMITED, Plan, Session, Stage, Training
from bot.screens import ScreenFacts
from bot.store.meetings import Question
from bot.store.training_figures import Figures
from bot.surfaces_facts import ID, NASTY, NOW, SUPPORTER, Facts, every, longest, typed
from bot.usecases.feedback import LISTS, Results
from bot.usecases.feedback import Question as Counted
from bot.usecases.rosters import Roster, Row
from bot.usecases.seat_reading import Guest, Guests, Standing

STARTS = NOW.replace(hour=13, minute=0) + timedelta(days=14)
PART = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
ODD = "題" + NASTY[20:]  # public words of a training; what one person wrote is kept apart
OCCUPIED = (Stage.ANNOUNCED, Stage.HELD, Stage.CANCELLED)


@dataclass(frozen=True, slots=True)
class TrainingFacts:
    """One training in every state, and the people in it."""

    facts: Facts

    @property
    def worst(self) -> bool:
        """Whether these are the nastiest ones."""
        return self.facts.worst

    def now(self, stage: Stage) -> datetime:
        """When a training in this stage is looked at."""
        return STARTS + timedelta(days=1) if stage is Stage.HELD else NOW

    def text(self, usual: str, limit: int) -> str:
        """Public words, at most so many characters."""
        return typed(limit, ODD) if self.worst else usual

    def line(self, usual: str, limit: int) -> str:
        """The same on one line."""
        return self.text(usual, limit).replace("\n", " ")

    def plan(self, **changes: Any) -> Plan:
        """What an organizer decides."""
        days = SESSIONS if self.worst else 1
        sessions = tuple(
            Session(STARTS + timedelta(days=7 * n), STARTS + timedelta(days=7 * n, hours=3), f"{n:032x}")
            for n in range(days)
        )
        coded = {
            "types": "training_types", "concerns": "supporter_concerns", "characteristics": "case_characteristics",
            "fields": "supporter_fields", "occupations": "occupations", "regions": "welfare_regions",
        }  # fmt: skip
        few = {
            "types": ("lecture", "exercise"),
            "concerns": ("multi_pro",),
            "characteristics": ("double_care",),
            "regions": ("koto", "kohoku"),
        }
        given = {name: every(listed) if self.worst else few.get(name, ()) for name, listed in coded.items()}
        towns = tuple(each.code for each in self.facts.organisation.offered("municipalities"))
        plan = Plan(
            kind=longest("training_kinds") if self.worst else "workshop",
            municipalities=towns if self.worst else (),
            fee=1_000_000 if self.worst else 0,
            deadline=STARTS - timedelta(days=4),
            seats={"onsite": SEATS, "online": UNLIMITED} if self.worst else {"onsite": 30},
            asks=every("training_asks") if self.worst else (),
            sessions=sessions,
            words=self._words(),
            private={
                "online": self.line("https://example.jp/online", 500),
                "minutes": self.line("https://example.jp/minutes", 500),
            },
            **given,
        )
        return replace(plan, **changes)

    def _words(self) -> dict[str, str]:
        words = {
            "title": self.line("ダブルケアを支える", TITLE),
            "purpose": self.text("子育てと介護が重なる世帯を、分野をこえて支える見方を学びます。", 1500),
            "audience": self.line("湖東・湖北の相談支援にあたる方", 300),
            "place": self.line("彦根市福祉センター 2階会議室", 300),
            "lecturers": self.line("湖北 みずほ", 500),
            "contact": self.line("研修担当", 300),
            "materials": self.text("", 1500),
            "agenda": self.text("", 2000),
        }
        return {name: text for name, text in words.items() if text}

    def training(self, stage: Stage = Stage.ANNOUNCED, **changes: Any) -> Training:
        """A training in this stage."""
        number = "R108-T1042" if self.worst else "R8-T003"
        training = Training(
            id=ID, number=number, fiscal_year=2026, stage=stage, organizer="U_KONDO", created_at=NOW,
            plan=self.plan(), channels=("C_TRAINING",), edition=99 if self.worst else 0, last_turn=self.facts.rows,
        )  # fmt: skip
        if stage is Stage.SCHEDULED:
            changes = {"announce_at": NOW + timedelta(days=1), **changes}
        if stage in OCCUPIED:
            changes = {"announced_at": NOW, **changes}
        if stage is Stage.CANCELLED:
            changes = {"ended_at": NOW, "ended_because": "other" if self.worst else "lecturer", **changes}
        return replace(training, **changes)

    def part(self, status: Place, n: int = 0, **changes: Any) -> Participation:
        """One person's part."""
        named = f"{n:032x}" if n else PART
        person = f"U{n:010d}" if n else (self.facts.user if self.worst else SUPPORTER)
        offered = NOW if status is Place.OFFERED else None
        part = Participation(
            id=named, training=ID, attendee=person, person=person,
            format="online" if self.worst and n % 2 else "onsite", status=status, turn=n + 1, joined_at=NOW,
            supporter_field="elderly", occupation="care_manager", municipality="252069", region="konan",
            offered_at=offered, offer_expires_at=offered and offered + timedelta(days=1, minutes=40),
        )  # fmt: skip
        return replace(part, **changes)

    def everybody(self, first: Participation | None = None) -> list[Participation]:
        """All who ever answered, `first` among them."""
        order = (Place.CONFIRMED, Place.WAITLISTED, Place.OFFERED, Place.DECLINED)
        if not self.worst:  # who waits does so because all seats are taken
            taken = {Place.WAITLISTED: 30, Place.OFFERED: 29}.get(
                first.status if first else Place.CONFIRMED, 26
            )
            others = [self.part(Place.CONFIRMED, n) for n in range(1, taken + 1)]
        else:
            others = [self.part(order[n % 4], n) for n in range(1, self.facts.rows + 1)]
        return ([first] if first else []) + others

    def about(self, training: Training, first: Participation | None = None) -> dict[str, Any]:
        """What every template about a training is told."""
        now = self.now(training.stage)
        return {
            "t": training,
            "seats": self.seats(training, first),
            "closed": training.closed_because(now),
            "now": now,
            "organisation": self.facts.organisation,
        }

    def seats(self, training: Training, first: Participation | None = None) -> dict[str, Seats]:
        """How its formats stand."""
        return seats_of(training.plan.seats, self.everybody(first))

    def standing(self, training: Training, part: Participation | None, **told: Any) -> Standing:
        """How one person stands with it."""
        waiting = part is not None and part.status is Place.WAITLISTED
        queue = [each.id for each in in_turn(self.everybody(part), part.format)] if part and waiting else []
        given = {
            "p": part,
            "queue": queue.index(part.id) + 1 if part and waiting else 0,
            "attendance": None,
            "checking_in": False,
            "paper": Paper.NONE,
            "may_say": False,
            **self.about(training, part),
        }
        return Standing(training, part, {**given, **told})

    def guests(self, training: Training) -> Guests:
        """A page of those who have no Slack."""
        statuses = (Place.OFFERED, Place.WAITLISTED, Place.CONFIRMED, Place.CANCELLED, Place.LAPSED)
        papers = tuple(Paper)
        told = {
            "name": self.facts.line(60),
            "phone": "0800-999-9999",
            "agency": self.facts.line(80),
            "needs": self.facts.line(500) if self.worst else "",
        }
        many = 20 if self.worst else 8
        people = tuple(
            Guest(
                self.part(statuses[n % 5], n + 1, person=None),
                n + 1 if n % 5 == 1 else 0,
                told,
                papers[n % 3],
            )
            for n in range(many)
        )
        pages = 6 if self.worst else 1
        more = {"people": people, "page": min(1, pages - 1), "pages": pages, "total": many * pages}
        return Guests(people, {**self.about(training), **more})

    def roster(self, training: Training, *, empty: bool = False) -> Roster:
        """The names of the day."""
        now = STARTS + timedelta(minutes=5)
        rows = [] if empty else [self._row(training, n) for n in range(1, self.facts.rows + 4)]
        return Roster(training, rows, NOW if empty else now)

    def _row(self, training: Training, n: int) -> Row:
        status = (None, *Attendance)[n % 5]
        part = self.part(Place.CONFIRMED, n, person=None if n % 3 else f"U{n:010d}", walk_in=n % 7 == 0)
        marks = {
            each.id: Mark(part.id, each.id, status, 90, "roster", STARTS, "U_KONDO")
            for each in training.plan.sessions
            if status
        }
        return Row(
            part, self.facts.line(60), self.facts.line(80), self.facts.line(500) if n % 2 else "", marks
        )

    def questions(self) -> tuple[Question, ...]:
        """What was asked, and partly answered."""
        text = self.facts.text[:1000] if self.worst else "連絡票の例はありますか。"
        answer = self.facts.text[:2000] if self.worst else "様式をお配りします。"
        found = []
        for n in range(1, self.facts.rows + 1):
            asked = Question(f"{n:032x}", ID, SUPPORTER, NOW, "252069" if n % 2 else None, text)
            given: dict[str, Any] = {"answerer": self.facts.line(80), "answered_by": "U_KONDO"}
            answered = {"answer": answer, "answered_at": NOW, **given}
            found.append(replace(asked, **answered) if n % 3 else asked)
        return tuple(found)

    def towns(self) -> tuple[Town, ...]:
        """How the municipalities answered."""
        many = tuple(f"U{n:010d}" for n in range(self.facts.rows))
        kinds: tuple[dict[str, Any], ...] = (
            {"coming": many, "waiting": 1, "there": many[:1]},
            {"cannot": (None,)},
            {"open": many[:2]},
        )
        listed = [each.code for each in self.facts.organisation.offered("municipalities")]
        towns = [Town(code, **kinds[n % 3]) for n, code in enumerate(listed if self.worst else listed[:5])]
        return (*towns, Town("", open=many[:3]))

    def results(self, *, enough: bool = True, hopeful: bool = True) -> Results:
        """What was said afterwards."""
        training = self.training(Stage.HELD)
        if not enough:
            return Results(training, enough=False, hopeful=hopeful)
        questions = tuple(
            Counted(name, listed, 6, tuple((code, 2, 33) for code in every(listed)))
            for name, listed in LISTS.items()
        )
        words = (
            tuple(self.facts.text[:1000] for _ in range(self.facts.rows))
            if self.worst
            else ("演習がもう少しあるとうれしいです。",)
        )
        wishes = tuple((code, 5, 50) for code in every("supporter_concerns"))
        return Results(training, True, 6, questions, wishes if self.worst else wishes[:2], words)

    def figures(self, *, empty: bool = False) -> Figures:
        """The numbers of a year."""
        if empty:
            return Figures(2026, {}, {}, 0, 0, {}, {}, {}, {}, {}, {})
        counts = {name: dict.fromkeys(every(name), 1234 if self.worst else 7) for name in _COUNTED}
        return Figures(
            2026, counts["training_kinds"], counts["training_kinds"], 99_999 if self.worst else 42, 30,
            counts["supporter_fields"], counts["welfare_regions"], counts["occupations"], counts["municipalities"],
            counts["satisfaction"], {"tried": 3, "hard": 2},
        )  # fmt: skip

    def certificate(self) -> Certificate:
        """A paper."""
        return Certificate(f"{self.training().number}-012", PART, NOW, 180, "ABCD2345", "")

    def screens(self) -> dict[str, ScreenFacts]:
        """The window with the code: before, during and after."""
        training, expected = self.training(), 1000 if self.worst else 29
        session = training.plan.sessions[0]
        return {
            "open": ScreenFacts(training, session, "042042", None, expected - 1, expected),
            "before": ScreenFacts(training, None, "", STARTS - OPENS, 0, expected),
            "over": ScreenFacts(training, None, "", None, 0, expected),
        }

    def home(self, *, organizes: bool = False, enters: bool = False) -> homes_trainings.Trainings:
        """What a Home tells about trainings."""
        open_, statuses = self.training(), (Place.CONFIRMED, Place.OFFERED, Place.WAITLISTED)
        own = [
            homes_trainings.Own(open_, self.part(status, n), n if status is Place.WAITLISTED else 0)
            for n, status in enumerate(statuses * (self.facts.rows // 3 or 1))
        ]
        event = homes_trainings.Event(
            open_, self.seats(open_), None, (self.facts.user,) * (40 if self.worst else 2), 2
        )
        many = self.facts.rows if self.worst else 2
        events = [replace(event, t=replace(open_, id=f"{n:032x}")) for n in range(many)]
        draft = self.training(Stage.DRAFT)
        blank = replace(draft, id=ID[::-1], plan=Plan())
        return homes_trainings.Trainings(
            own=[replace(each, p=replace(each.p, id=f"{n:032x}")) for n, each in enumerate(own)],
            declined=[homes_trainings.Own(open_, self.part(Place.DECLINED))],
            behind=[homes_trainings.Own(self.training(Stage.HELD), self.part(Place.CONFIRMED))],
            to_join=[
                replace(each, t=replace(each.t, id=f"{n + 500:032x}")) for n, each in enumerate(events[:5])
            ],
            more_to_join=7 if self.worst else 0,
            events=events[:10] if organizes or enters else [],
            more_events=many if self.worst and (organizes or enters) else 0,
            by_phone=[replace(event, t=self.training(Stage.HELD))] * (many if self.worst else 1)
            if enters
            else [],
            drafts=[draft, self.training(Stage.SCHEDULED), blank] if organizes else [],
            minutes=6001 if self.worst else 180,
            organizes=organizes,
            enters=enters,
        )


_COUNTED = (
    "training_kinds",
    "supporter_fields",
    "welfare_regions",
    "occupations",
    "municipalities",
    "satisfaction",
)


def meeting(training: Training) -> Training:
    """The same as a meeting."""
    return training.planned(replace(training.plan, kind=max(MEETINGS)))


def changed(t: TrainingFacts) -> dict[str, Any]:
    """Everything an edition may have changed, as it is kept."""
    at = [[each.starts_at.isoformat(), each.ends_at.isoformat()] for each in t.plan().sessions]
    text = t.line("湖北 みずほ", 300)
    told: dict[str, Any] = {
        code.code: {"was": text, "now": text} for code in codes.options("training_changes")
    }
    return {
        **told,
        "online": {},
        "reason": {"said": t.line("講師の体調のため", 200)},
        "sessions": {"was": at, "now": at},
        "seats": {"was": ["onsite"], "now": ["online", "onsite"]},
        "deadline": {"was": "", "now": STARTS.isoformat()},
        "fee": {"was": 0, "now": 1_000_000},
    }
