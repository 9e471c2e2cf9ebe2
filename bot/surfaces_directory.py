"""The directory, what experts state, and what is lacking, drawn with made-up facts by what draws them in Slack."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from bot import codes, news_directory
from bot.domain.consultation import Status
from bot.domain.directory import EVERYWHERE, Agency, Town
from bot.domain.expert import DAYS_OFF, Expert
from bot.domain.staff import Actor, Role
from bot.messages import Message, words
from bot.reports.gaps import lacking
from bot.store.gaps import Cells, Summed
from bot.surfaces_facts import ID, NOW, Facts, longest
from bot.usecases.directory import Asked, Found, meetings_of_towns
from bot.usecases.gaps import Noted
from handlers import agencies, entries, experts, gaps, municipalities
from handlers.replies import notice

TEMPLATES = frozenset({"directory_confirm", "directory_unanswered"})
TOWN = "252034"
DAY = date(2026, 11, 20)
COORDINATOR = frozenset({Role.COORDINATOR, Role.ORGANIZER})


def agency(facts: Facts, n: int = 0, **changes: Any) -> Agency:
    """One agency."""
    usual = Agency(
        id=f"{n:032x}", name=facts.line(80) if facts.worst else "みずうみ支援センター", kind=facts.code("organization_types"),
        municipality=TOWN, phone="0749-00-0000", note=facts.line(300) if facts.worst else "平日の9時から17時まで",
        owner=facts.user, confirm_on=DAY + timedelta(days=300), confirmed_on=DAY,
        source=longest("directory_sources"), version=1,
    )  # fmt: skip
    return replace(usual, **changes)


def town(facts: Facts, **changes: Any) -> Town:
    """One municipality."""
    named = {each.code: facts.line(60) if facts.worst else "つながる会議" for each in meetings_of_towns()}
    usual = Town(
        TOWN, facts.line(80) if facts.worst else "社会福祉課", "0749-00-0001", "yes",
        named if facts.worst else {"shien_juso": "つながる会議"}, facts.user, DAY + timedelta(days=300), DAY,
        longest("directory_sources"), 1,
    )  # fmt: skip
    return replace(usual, **changes)


def directory_messages(facts: Facts) -> Iterator[tuple[str, Message]]:
    """Give each message with its name."""
    old = agency(facts, confirm_on=DAY)
    for template in sorted(TEMPLATES):
        for name, each in (
            ("", old),
            ("/bare", replace(old, phone="", owner=None, municipality=EVERYWHERE)),
            ("/town", town(facts, confirm_on=DAY)),
        ):
            yield f"messages/{template}{name}", news_directory.told(template, each, facts.organisation)


def directory_modals(facts: Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each window with its name."""
    yield from _looking(facts)
    yield from _writing(facts)
    yield from _experts(facts)
    yield from _lacking(facts)


