"""The operator's doors: entering a call, fax or visit for somebody, and counting what was no consultation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot import messages
from bot.domain.business_time import TOKYO
from bot.domain.consultation import Consultation
from bot.domain.staff import Actor, Role
from bot.organisation import Organisation
from bot.usecases import intake
from bot.usecases.desk import Desk
from handlers.directory import Directory
from handlers.forms import Answers, Form
from handlers.intake import WORDS, by_phone, offered, request_of
from handlers.replies import notice
from handlers.routing import Routes
from handlers.windows import Reply, Screen
from handlers.wording import Masked, explained, keeping, offering, unmasked

routes = Routes()

DESK_STAFF = frozenset({Role.OPERATOR, Role.COUNSELOR, Role.COORDINATOR})


def draw(
    organisation: Organisation, answers: Mapping[str, Any] | None = None, *, round: int = 0,  # noqa: A002
    found: Masked | None = None, keep: Mapping[str, Any] | None = None,
) -> Form:  # fmt: skip
    """Draw the proxy form: how and when it arrived stand first, then what was asked."""
    form = Form("proxy", answers=answers, round=round, keep=keep)
    if found is None:
        form.note("forms/proxy_opening")
    else:
        explained(form, found).text("story", optional=True, long=True)
        keeping(form, found).line()
    form.choice("route", offered(organisation, "routes"))
    form.day("contacted_on")
    form.clock("contacted_at")
    form.choices("concerns", offered(organisation, "supporter_concerns"), most=5)
    form.choice("urgency", offered(organisation, "urgency"), radio=True)
    form.text("phone", limit=60)
    form.choices("best_times", offered(organisation, "best_times"), boxes=True)
    form.choices("privacy", offered(organisation, "callback_privacy"), optional=True, boxes=True)
    form.text("name", optional=True, limit=60)
    form.text("agency", optional=True, limit=80)
    form.text("callable", optional=True, limit=60)
    if found is None:
        form.text("story", optional=True, long=True)
    form.choices("wishes", offered(organisation, "requested_support"), optional=True)
    form.choice("supporter_field", offered(organisation, "supporter_fields"), optional=True)
    form.choice("organization_type", offered(organisation, "organization_types"), optional=True)
    form.choice("occupation", offered(organisation, "occupations"), optional=True)
    form.choice("municipality", offered(organisation, "municipalities"), optional=True)
    form.person("supporter", optional=True)
    return form


def draw_count(organisation: Organisation, now: datetime) -> Form:
    """Draw the small form for what came in and was no consultation."""
    form = Form("count", answers=_this_moment(now))
    kinds = organisation.offered("not_consultation")
    form.note("forms/count_opening", kinds=kinds)
    form.choice("kind", [(each.code, each.label) for each in kinds])
    form.choice("route", offered(organisation, "routes"))
    return form.day("contacted_on").clock("contacted_at")


def entered(organisation: Organisation, consultation: Consultation) -> Form:
    """Draw what the operator can read out at once: the number and the promise, and the paper to send."""
    return Form("entered", keep={"c": consultation.id}).note(
        "forms/entered",
        c=consultation,
        organisation=organisation,
        open_now=organisation.calendar.is_open(consultation.received_at),
        opening=organisation.calendar.next_opening(consultation.received_at),
    )


@routes.command("/受付", allow=DESK_STAFF)
async def command(screen: Screen, desk: Desk) -> None:
    """Enter a phone call, fax, mail or visit for somebody."""
    await screen.show(_fresh(desk))


@routes.shortcut("proxy.open", label="電話などを受け付ける", allow=DESK_STAFF)
async def shortcut(screen: Screen, desk: Desk) -> None:
    """Enter a phone call, fax, mail or visit for somebody, from the shortcut menu."""
    await screen.show(_fresh(desk))


@routes.button("proxy.open", allow=DESK_STAFF)
async def button(screen: Screen, desk: Desk) -> None:
    """Enter a phone call, fax, mail or visit for somebody, from the Home."""
    await screen.show(_fresh(desk))


@routes.form("proxy.submit", allow=DESK_STAFF)
async def submit(view: dict[str, Any], actor: Actor, desk: Desk, directory: Directory) -> Reply:
    """Hand the request over; what can be read out to the caller is shown at once."""
    answers = unmasked(Answers.of(view), *WORDS)
    request = by_phone(request_of(answers), answers)
    supporter = answers.code("supporter") or None
    if supporter:
        await directory.must_belong(supporter, "supporter")
    consultation = await offering(
        intake.enter(desk, actor, request, once=f"intake:{view['id']}", supporter=supporter),
        answers,
        lambda now, round_, found: draw(
            desk.organisation, now.values, round=round_, found=found, keep=now.keep
        ),
    )
    return entered(desk.organisation, consultation)


@routes.button("count.open", allow=DESK_STAFF)
async def open_count(screen: Screen, desk: Desk) -> None:
    """Count what came in and was no consultation."""
    await screen.show(draw_count(desk.organisation, desk.db.clock()))


@routes.form("count.submit", allow=DESK_STAFF)
async def submit_count(view: dict[str, Any], actor: Actor, desk: Desk) -> Reply:
    """Count it; nothing else is kept."""
    answers = Answers.of(view)
    await intake.count(
        desk,
        actor,
        kind=answers.code("kind") or "other",
        route=answers.code("route") or "phone",
        at=answers.moment("contacted_on", "contacted_at"),
        once=f"count:{view['id']}",
    )
    return notice(messages.words("forms/counted"))


def _fresh(desk: Desk) -> Form:
    answers = {"route": "phone", "best_times": ["any"], **_this_moment(desk.db.clock())}
    return draw(desk.organisation, answers)


def _this_moment(now: datetime) -> dict[str, str]:
    here = now.astimezone(TOKYO)
    return {"contacted_on": here.date().isoformat(), "contacted_at": here.strftime("%H:%M")}
