"""Everything about つなぎ, drawn with made-up facts: the windows of the wizard, of agreements and of sheets, and what is said."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot import homes_handovers
from bot.domain.agreement import Agreement, Answer, Receiver, Withdrawal, consent_of, standing
from bot.domain.consultation import Status
from bot.domain.directory import Agency, Town
from bot.domain.handover import MEETINGS, Package, Route, State, Way
from bot.domain.staff import Actor, Role
from bot.messages import Message, render
from bot.store.handovers import Taken
from bot.surfaces_facts import ID, NOW, Facts, every, longest
from bot.usecases.handover_answers import Opened
from bot.usecases.handover_ways import Linkage
from bot.usecases.handovers import Found, Overview, Preview
from bot.usecases.package_content import FIELDS, SUPPORTER, TEXTS, VIA_DESK, Content, made, named
from handlers import agreements, detail_view, linkage, packages
from handlers.replies import notice

TEMPLATES = frozenset({
    "package_title", "package_paper", "package_sheet", "package_letter_title", "package_letter", "package_arrived",
    "package_return", "package_pending", "package_answered", "return_asked", "return_waiting", "agreement_over",
})  # fmt: skip
ABOUT_ONE = (
    "package_arrived", "package_return", "package_pending", "package_answered", "return_asked", "return_waiting",
)  # fmt: skip
DAY = date(2026, 11, 24)
TOKEN = "0000000000000000000000000001b538"  # noqa: S105 - read out, it happens to be digits


def receiver(facts: Facts, n: int = 0, meeting: str = "juso") -> Receiver:
    """An office, with the longest name there may be."""
    town = longest("municipalities") if facts.worst else "252034"
    return Receiver(
        f"{n:032x}", town, meeting, facts.line(60) if facts.worst else "社会福祉課", None, facts.user
    )


def agreement(facts: Facts, n: int = 0, **changes: Any) -> Agreement:
    """What somebody said."""
    fields = FIELDS if facts.worst else FIELDS[:5]
    receivers = tuple(receiver(facts, each).id for each in range(5 if facts.worst else 2))
    said = Agreement(
        f"{n:032x}", ID, Answer.GIVEN, longest("agreement_people"), "proxy", longest("agreement_relations"), fields,
        receivers, DAY, DAY + timedelta(days=180), facts.user, DAY,
    )  # fmt: skip
    return replace(said, **changes)


def package(facts: Facts, state: State = State.SENT, n: int = 1, **changes: Any) -> Package:
    """One package in this state, with all that may be said of it."""
    told: dict[str, Any] = {}
    if state not in {State.DRAFT, State.DROPPED}:
        told = {"sent_by": facts.user, "sent_at": NOW}
    if state in {State.REJECTED, State.RETURN_ASKED, State.RETURNED}:
        told |= {"answered_at": NOW, "answered_through": facts.user, "reason": longest("rejection_reasons")}
    if state in {State.RETURN_ASKED, State.RETURNED}:
        told |= {
            "before": State.REJECTED,
            "return_because": "narrowed",
            "return_asked_at": NOW,
            "returned_at": NOW,
        }
    return Package(
        id=f"{n:032x}", number=f"{facts.base.number}-{n}", consultation=ID, batch=ID, agreement=ID,
        receiver=receiver(facts).id, way=Way.CONSENT, purpose=longest("handover_purposes"), fields=FIELDS,
        secrecy=facts.worst, digest="0" * 64, state=state, made_by=facts.user, made_at=NOW, **(told | changes),
    )  # fmt: skip


def linkages(facts: Facts) -> list[Linkage]:
    """Packages of every state, as a Home lists them."""
    place = named(receiver(facts), {"juso": facts.line(40)} if facts.worst else None)
    return [Linkage(package(facts, each, n), place) for n, each in enumerate(list(State) * facts.rows)]


def home(facts: Facts, roles: frozenset[Role]) -> homes_handovers.Linkages:
    """What a Home of these roles tells."""
    if not roles & {Role.OPERATOR, Role.COUNSELOR, Role.COORDINATOR}:
        return homes_handovers.Linkages()
    there = linkages(facts)
    back = [each for each in there if each.p.state is State.RETURN_ASKED]
    return homes_handovers.Linkages(there, back if Role.COORDINATOR in roles else [])


def handover_messages(facts: Facts) -> Iterator[tuple[str, Message]]:
    """Give each message with its name."""
    c, place = facts.consultation(Status.ADVISING), linkages(facts)[0].place
    for template in ABOUT_ONE:
        for n, state in enumerate(State):
            because = ("withdrawn", "narrowed", "by_desk")[n % 3]
            p = package(facts, state, return_because=because, return_asked_at=NOW, sent_at=NOW)
            told = {"c": c, "p": p, "place": place, "token": TOKEN, "organisation": facts.organisation}
            yield f"messages/{template}/{state}", render(f"messages/{template}", **told)
    for template in (
        "package_title",
        "package_paper",
        "package_sheet",
        "package_letter_title",
        "package_letter",
    ):
        yield f"messages/{template}", render(f"messages/{template}", p=package(facts))
    for out in (0, facts.rows):
        yield (
            f"messages/agreement_over/{out}",
            render("messages/agreement_over", c=c, a=agreement(facts), out=out),
        )


def handover_modals(facts: Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each window with its name."""
    c, told = facts.consultation(Status.ADVISING), _overview(facts)
    there = facts.organisation
    yield "forms/linkage", linkage.draw(told).view()
    yield "forms/linkage/empty", linkage.draw(_nothing(told)).view()
    yield (
        "forms/linkage/closed",
        linkage.draw(replace(told, consultation=facts.consultation(Status.CLOSED))).view(),
    )
    yield "forms/linkage_start", linkage.draw_start(told, there).view()
    yield "forms/linkage_start/empty", linkage.draw_start(_nothing(told), there).view()
    for route in (
        Route(Way.REPORT, report=every("abuse_kinds")),
        Route(Way.NOTHING, every("handover_reasons")),
    ):
        yield f"forms/linkage_told/{route.way}", linkage.draw_told(Found(c, route, "plan"), there).view()
    near = tuple(
        Agency(f"{n:032x}", facts.line(80), "chiiki_hokatsu", "252034", "0749-00-0000") for n in range(5)
    )
    town = Town("252034", facts.line(80), "0749-00-0001")
    known = Found(c, Route(Way.REPORT, report=every("abuse_kinds")), "plan", town=town, near=near)
    yield "forms/linkage_told/known", linkage.draw_told(known, there).view()
    for name, found in _ways(facts):
        yield f"forms/package/{name}", linkage.draw_package(found, found.texts).view()
    again = linkage.draw_package(found, found.texts, round_=1, masked=facts.found(), replaces=ID)
    yield "forms/package/masked", again.view()
    yield "forms/package_preview", linkage.draw_preview(_preview(facts)).view()
    for state in State:
        content = None if state is State.DROPPED else _content(facts)
        opened = Opened(c, package(facts, state), receiver(facts), content, facts.line(500), {})
        yield f"forms/package_shown/{state}", packages.draw(opened).view()
    yield "forms/package_answer", packages.draw_answer({}, package=package(facts)).view()
    back = package(facts, State.RETURN_ASKED)
    yield "forms/package_answer/back", packages.draw_answer({"words": facts.line(500)}, package=back).view()
    yield "forms/package_answer/code", packages.draw_answer({}, masked=facts.found(), round_=1).view()
    yield "forms/package_no", packages.draw_no(ID, TOKEN, {}).view()
    yield "forms/package_no/masked", packages.draw_no(ID, TOKEN, {}, 1, facts.found()).view()
    thanks = render("forms/package_thanks", p=package(facts)).text
    yield "forms/package_thanks", notice(thanks)
    yield "forms/agreement", agreements.draw(told, there).view()
    yield "forms/withdrawal", agreements.draw_withdrawal(told, agreement(facts)).view()
    yield "forms/withdrawn", agreements.draw_withdrawn(told, [package(facts, State.RETURN_ASKED)]).view()
    yield "forms/withdrawn/nothing", agreements.draw_withdrawn(told, []).view()
    passed = replace(facts.details(c), passed=tuple(linkages(facts)))
    yield (
        "forms/details/passed",
        detail_view.draw(passed, Actor(facts.user, frozenset({Role.COUNSELOR}))).view(),
    )