def _looking(facts: Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    there = facts.organisation
    coordinator, reader = Actor(facts.user, COORDINATOR), Actor("U_TANAKA", frozenset({Role.OPERATOR}))
    many = tuple(agency(facts, n) for n in range(facts.rows))
    old = (
        agency(facts, confirm_on=DAY),
        agency(facts, 1, phone="", note="", confirmed_on=None, municipality=EVERYWHERE),
    )
    here = Asked(facts.line(100) if facts.worst else "", TOWN)
    unused = (agency(facts, 9, active=False),)
    for name, actor, asked, found in (
        ("blank", reader, Asked(), Found(of_all=3)),
        ("empty", reader, Asked(), Found()),
        ("none", reader, Asked("だれもいない"), Found(of_all=3)),
        ("found", reader, here, Found(many, town(facts), 3)),
        ("coordinator", coordinator, here, Found((*old, *many), town(facts, confirm_on=DAY), 3, unused)),
        ("bare", coordinator, here, Found((), Town(TOWN), 3)),
        ("not_planned", coordinator, Asked(municipality="252018"), Found((), Town("252018"), 3)),
    ):
        yield f"forms/directory/{name}", entries.draw(there, actor, asked, found, NOW).view()
    yield "forms/notice/directory_confirmed", notice(words("forms/directory_confirmed", e=agency(facts)))


def _writing(facts: Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    there, keep = facts.organisation, {"a": ID, "v": 3}
    named = tuple(facts.line(50) + str(n) for n in range(10)) if facts.worst else ("みほん",)
    yield "forms/agency/new", agencies.draw_agency(there, {"owner": facts.user}, {}).view()
    answers = agencies.answers_of(agency(facts))
    yield "forms/agency/known", agencies.draw_agency(there, answers, keep).view()
    yield "forms/agency/named", agencies.draw_agency(there, answers, keep, 1, named).view()
    keep = {"m": TOWN, "v": 3}
    answers = agencies.answers_of(town(facts))
    yield "forms/town/known", municipalities.draw_town(there, answers, keep).view()
    yield "forms/town/named", municipalities.draw_town(there, answers, keep, 1, named).view()
    yield "forms/local_name/new", municipalities.draw_local_name(there, Town(TOWN), {}).view()
    given = {"meeting": "shien_juso", "name": facts.line(60)}
    yield "forms/local_name/named", municipalities.draw_local_name(there, town(facts), given, 1, named).view()


def _experts(facts: Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    there, own = facts.organisation, agency(facts)
    fresh = Expert(facts.user, frozenset({Role.EXPERT_PSY}))
    off = tuple(NOW.date() + timedelta(days=n) for n in range(DAYS_OFF if facts.worst else 2))
    long = ((time(9), time(9, 30)), (time(10), time(10, 30)), (time(13), time(17)), (time(18), time(0)))
    full = replace(
        fresh, agency=own.id, municipalities=(TOWN, "252140"), days_off=off, most=99, honorarium=10_000,
        hours=dict.fromkeys(range(7), long) if facts.worst else {1: long[2:3]}, version=1,
    )  # fmt: skip
    if facts.worst:
        full = replace(
            full,
            municipalities=tuple(each.code for each in there.offered("municipalities")),
            roles=frozenset(Role),
        )
    many = tuple(agency(facts, n) for n in range(facts.rows))
    for name, each in (("blank", fresh), ("full", full)):
        yield f"forms/expert_own/{name}", experts.draw_own(each, NOW, theirs=True).view()
        yield f"forms/expert_facts/{name}", experts.draw_facts(there, each, many).view()
        yield f"forms/expert_kept/{name}", experts.draw_kept(each).view()
    yield "forms/expert_own/theirs", experts.draw_own(full, NOW, theirs=False).view()
    yield "forms/expert_facts/new", experts.draw_facts(there, None, ()).view()
    yield "forms/experts", experts.draw(there, [full, fresh] * facts.rows, {own.id: own}, NOW).view()
    yield "forms/experts/none", experts.draw(there, [replace(fresh, days_off=off)], {}, NOW).view()
    yield "forms/experts/nobody", experts.draw(there, [], {}, NOW).view()


def _lacking(facts: Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    kinds = [each.code for each in codes.options("resource_gap_kinds")]
    regions = [each.code for each in facts.organisation.offered("welfare_regions")] + ["", "elsewhere"]
    many: Cells = {(region, kind): 10**6 for region in regions for kind in kinds}
    usual: Cells = {
        ("koto", "place_to_be"): 12,
        ("kohoku", "shelter"): 7,
        ("", "pets"): 3,
        ("otsu", "money"): 2,
    }
    cases: dict[str, Cells] = {
        "some": many if facts.worst else usual,
        "few": {("koto", "pets"): 2},
        "none": {},
    }
    for name, cells in cases.items():
        for this in (2026, 2027):
            told = lacking(Summed(2026, this, cells), facts.organisation)
            yield f"forms/gaps/{name}/{this}", gaps.draw(told, organizes=True).view()
        yield f"forms/gaps_prefecture/{name}", gaps.draw_list(told).view()
    yield "forms/gaps/coordinator", gaps.draw(told, organizes=False).view()
    noted = Noted(facts.consultation(Status.CLAIMED), tuple(kinds), ID)
    yield "forms/gaps_case", gaps.draw_case(noted).view()
    yield "forms/gaps_case/none", gaps.draw_case(replace(noted, kinds=(), review=None)).view()
