"""By which way something about a case may go: the whole table, against one written by hand from the laws."""

from itertools import chain, combinations, product

import pytest

from bot import codes
from bot.domain.agreement import Consent
from bot.domain.handover import MEETINGS, OUT, OVER, STEPS, Package, PackageMovedOn, Route, State, Way, route

ABUSE = ("child", "disabled", "dv", "elder")
FEARED = list(chain.from_iterable(combinations(ABUSE, n) for n in range(len(ABUSE) + 1)))
EVERYTHING = list(product(FEARED, Consent, MEETINGS, (True, False)))


def by_hand(abuse, consent, meeting, juso):
    """What the laws say, written out once more: which way, and whether it is against the person's will."""
    if len(abuse) > 0:
        return "report", False
    match meeting, juso:
        case ("juso", False) | ("shien_juso", False):
            return "nothing", False  # there is no such meeting there
    if consent == "standing":
        return "consent", False
    said_no = consent in {"refused", "withdrawn"}
    if meeting == "shien_juso":
        return "shien_juso", said_no  # 社会福祉法106条の6
    if meeting == "shien_konkyu":
        return "shien_konkyu", said_no  # 生活困窮者自立支援法9条
    return "nothing", False


@pytest.mark.parametrize("abuse", FEARED, ids=lambda each: "+".join(each) or "none")
def test_every_combination_has_the_one_way_of_the_table(abuse):
    for feared, consent, meeting, juso in EVERYTHING:
        if feared == abuse:
            found = route(feared, consent, meeting, juso=juso)
            way, against = by_hand(feared, consent, meeting, juso)
            assert (str(found.way), found.against_their_will) == (way, against), (consent, meeting, juso)


def test_without_consent_nothing_goes_but_to_the_two_meetings_of_the_law():
    sent = {
        meeting
        for _, consent, meeting, juso in EVERYTHING
        if consent is not Consent.STANDING and route((), consent, meeting, juso=juso).sends
    }
    assert sent == {"shien_juso", "shien_konkyu"}


def test_where_abuse_is_feared_nothing_goes_and_somebody_is_called():
    for abuse, consent, meeting, juso in EVERYTHING:
        found = route(abuse, consent, meeting, juso=juso)
        assert bool(found.report) == bool(abuse) == (found.way is Way.REPORT)
        assert not (abuse and found.sends)


def test_secrecy_is_asked_for_exactly_at_the_meetings_whose_law_has_it():
    for _, consent, meeting, juso in EVERYTHING:
        found = route((), consent, meeting, juso=juso)
        assert found.secrecy == (found.sends and meeting in {"shien_juso", "shien_konkyu"})


def test_whatever_is_closed_says_why_in_words_that_are_there():
    for abuse, consent, meeting, juso in EVERYTHING:
        found = route(abuse, consent, meeting, juso=juso)
        assert bool(found.reasons) == (found.way is Way.NOTHING)
        assert set(found.reasons) <= set(codes.load("handover_reasons").codes)


def test_every_way_shows_its_law_and_what_the_prefecture_must_confirm():
    listed = codes.load("handover_routes").codes
    assert set(listed) == set(Way)
    for way in Way:
        assert "県" in listed[way].more["confirm"]
        assert bool(listed[way].more["basis"]) == Route(way).sends
    assert "106条の6" in listed["shien_juso"].more["basis"]
    assert "生活困窮者自立支援法 9条" in listed["shien_konkyu"].more["basis"]
    laws = {each.code: each.more["basis"] for each in codes.options("abuse_kinds")}
    assert set(laws) == set(ABUSE)
    for kind, article in (("child", "25条"), ("elder", "7条"), ("disabled", "7条"), ("dv", "6条")):
        assert article in laws[kind]
    for each in codes.options("abuse_kinds"):
        assert each.more["emergency"] in codes.load("emergency_contacts").codes
    assert set(MEETINGS) <= set(codes.load("meeting_types").codes)


def test_a_table_that_forgets_the_law_would_be_seen():
    """The control: consent is all this one asks for."""

    def careless(abuse, consent, meeting, juso):
        return "consent" if consent is Consent.STANDING else "nothing"

    assert any(careless(*each) != by_hand(*each)[0] for each in EVERYTHING)


# The life of a package

NOT_YET = {State.DRAFT, State.DROPPED}


def package(state, now) -> Package:
    return Package(
        "p", "R8-0001-1", "c", "b", "a", "r", Way.CONSENT, "plan", (), False, "", state, "U_SATO", now
    )  # fmt: skip


def test_the_table_of_steps_knows_every_state_and_every_state_has_a_label():
    assert set(STEPS) == set(State) == set(codes.load("package_states").codes)
    assert all(steps <= set(State) for steps in STEPS.values())
    assert set(State) - NOT_YET - OUT == {State.RETURN_ASKED, State.RETURNED}


@pytest.mark.parametrize("state", State)
def test_a_package_takes_the_steps_of_the_table_and_no_others(state, clock):
    now = clock.now
    acts = {
        State.SENT: lambda p: p.sent("U_SATO", now, "h"),
        State.DROPPED: lambda p: p.dropped(),
        State.ACCEPTED: lambda p: p.answered(accepted=True, reason=None, through="U", at=now),
        State.REJECTED: lambda p: p.answered(accepted=False, reason="full", through="U", at=now),
        State.DONE: lambda p: p.done(now),
        State.RETURN_ASKED: lambda p: p.asked_back("withdrawn", now, "h"),
        State.RETURNED: lambda p: p.returned("U", now),
    }
    assert set(acts) == set(State) - {State.DRAFT}
    for to, act in acts.items():
        if to in STEPS[state]:
            assert act(package(state, now)).state is to
        else:
            with pytest.raises(PackageMovedOn):
                act(package(state, now))


def test_whatever_somebody_holds_can_be_asked_back_from_any_answer():
    assert all(State.RETURN_ASKED in STEPS[each] for each in OUT)
    assert {State.REJECTED, State.DONE} == OVER & OUT  # over for the giver; the paper is still out there
