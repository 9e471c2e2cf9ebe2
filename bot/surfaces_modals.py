"""Every modal any handler draws, from the same functions: blank, filled, offered again masked, refused."""

from collections.abc import Iterator
from dataclasses import replace
from inspect import signature
from typing import Any

from bot import codes, messages
from bot.domain.casework import TEXTS, Written
from bot.domain.consultation import Consultation, Status
from bot.domain.refusals import Refused
from bot.domain.staff import Actor, Role
from bot.store.destructions import Hold
from bot.store.trouble import StartRefused
from bot.surfaces_facts import COLLEAGUE, ID, MORNING, NIGHT, NOW, Facts, every, longest
from bot.usecases.people import GRANTABLE
from bot.usecases.records import Proposal
from handlers import (
    activities,
    callbacks,
    closing,
    contacts,
    detail_view,
    expiry,
    hearing,
    intake,
    people,
    proxy,
    records,
    telling,
)
from handlers.forms import Form
from handlers.opening import draw_own
from handlers.record_texts import Back
from handlers.replies import notice, said
from handlers.standing import looked
from handlers.wording import Masked

# What some refusals say otherwise than the others of the same name.
OWN: dict[str, dict[str, Any]] = {
    "refusals/agreement_ended": {"consent": "withdrawn"},
    "refusals/no_way": {"reasons": ("no_juso",)},
    "refusals/package_moved_on": {"package": "return_asked"},
    "refusals/already_told": {
        "since": NOW.date().replace(month=4),
        "last": NOW.date().replace(month=9),
        "apart": True,
    },
    "refusals/already_reviewed": {"decision": "released"},
    "refusals/destroyed": {"when": NOW},
    "refusals/initials": {"letters": "A"},
    "refusals/brief_gone": {"paper": "brief"},
    "refusals/brief_not_written": {"paper": "brief"},
    "refusals/not_approved": {"paper": "notes"},
    "refusals/review_not_yet": {"when": NOW},
    "refusals/person_named": {"surfaces": ("みほん",)},
    "refusals/review_clash": {"who": COLLEAGUE},
    "refusals/review_not_choosable": {"why": "municipality"},
    "refusals/review_not_now": {"where": "fixed"},
    "refusals/unusual": {"found": {"situation": ()}},
    "refusals/answered_before": {"since": NOW},
    "refusals/no_offer": {"status": "lapsed"},
    "refusals/no_seat": {"status": "waitlisted"},
    "refusals/no_seat_there": {"waiting": True},
    "refusals/not_attended": {"why": "running"},
    "refusals/not_today": {"since": NOW},
}
View = dict[str, Any]
Drawn = Iterator[tuple[str, View]]


def modals(facts: Facts) -> Drawn:
    """Give each modal with its name."""
    yield from _asking(facts)
    yield from _entering(facts)
    yield from _calling(facts)
    yield from _writing(facts)
    yield from _ending(facts)
    yield from _reading(facts)
    yield from _told(facts)


def refusals(facts: Facts) -> list[Refused]:
    """Give every refusal a person can meet in Slack, found by itself. Its facts are those of its `__init__`."""
    far = 10**6 if facts.worst else 12
    told: dict[str, Any] = {
        "by": facts.user, "since": None if facts.worst else NOW, "status": Status.CLOSED, "field": "story",
        "limit": 3000, "over": far, "places": far, "reason": "busy", "number": "9F2C",
        "roles": tuple(sorted(GRANTABLE)) if facts.worst else (Role.COORDINATOR,), "found": {"story": facts.seen()}, "own": (), "namesakes": (), "before": (),
        "called": facts.line(80), "why": "draft", "stage": "cancelled", "taken": far, "format": "onsite", "organizer": facts.user,
    }  # fmt: skip
    found: list[Refused] = []
    for kind in _kinds(Refused):
        known = {each.template for each in found}
        if kind is not StartRefused and kind.template.startswith("refusals/") and kind.template not in known:
            asked = signature(kind).parameters if kind.__init__ is not Refused.__init__ else ()
            given = {**told, **OWN.get(kind.template, {})}
            found.append(kind(**{name: given[name] for name in asked}))
    return found