def _overview(facts: Facts) -> Overview:
    said = [
        agreement(facts), agreement(facts, 1, withdrawn_on=DAY, withdrawn_how="phone"),
        agreement(facts, 2, answer=Answer.REFUSED), agreement(facts, 3),
    ] * (facts.rows if facts.worst else 1)  # fmt: skip
    taken = Taken(
        ID,
        said[1].id,
        Withdrawal(DAY, longest("withdrawal_ways"), fields=frozenset(FIELDS[:1])),
        facts.user,
        NOW,
    )
    receivers = {each.id: each for each in (receiver(facts, n) for n in range(max(2, facts.rows)))}
    offices = [Agency(f"{n:032x}", facts.line(80), "shakyo", "252034") for n in range(facts.rows)]
    return Overview(
        consultation=facts.consultation(Status.ADVISING), consent=consent_of(said, DAY), agreements=tuple(said),
        standing=tuple(standing(said, DAY)), taken=(taken,) * (12 if facts.worst else 1),
        packages=tuple(each.p for each in linkages(facts)), receivers=receivers, local={}, day=DAY, agencies=tuple(offices),
        merged=(facts.consultation(Status.MERGED),) * (3 if facts.worst else 1),
    )  # fmt: skip


def _nothing(told: Overview) -> Overview:
    return replace(told, agreements=(), standing=(), taken=(), packages=(), agencies=(), merged=())


def _texts(facts: Facts) -> dict[str, str]:
    return {**{each: facts.line(1500) for each in TEXTS}, SUPPORTER: VIA_DESK}


def _ways(facts: Facts) -> Iterator[tuple[str, Found]]:
    c, texts = facts.consultation(Status.ADVISING), _texts(facts)
    for way in (Way.CONSENT, Way.SHIEN_JUSO, Way.SHIEN_KONKYU):
        secret = way is not Way.CONSENT
        route = Route(way, secrecy=secret, against_their_will=secret)
        receivers = tuple(receiver(facts, n, str(way) if secret else MEETINGS[0]) for n in range(3))
        yield (
            str(way),
            Found(c, route, "plan", receivers, None if secret else agreement(facts), texts, cut=secret),
        )


def _content(facts: Facts) -> Content:
    return made(
        facts.organisation, package(facts, State.DRAFT), receiver(facts), agreement(facts), _texts(facts), TOKEN
    )  # fmt: skip


def _preview(facts: Facts) -> Preview:
    sheets = [(package(facts, State.DRAFT, n), _content(facts)) for n in (1, 2, 3)]
    return Preview(facts.consultation(Status.ADVISING), tuple(sheets), (facts.user,) * 3)
