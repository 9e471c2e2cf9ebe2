"""Which records are read together, and what may be told of it: by lot, never one's own, never about one person."""

import json
from collections import Counter

from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.advice_review import Candidate, draw
from bot.privacy.advice_summary import GIVERS, Look, Summary, summed
from bot.privacy.suppression import SMALLEST, Hidden

PEOPLE = ("a", "b", "c")
candidates = st.lists(
    st.builds(
        Candidate,
        record=st.uuids().map(str),
        region=st.sampled_from(("", "koto", "kohoku")),
        theme=st.sampled_from(("", "approach")),
        touched=st.frozensets(st.sampled_from((*PEOPLE, "supporter"))),
    ),
    max_size=30,
    unique_by=lambda each: each.record,
)
looks = st.lists(
    st.builds(
        Look,
        theme=st.sampled_from(("", "x", "y", "z")),
        giver=st.sampled_from("pqrs"),
        answers=st.dictionaries(st.sampled_from("12"), st.sampled_from(("well", "more", "talk"))),
    ),
    max_size=60,
)


@given(candidates, st.lists(st.sampled_from(PEOPLE), unique=True), st.integers(1, 5), st.uuids().map(str))
def test_the_lot_is_fair_and_nobody_gets_their_own(those, readers, most, seed):
    drawn, population = draw(those, readers, most, seed)

    by_id = {each.record: each for each in those}
    assert all(each.reader in readers for each in drawn)
    assert not any(each.reader in by_id[each.record].touched for each in drawn)
    could = Counter(each.stratum for each in those if set(readers) - each.touched)
    assert population == dict(could)
    assert Counter(by_id[each.record].stratum for each in drawn) == {
        stratum: min(n, most) for stratum, n in could.items()
    }
    assert draw(reversed(those), readers, most, seed) == (drawn, population)  # the same seed, the same lot


def test_another_seed_draws_others():
    """The control: the lot is no list in the order of its making."""
    those = [Candidate(str(n), "koto", "x") for n in range(20)]
    lots = {frozenset(each.record for each in draw(those, ["a"], 3, str(seed))[0]) for seed in range(20)}
    assert len(lots) > 10


def test_the_readers_share_the_work():
    drawn, _ = draw([Candidate(str(n), "koto", "x") for n in range(9)], PEOPLE, 9, "seed")
    assert Counter(each.reader for each in drawn) == dict.fromkeys(PEOPLE, 3)


@given(looks)
@example([Look("x", "p", {"1": "well"})] * 5)
@example([Look("x", giver, {"1": "well"}) for giver in "pqrpq"] + [Look("y", "s", {"1": "more"})])
def test_no_line_speaks_of_few_records_or_few_people(those):
    told = summed(those, "12", ("well", "more", "talk"))

    themes = [theme for line in told.lines for theme in line.themes]
    assert len(themes) == len(set(themes))
    if told.lines:
        assert set(themes) == {
            each.theme for each in those
        }  # a part left out could be computed from the total
    for line in told.lines:
        inside = [each for each in those if each.theme in line.themes]
        assert len(inside) >= SMALLEST
        assert len({each.giver for each in inside}) >= GIVERS
        for question, row in line.cells.items():
            there = Counter(each.answers.get(question) for each in inside)
            for answer, number in row.items():
                assert isinstance(number, Hidden) or number == there[answer]
                assert isinstance(number, Hidden) or not 0 < number < SMALLEST
            hidden = [answer for answer, number in row.items() if isinstance(number, Hidden)]
            assert len(hidden) != 1  # what is left of the line would tell it
    assert Summary.read(told.written()) == told
    assert not any(f'"{giver}"' in json.dumps(json.loads(told.written())) for giver in "pqrs")


def test_what_is_large_enough_is_told():
    """The control: not everything is hidden."""
    those = [Look("x", giver, {"1": "well"}) for giver in "pqrpqrp"]
    those += [Look("y", giver, {"1": "talk"}) for giver in "pqrpq"]
    those += [Look("z", "s", {"1": "more"})]

    told = summed(those, "1", ("well", "more", "talk"))

    assert told.total == 13
    assert [line.themes for line in told.lines] == [("x",), ("y", "z")]
    assert told.lines[0].cells == {"1": {"well": 7, "more": 0, "talk": 0}}
