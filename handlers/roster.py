"""The roster of the day: who is there, person by person or all at once; on a sheet, on paper; who comes unannounced."""

import asyncio
import contextlib
import json
from collections.abc import Iterable
from typing import Any, cast

from bot import codes, messages
from bot.answers import SLACK_TROUBLE
from bot.domain import check_in
from bot.domain.refusals import Refused
from bot.domain.seats import Attendance
from bot.domain.staff import Actor
from bot.domain.text import Empty, TooLong, clean_line
from bot.domain.training import Session, Training
from bot.organisation import Organisation
from bot.usecases import attendance, rosters
from bot.usecases.desk import Desk
from bot.usecases.rosters import Roster, Row, WalkIn
from bot.usecases.training_desk import ORGANIZE
from handlers.directory import Directory
from handlers.forms import Answers, Form, Option
from handlers.intake import offered
from handlers.replies import small_window
from handlers.routing import Routes
from handlers.windows import Reply, Screen, id_of

routes = Routes()

AT_ONCE = 20  # people on one page of the window
NAME, AGENCY = 60, 80
ASKING_SECONDS, ASKED_AT_ONCE = 1.8, 10


def draw(roster: Roster, session_id: str = "", page: int = 0, *, added: str = "") -> Form:
    """Draw one page of the roster for one session; where none is named, for the one that goes on.

    `added`: the part of somebody who was let in just now.
    """
    training = roster.training
    sessions = sorted(training.plan.sessions)
    session = next(
        (each for each in sessions if each.id == session_id), check_in.nearest(sessions, roster.now)
    )
    pages = max(1, -(-len(roster.rows) // AT_ONCE))
    page = min(max(page, 0), pages - 1)
    shown = roster.rows[page * AT_ONCE : (page + 1) * AT_ONCE]
    here = sum(check_in.was_there(each.marks.get(session.id)) for each in roster.rows)
    form = Form("roster", keep={"t": training.id, "s": session.id, "n": page})
    return form.note(
        "forms/roster",
        t=training,
        session=session,
        sessions=[(f"{training.id}/{each.id}", _named(each)) for each in sessions],
        rows=[_shown(row, session, page * AT_ONCE + n) for n, row in enumerate(shown, 1)],
        added=next((each for each in roster.rows if each.part.id == added), None),
        page=page,
        pages=pages,
        here=here,
        expected=len(roster.rows),
        unmarked=sum(session.id not in each.marks for each in roster.rows),
        opens_at=session.starts_at - check_in.OPENS if not _begun(session, roster) else None,
    )


def _begun(session: Session, roster: Roster) -> bool:
    return roster.now >= session.starts_at - check_in.OPENS


def _named(session: Session) -> str:
    return f"{messages.said(session.starts_at)}〜{messages.said(session.ends_at, 'clock')}"


def _shown(row: Row, session: Session, number: int) -> dict[str, Any]:
    """What the window tells of one person, and the choices behind the name."""
    mark = row.marks.get(session.id)
    about = f"{row.part.id}/{session.id}"
    options = [(f"{about}/{each.code}", each.label) for each in codes.options("attendance")]
    return {
        "n": number,
        "row": row,
        "mark": mark,
        "about": about,
        "options": options,
        "chosen": f"{about}/{mark.status}" if mark else None,
    }


@routes.button("roster.open", allow=ORGANIZE)
async def open_roster(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Open the roster of a training."""
    shown = await screen.show(draw(await rosters.roster(desk, actor, value)))
    if shown == screen.view.get("id"):  # in the place of the code, which is drawn there no more
        await attendance.forget_screen(desk, actor, shown)


@routes.button("roster.session", allow=ORGANIZE)
async def choose_session(action: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> None:
    """Show the roster of another session."""
    training_id, _, session_id = action["selected_option"]["value"].partition("/")
    await _drawn_again(screen, desk, actor, training_id, session_id)


@routes.button("roster.page", allow=ORGANIZE)
async def turn_page(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Turn a page of the roster."""
    training_id, session_id, page = value.split("/")
    await _drawn_again(screen, desk, actor, training_id, session_id, int(page))


@routes.button("roster.mark", allow=ORGANIZE)
async def mark(action: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> None:
    """Note whether somebody was there."""
    part, session, status = action["selected_option"]["value"].split("/")
    try:
        await rosters.mark(desk, actor, part, session, Attendance(status))
    except Refused:
        await _same_again(screen, desk, actor)  # the choice must not stand there as if it were kept
        raise
    await _same_again(screen, desk, actor)


@routes.button("roster.rest", allow=ORGANIZE)
async def mark_rest(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Note everybody nobody has said anything of as there."""
    training_id, _, session_id = value.partition("/")
    await rosters.mark_rest(desk, actor, training_id, session_id)
    await _same_again(screen, desk, actor)


def draw_minutes(participation_id: str, session: Session, given: int | None) -> Form:
    """Draw the form for how long somebody was there."""
    form = Form("roster_minutes", keep={"p": participation_id, "s": session.id}, answers={"minutes": given})
    return form.number("minutes", most=session.minutes, optional=False)


@routes.button("roster.minutes", allow=ORGANIZE)
async def open_minutes(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Open the form for how long somebody was there."""
    part, session_id = value.split("/")
    training, given = await rosters.minutes_given(desk, actor, part, session_id)
    session = rosters.session_of(training, session_id)
    await screen.show(draw_minutes(part, session, given))


@routes.form("roster_minutes.submit", allow=ORGANIZE)
async def minutes(view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk) -> Reply:
    """Keep how long somebody was there."""
    answers = Answers.of(view)
    part, session_id = answers.keep["p"], answers.keep["s"]
    given = answers.number("minutes") or 0
    await rosters.mark(desk, actor, part, session_id, Attendance.PARTIAL, given)
    training, _ = await rosters.minutes_given(desk, actor, part, session_id)
    roster = await rosters.roster(desk, actor, training.id, again=True)
    return await screen.back_to(draw(roster, session_id))


def _file(kind: str) -> None:
    @routes.button(f"roster.{kind}", allow=ORGANIZE)
    async def press(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
        """Make the roster as a file; it comes to the direct message of whoever pressed."""
        roster = await rosters.roster(desk, actor, value, again=True)
        names = await _learnt(screen, roster.unnamed)
        await rosters.keep_names(desk, actor, roster.training.id, names)
        once = screen.press
        await rosters.promise_paper(desk, actor, roster.training.id, f"roster_{kind}", once=once)
        await small_window(screen, messages.words("forms/paper_comes"))


for each in ("sheet", "paper"):
    _file(each)


def draw_walk_in(organisation: Organisation, training: Training, keep: dict[str, Any]) -> Form:
    """Draw the form for somebody who comes unannounced."""
    form = Form("walk_in", keep=keep).note("forms/walk_in_opening", t=training)
    form.person("person", optional=True)
    form.text("name", optional=True, limit=NAME).text("agency", optional=True, limit=AGENCY)
    form.text("phone", optional=True, limit=NAME)
    if len(training.plan.seats) > 1:
        formats: list[Option] = [
            (each.code, each.label)
            for each in codes.options("training_formats")
            if each.code in training.plan.seats
        ]
        form.choice("format", formats, optional=True)
    form.choice("supporter_field", offered(organisation, "supporter_fields"), optional=True)
    form.choice("organization_type", offered(organisation, "organization_types"), optional=True)
    form.choice("occupation", offered(organisation, "occupations"), optional=True)
    return form.choice("municipality", offered(organisation, "municipalities"), optional=True)


@routes.button("walk_in.open", allow=ORGANIZE)
async def open_walk_in(value: str, screen: Screen, actor: Actor, desk: Desk) -> None:
    """Open the form for somebody who comes unannounced."""
    training = await rosters.may_let_in(desk, actor, value)
    form = draw_walk_in(desk.organisation, training, {"t": training.id, "s": _kept(screen).get("s", "")})
    await screen.show(form)


@routes.form("walk_in.submit", allow=ORGANIZE)
async def walk_in(
    view: dict[str, Any], screen: Screen, actor: Actor, desk: Desk, directory: Directory
) -> Reply:
    """Let somebody in who comes unannounced, and note that they are there."""
    answers = Answers.of(view)
    said = WalkIn(
        person=answers.code("person"),
        name=answers.text("name", limit=NAME),
        agency=answers.text("agency", limit=AGENCY),
        phone=answers.text("phone", limit=NAME),
        format=answers.code("format"),
        supporter_field=answers.code("supporter_field"),
        organization_type=answers.code("organization_type"),
        occupation=answers.code("occupation"),
        municipality=answers.code("municipality"),
    )
    if said.person:
        await directory.must_belong(said.person, "person")
    training_id = answers.keep["t"]
    part = await rosters.walk_in(desk, actor, training_id, said, once=f"walk_in:{id_of(view)}")
    roster = await rosters.roster(desk, actor, training_id, again=True)
    drawn = draw(roster, answers.keep["s"], len(roster.rows), added=part.id)
    if answers.keep["s"]:  # asked from the roster
        return await screen.back_to(drawn)
    return drawn


async def _drawn_again(
    screen: Screen,
    desk: Desk,
    actor: Actor,
    training_id: str,
    session_id: str,
    page: int = 0,
    *,
    again: bool = False,
) -> None:
    form = draw(await rosters.roster(desk, actor, training_id, again=again), session_id, page)
    await screen.redraw(form)


async def _same_again(screen: Screen, desk: Desk, actor: Actor) -> None:
    """Draw the roster again where it was open. A window that is gone is left alone: what was asked is done."""
    keep = _kept(screen)
    with contextlib.suppress(*SLACK_TROUBLE):
        await _drawn_again(screen, desk, actor, keep["t"], keep["s"], int(keep["n"]), again=True)


def _kept(screen: Screen) -> dict[str, Any]:
    return dict(json.loads(screen.view.get("private_metadata") or "{}"))


async def _learnt(screen: Screen, people: Iterable[str]) -> dict[str, str]:
    """What people call themselves in Slack, as far as it tells in the time somebody waits for an answer."""
    found: dict[str, str] = {}
    hands = asyncio.Semaphore(ASKED_AT_ONCE)

    async def ask(person: str) -> None:
        with contextlib.suppress(*SLACK_TROUBLE, Empty, TooLong):
            async with hands:
                answer = await screen.client.users_info(user=person)
            user = cast("dict[str, Any]", answer["user"])
            named = (
                (user.get("profile") or {}).get("real_name") or user.get("real_name") or user.get("name", "")
            )
            found[person] = clean_line(named, limit=NAME)

    asked = [asyncio.create_task(ask(person)) for person in people]
    if asked:
        _, left = await asyncio.wait(asked, timeout=ASKING_SECONDS)
        for each in left:
            each.cancel()
        await asyncio.gather(*left, return_exceptions=True)
    return found
