"""Every window about trainings that any handler draws, from the same functions."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from bot import messages, screens
from bot.domain.certificate import NotEarned, Paper
from bot.domain.check_in import NoSeat, NotToday
from bot.domain.refusals import Refused
from bot.domain.seats import Attendance, NoOffer, Place
from bot.domain.staff import Actor
from bot.domain.training import NotOpen, Plan, Stage, StageTooLate
from bot.store.database import Database
from bot.surfaces_facts import ID, NOW, SUPPORTER, Facts, every
from bot.surfaces_training_facts import PART, STARTS, TrainingFacts, meeting
from bot.usecases.certificates import Issued, Verified
from bot.usecases.desk import Desk
from bot.usecases.meetings import Board, QuestionsOver, Towns
from bot.usecases.seat_reading import Standing
from bot.usecases.training_desk import MinutesTold
from handlers import (
    announcing,
    certificates,
    check_in,
    feedback,
    figures,
    inviting,
    meetings,
    roster,
    seat_forms,
    training_form,
    training_windows,
    trainings,
)
from handlers.forms import Form
from handlers.replies import notice, said

View = dict[str, Any]
Drawn = Iterator[tuple[str, View]]


def training_modals(facts: Facts) -> Drawn:
    """Give each window about trainings with its name."""
    t = TrainingFacts(facts)
    yield from _planning(t)
    yield from _listing(t)
    yield from _joining(t)
    yield from _entering(t)
    yield from _meeting(t)
    yield from _on_the_day(t)
    yield from _afterwards(t)
    yield from _told(t)


def _planning(t: TrainingFacts) -> Drawn:
    there, training = t.facts.organisation, t.training(Stage.DRAFT)
    people = {"people": t.facts.rows, "by_phone": 2}
    filled = training_form.answers_of(training.plan)
    yield "forms/training/blank", training_form.draw(there, {}, keep={}).view()
    yield "forms/training/filled", training_form.draw(there, filled, keep={"t": ID}, drafted=NOW).view()
    unready = training_form.draw(there, filled, keep={"t": ID}, why=messages.words("refusals/no_seats"))
    yield "forms/training/unready", unready.view()
    yield (
        "forms/training/change",
        training_form.draw(there, filled, keep={"t": ID, "live": 1}, told=people).view(),
    )
    nobody = training_form.draw(there, filled, keep={"t": ID, "live": 1}, told={"people": 0, "by_phone": 0})
    yield "forms/training_change", nobody.view()
    for name, held in (("", t.training(Stage.HELD)), ("/meeting", meeting(t.training(Stage.HELD)))):
        yield f"forms/training_after{name}", training_form.draw_after(held, {}).view()
    told = t.about(t.training())
    channels = ("C_TRAINING", *(f"C{n:010d}" for n in range(9))) if t.worst else ("C_TRAINING",)
    yield "forms/announce", announcing.draw_preview(training, told, channels, {}).view()
    later = t.training(Stage.SCHEDULED)
    yield "forms/announce/later", announcing.draw_preview(later, told, channels, {}).view()
    for name, many in (("", people), ("/nobody", {"people": 0, "by_phone": 0})):
        yield f"forms/cancel_training{name}", trainings.draw_cancel(t.training(), many, {}).view()


def _listing(t: TrainingFacts) -> Drawn:
    facts, open_ = t.facts, t.training()
    many = [t.training(Stage.ANNOUNCED, id=f"{n:032x}") for n in range(facts.rows)]
    seats = {each.id: t.seats(each) for each in many}
    drafts = [
        t.training(Stage.DRAFT),
        t.training(Stage.SCHEDULED),
        t.training(Stage.DRAFT, id=PART, plan=Plan()),
    ]
    over = [t.training(stage) for stage in (Stage.HELD, Stage.CANCELLED, Stage.DROPPED)]
    draw = training_windows.draw_list
    yield "forms/trainings", draw(drafts=drafts, coming=many, over=over, seats=seats).view()
    yield "forms/trainings/empty", draw(drafts=[], coming=[], over=[], seats={}).view()
    reasons = (None, "deadline", "begun")
    closed = {each.id: reasons[n % 3] for n, each in enumerate(many)}
    mine = {each.id: t.part(list(Place)[n % 3], n) for n, each in enumerate(many) if n % 2}
    for enters in (False, True):
        shown = training_windows.draw_open(
            coming=many, seats=seats, closed=closed, mine=mine, enters=enters, counts=enters
        )
        yield f"forms/trainings_open/{enters}".lower(), shown.view()
    nothing = training_windows.draw_open(coming=[], seats={}, closed={}, mine={}, enters=False, counts=False)
    yield "forms/trainings_open/empty", nothing.view()
    asked = [f"U{n:010d}" for n in range(facts.rows)]
    about = {stage: t.about(t.training(stage)) for stage in Stage}
    held_now = {**t.about(open_), "closed": "begun", "now": STARTS}
    cases = {
        **{str(stage): told for stage, told in about.items()},
        "begun": held_now,
        "meeting": t.about(meeting(open_)),
    }
    for name, told in cases.items():
        names = ["研修のお知らせ", ""] if name != "draft" else []
        window = training_windows.draw_window(told, t.everybody(), asked, asked[1:], names, Actor("U_ADMIN"))
        yield f"forms/training_window/{name}", window.view()
    unnamed = training_windows.draw_window(cases["begun"], [], [], [], [None], Actor("U_KONDO"))
    yield "forms/training_window/unnamed", unnamed.view()
    blank = {**t.about(t.training(Stage.DRAFT, plan=Plan())), "seats": {}}
    empty = training_windows.draw_window(blank, [], [], [], [], Actor("U_KONDO"))
    yield "forms/training_window/blank", empty.view()


def _answers(t: TrainingFacts) -> dict[str, Any]:
    facts = t.facts
    return {
        "format": "onsite", "name": facts.line(60), "agency": facts.line(80), "phone": facts.line(60), "route": "phone",
        "needs": facts.text[:500], "question": facts.text[:1000], "occupation": "care_manager",
        "supporter_field": "elderly", "organization_type": "kyotaku", "municipality": "252069", "person": SUPPORTER,
    }  # fmt: skip


def _standings(t: TrainingFacts) -> Iterator[tuple[str, Standing]]:
    for stage in (Stage.ANNOUNCED, Stage.HELD, Stage.CANCELLED):
        for status in Place:
            yield f"{stage}/{status}", t.standing(t.training(stage), t.part(status))
    off = t.part(Place.CONFIRMED, reminders=False)
    yield "announced/no_reminders", t.standing(t.training(), off)
    yield "announced/checking_in", t.standing(t.training(), off, checking_in=True)
    waiting = t.part(Place.WAITLISTED)
    yield "announced/deadline", t.standing(t.training(), waiting, closed="deadline")
    for attendance in Attendance:
        paper = Paper.GIVEN if attendance is Attendance.ATTENDED else Paper.NONE
        told = {"attendance": attendance, "paper": paper, "may_say": attendance is Attendance.PARTIAL}
        there = t.standing(t.training(Stage.HELD), t.part(Place.CONFIRMED), **told)
        yield f"held/{attendance}", there
    later = {"attendance": Attendance.PARTIAL, "paper": Paper.LATER, "may_say": True}
    yield "held/later", t.standing(t.training(Stage.HELD), t.part(Place.CONFIRMED), **later)
    both = t.training(plan=t.plan(seats={"onsite": 30, "online": 10}))
    yield "announced/elsewhere", t.standing(both, t.part(Place.WAITLISTED))


def _joining(t: TrainingFacts) -> Drawn:
    there, full = t.facts.organisation, _answers(t)
    everything = t.training(
        Stage.ANNOUNCED, plan=t.plan(asks=every("training_asks"), seats={"onsite": 30, "online": 0})
    )
    standing = t.standing(everything, None)
    yield "forms/join/blank", seat_forms.joining(there, standing).view()
    yield (
        "forms/join/masked",
        seat_forms.joining(there, standing, full, round=1, found=t.facts.found()).view(),
    )
    full_one = t.standing(t.training(), None)
    yield "forms/join/full", seat_forms.joining(there, full_one).view()
    yield "forms/switch_seat", seat_forms.switching(t.standing(everything, t.part(Place.CONFIRMED))).view()
    for name, each in _standings(t):
        yield f"forms/own_seat/{name}", seat_forms.own(each).view()
        for line in ("seat_said", "declined_said", "reminders_said"):
            yield f"forms/notice/{line}/{name}", notice(messages.words(f"forms/{line}", **each.told))
    yield "forms/notice/calendar_comes", notice(messages.words("forms/calendar_comes"))


def _entering(t: TrainingFacts) -> Drawn:
    there, standing = t.facts.organisation, t.standing(t.training(), None)
    yield "forms/enter_seat/blank", seat_forms.entering(there, standing, {"route": "phone"}).view()
    for organizes in (True, False):
        begun = seat_forms.begun(standing, organizes=organizes)
        yield f"forms/notice/entry_begun/{organizes}".lower(), begun.view()
    masked = seat_forms.entering(there, standing, _answers(t), round=1, found=t.facts.found())
    yield "forms/enter_seat/masked", masked.view()
    for name, each in _standings(t):
        yield f"forms/entered_seat/{name}", seat_forms.entered(each).view()
    for stage in (Stage.ANNOUNCED, Stage.HELD, Stage.CANCELLED):
        yield f"forms/seat_people/{stage}", seat_forms.people(t.guests(t.training(stage))).view()
    guests = t.guests(t.training())
    nobody = replace(guests, people=(), told={**guests.told, "people": (), "page": 0, "pages": 1, "total": 0})
    yield "forms/seat_people/nobody", seat_forms.people(nobody).view()


def _meeting(t: TrainingFacts) -> Drawn:
    facts, there = t.facts, t.facts.organisation
    training, asked = meeting(t.training()), [f"U{n:010d}" for n in range(facts.rows)]
    desk = Desk(cast("Database", None), there)
    for name, people in (("", asked), ("/nobody", [])):
        yield f"forms/invite{name}", inviting.draw(desk, training, people, people[1:]).view()
    questions = t.questions()
    for name, board in (
        ("", Board(training, questions, asking=True)),
        ("/held", Board(meeting(t.training(Stage.HELD)), questions, "https://example.jp/m", asking=False)),
        ("/nothing", Board(training, (), asking=True)),
    ):
        yield f"forms/questions{name}", meetings.draw_questions(there, board).view()
        yield f"forms/answers{name}", meetings.draw_answers(there, board, SUPPORTER).view()
    later = meetings.draw_questions(there, Board(training, questions, asking=True), start=1)
    yield "forms/questions/later", later.view()
    yield "forms/ask_question/blank", meetings.draw_ask(training).view()
    masked = meetings.draw_ask(training, {"question": facts.text[:1000]}, 1, facts.found())
    yield "forms/ask_question/masked", masked.view()
    given = {"answer": facts.text[:2000], "answerer": facts.line(80), "on": "2026-11-24"}
    yield "forms/answer_question/blank", meetings.draw_answer(there, training, questions[0], {}).view()
    again = meetings.draw_answer(there, training, questions[-1], given, 1, facts.found())
    yield "forms/answer_question/masked", again.view()
    yield "forms/minutes", meetings.draw_minutes(meeting(t.training(Stage.HELD))).view()
    for marked in (False, True):
        towns = Towns(training, t.towns(), frozenset(each.code for each in t.towns()[:9]), marked)
        yield f"forms/towns/{marked}".lower(), meetings.draw_towns(there, towns, inviting=not marked).view()
    over = Towns(meeting(t.training(Stage.HELD)), (), frozenset(), marked=False)
    yield "forms/towns/over", meetings.draw_towns(there, over, inviting=False).view()


def _on_the_day(t: TrainingFacts) -> Drawn:
    there, training = t.facts.organisation, t.training()
    for name, told in t.screens().items():
        yield f"forms/check_in_screen/{name}", screens.view(told)
    for way in ("onsite", "online"):
        yield f"forms/check_in/{way}", check_in.draw(training, t.part(Place.CONFIRMED, format=way)).view()
    yield "forms/roster", roster.draw(t.roster(training)).view()
    for n, row in enumerate(t.roster(training).rows[:4]):
        yield f"forms/roster/added/{n}", roster.draw(t.roster(training), added=row.part.id).view()
    yield "forms/roster/later", roster.draw(t.roster(training), page=1).view()
    yield "forms/roster/empty", roster.draw(t.roster(training, empty=True)).view()
    yield "forms/roster_minutes", roster.draw_minutes(PART, training.plan.sessions[0], 90).view()
    both = t.training(plan=t.plan(seats={"onsite": 30, "online": 0}))
    yield "forms/walk_in", roster.draw_walk_in(there, both, {"t": ID, "s": PART}).view()


def _afterwards(t: TrainingFacts) -> Drawn:
    facts, there, held = t.facts, t.facts.organisation, t.training(Stage.HELD)
    for own in (True, False):
        drawn = certificates.draw(held, t.part(Place.CONFIRMED), facts.line(40), own=own)
        yield f"forms/certificate/{own}".lower(), drawn.view()
    paper = t.certificate()
    for name, minutes in (("", 180), ("/short", 45), ("/long", 59_999)):
        yield (
            f"forms/certificate_made{name}",
            certificates.draw_made(Issued(paper, held, 2026, minutes)).view(),
        )
    yield "forms/verify", certificates.draw_verify().view()
    for n, (stands, named) in enumerate(((True, None), (True, True), (True, False), (False, None))):
        yield f"forms/verified/{n}", certificates.draw_verified(Verified(paper, held, stands, named)).view()
    given = {
        "satisfaction": "5",
        "usefulness": "now",
        "pace": "right",
        "wishes": ["approach"],
        "words": facts.text[:1000],
    }
    yield "forms/feedback/blank", feedback.draw(there, {}, keep={"t": ID}, title=held.title).view()
    yield "forms/feedback/saved", feedback.draw(there, given, keep={"t": ID}, saved=True).view()
    masked = feedback.draw(there, given, keep={"t": ID}, round=1, found=facts.found())
    yield "forms/feedback/masked", masked.view()
    few, never = t.results(enough=False), t.results(enough=False, hopeful=False)
    for name, found in (("", t.results()), ("/few", few), ("/never", never)):
        yield f"forms/feedback_results{name}", feedback.draw_results(found).view()
    if t.worst:
        yield "forms/feedback_results/later", feedback.draw_results(t.results(), start=20).view()
    this, last = _at(t, NOW), _at(t, NOW + timedelta(days=366))
    for name, desk in (("", this), ("/last", last)):
        yield f"forms/figures{name}", figures.draw(t.figures(), desk).view()
    yield "forms/figures/empty", figures.draw(t.figures(empty=True), this).view()


def _at(t: TrainingFacts, now: datetime) -> Desk:
    """A desk that knows what time it is, and nothing else."""
    return Desk(cast("Database", _Clock(now)), t.facts.organisation)


class _Clock:
    def __init__(self, now: datetime) -> None:
        self._now = now

    def clock(self) -> datetime:
        return self._now


def _told(t: TrainingFacts) -> Drawn:
    session = t.plan().sessions[0]
    for already in (False, True):
        for way in ("onsite", "online"):
            told = {"t": t.training(), "p": t.part(Place.CONFIRMED, format=way), "session": session}
            done = messages.words("forms/check_in_done", **told, already=already)
            yield f"forms/notice/check_in_done/{way}/{already}".lower(), notice(done)
        thanks = Form("notice").note(
            "forms/ask_question_done", danger=already, organisation=t.facts.organisation
        )
        yield f"forms/notice/ask_question_done/{already}".lower(), thanks.view()
        many = 3 if already else 0
        for n, minutes in enumerate(
            (MinutesTold(9, 0, many), MinutesTold(0, 9, many), MinutesTold(0, 0, many))
        ):
            done = messages.words("forms/minutes_done", told=minutes, new=already)
            yield f"forms/notice/minutes_done/{many}/{n}", notice(done)
        sent = messages.words("forms/invite_done", sent=many, before=2)
        yield f"forms/notice/invite_done/{many}", notice(sent)
    yield "forms/notice/feedback_thanks", notice(messages.words("forms/feedback_thanks"))
    for refused in _refusals(t):
        yield (
            f"{refused.template}/{'_'.join(str(each) for each in vars(refused).values())}",
            notice(said(refused, NOW)),
        )


def _refusals(t: TrainingFacts) -> Iterator[Refused]:
    """Those that say something else in each case."""
    yield from (NotOpen(why) for why in ("draft", "scheduled", "begun", "deadline", "held", "cancelled"))
    yield from (QuestionsOver(why) for why in ("draft", "cancelled", "held"))
    whys = ("running", "cancelled", "unmarked", "partial", "absent", "excused")
    yield from (NotEarned(why, t.facts.user) for why in whys)
    yield from (StageTooLate(stage) for stage in Stage)
    yield from (NoOffer(status) for status in Place)
    yield from (NoSeat(status) for status in Place)
    yield NotToday(None)