def _kinds(kind: type[Refused]) -> Iterator[type[Refused]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _kinds(each)


def answers(facts: Facts) -> dict[str, Any]:
    """Give an answer for every field of every form; a form takes those it knows."""
    there = facts.organisation
    many = ("concerns", "characteristics", "wishes", "privacy", "best_times", "people", "dispositions")
    lists = {
        "concerns": "supporter_concerns", "characteristics": "case_characteristics",
        "wishes": "requested_support", "privacy": "callback_privacy", "best_times": "best_times",
        "people": "people_roles", "dispositions": "dispositions", "urgency": "urgency", "route": "routes",
        "supporter_field": "supporter_fields", "organization_type": "organization_types",
        "occupation": "occupations", "type": "activity_types", "place": "place_types",
        "travel_region": "welfare_regions", "outcome": "callback_outcomes", "primary": "dispositions",
        "reason": "closing_reasons",
    }  # fmt: skip
    chosen: dict[str, Any] = {}
    for name, code_list in lists.items():
        if name in many:
            chosen[name] = list(every(code_list)) if facts.worst else [codes.options(code_list)[0].code]
        else:
            chosen[name] = longest(code_list)
    texts = (*TEXTS, "story", "told", "summary", "closing_words", "note", "next_action")
    return {
        **chosen,
        **dict.fromkeys(texts, facts.text),
        "municipality": there.offered("municipalities")[0].code,
        "phone": facts.line(60) if facts.worst else "090-1234-5678",
        "name": facts.contact.name, "agency": facts.contact.agency, "callable": facts.contact.callable,
        "contacted_on": "2026-11-24", "contacted_at": "10:20", "happened_on": "2026-11-24",
        "next_on": "2026-12-08", "called_on": "2026-11-24", "called_at": "10:10", "next_try_on": "2026-11-25", "next_try_at": "09:30",
        "others": "200", "minutes": "600", "travel_minutes": "1440",
        "supporter": facts.user, "counselor": facts.user, "taker": COLLEAGUE,
    }  # fmt: skip


def _again(facts: Facts) -> dict[str, Any]:
    return {"found": facts.found(), "keep": {"c": ID}}


def _asking(facts: Facts) -> Drawn:
    there, full = facts.organisation, answers(facts)
    yield "forms/intake/blank", intake.draw(there).view()
    yield "forms/intake/filled", intake.draw(there, full).view()
    yield "forms/intake/long", intake.draw(there, {"story": facts.text * 30}).view()
    yield "forms/intake/masked", intake.draw(there, full, round=3, found=facts.found()).view()
    for kind in ("PHONE", "FACILITY", "AGE"):
        found = Masked(kinds=frozenset({kind}))
        yield f"forms/intake/masked_{kind}".lower(), intake.draw(there, full, round=1, found=found).view()
    for name, c in _received(facts):
        yield f"forms/receipt/{name}", intake.receipt(there, c).view()
        yield f"forms/entered/{name}", proxy.entered(there, c).view()
    yield "forms/entered/withdrawn", Form("entered", keep={"c": ID}).note("forms/entered_withdrawn").view()


def _received(facts: Facts) -> Iterator[tuple[str, Consultation]]:
    for name, at, by in (("open", NOW, facts.base.promised_at), ("closed", NIGHT, MORNING)):
        yield name, facts.consultation(Status.RECEIVED, received_at=at, promised_at=by)
        yield (
            f"{name}_danger",
            facts.consultation(Status.RECEIVED, received_at=at, promised_at=by, danger=True, urgency="u1"),
        )
    yield "bare", facts.consultation(Status.RECEIVED, privacy=())


def _entering(facts: Facts) -> Drawn:
    there, full = facts.organisation, answers(facts)
    yield "forms/proxy/blank", proxy.draw(there).view()
    yield "forms/proxy/filled", proxy.draw(there, full).view()
    yield "forms/proxy/masked", proxy.draw(there, full, round=2, found=facts.found()).view()
    yield "forms/count", proxy.draw_count(there, NOW).view()


def _calling(facts: Facts) -> Drawn:
    c, full, keep = facts.consultation(Status.CLAIMED), answers(facts), {"c": ID}
    yield "forms/urgency", callbacks.draw_urgency(c).view()
    yield "forms/assign", callbacks.draw_assign(c).view()
    yield "forms/contact", contacts.draw(c).view()
    for name, draw in (
        ("release", callbacks.draw_release),
        ("handover", callbacks.draw_handover),
        ("call", callbacks.draw_call),
    ):
        yield f"forms/{name}/blank", draw({}, keep=keep).view()
        yield f"forms/{name}/masked", draw(full, 1, facts.found(), keep).view()


def _writing(facts: Facts) -> Drawn:
    there, full, keep = facts.organisation, answers(facts), {"c": ID}
    for name, draw in (("hearing", hearing.draw), ("activity", activities.draw)):
        yield f"forms/{name}/blank", draw(there, {}, keep=keep).view()
        yield f"forms/{name}/drafted", draw(there, full, keep=keep, drafted=facts.user).view()
        yield f"forms/{name}/masked", draw(there, full, round=1, found=facts.found(), keep=keep).view()
    known = hearing.known(facts.consultation(Status.CLAIMED))
    yield "forms/hearing/known", hearing.draw(there, known, keep=keep).view()


def _ending(facts: Facts) -> Drawn:
    c, full, keep = facts.consultation(Status.CLOSED), answers(facts), {"c": ID}
    yield "forms/closing/blank", closing.draw({}, keep=keep).view()
    yield "forms/closing/masked", closing.draw(full, 1, facts.found(), keep).view()
    proposal = Proposal(c, facts.text, facts.text, facts.text, facts.text)
    yield "forms/record", records.draw(proposal).view()
    words = facts.text * 30
    long = Proposal(c, words, words, words, words)
    yield "forms/record/long", records.draw(long).view()
    yield "forms/record/empty", records.draw(Proposal(c, "", "", "", "")).view()
    yield (
        "forms/record/masked",
        records.draw(
            proposal, Back(full, 1, looked(dict.fromkeys(TEXTS, facts.text), {}), facts.found())
        ).view(),
    )
    others = facts.many(Status.ADVISING) + facts.many(Status.RECEIVED)
    yield "forms/merge", closing.draw_merge(c, others).view()
    yield "forms/merge_none", closing.draw_merge(c, []).view()


def _reading(facts: Facts) -> Drawn:
    holder = Actor(facts.user, frozenset({Role.COUNSELOR}))
    coordinator = Actor("U_YAMAMOTO", frozenset({Role.COORDINATOR}))
    for status in Status:
        c = facts.consultation(status)
        for who, actor in (("holder", holder), ("coordinator", coordinator)):
            yield f"forms/details/{status}/{who}", detail_view.draw(facts.details(c), actor).view()
        yield f"forms/own/{status}", draw_own(c, _own(facts, c)).view()
    recorded = facts.details(facts.consultation(Status.CLOSED), recorded=True)
    held = Hold("h", ID, longest("hold_reasons"), facts.user, NOW)
    yield "forms/details/closed/held", detail_view.draw(replace(recorded, hold=held), coordinator).view()
    yield "forms/hold", expiry.draw(facts.consultation(Status.CLOSED)).view()
    yield "forms/details/closed/recorded", detail_view.draw(recorded, holder).view()
    yield "forms/tell/blank", telling.draw({}, keep={"c": ID}).view()
    yield "forms/tell/masked", telling.draw(answers(facts), 1, facts.found(), {"c": ID}).view()
    for danger in (False, True):
        thanks = Form("notice").note("forms/told", danger=danger, organisation=facts.organisation)
        yield f"forms/notice/told/{danger}".lower(), thanks.view()
    yield "forms/letter", Form("letter").note("forms/letter", letter=facts.letter()).view()
    yield "forms/roles", people.draw(facts.grants()).view()
    yield "forms/roles/nobody", people.draw([]).view()


def _own(facts: Facts, c: Consultation) -> list[Written]:
    return [each for each in facts.details(c).words if each.kind in {"story", "told", "advice", "closing"}]


def _told(facts: Facts) -> Drawn:
    yield "forms/notice/paper_comes", notice(messages.words("forms/paper_comes"))
    yield "forms/notice/task_thanks", notice(messages.words("forms/task_thanks"))
    yield "forms/notice/papers_thanks", notice(messages.words("forms/papers_thanks"))
    yield "forms/notice/clock_is_right", notice(messages.words("forms/clock_is_right"))
    yield "forms/notice/counted", notice(messages.words("forms/counted"))
    for refused in refusals(facts):
        yield refused.template, notice(said(refused, NOW))
