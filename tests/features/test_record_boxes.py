"""The boxes of unusual facts, as a form carries them: whatever is ticked, in whatever order, lands where it stood."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.privacy.unusual import unusual_in, without
from handlers.forms import Answers
from handlers.standing import STANDING, Box, answered, looked

PIECES = [
    "借金が253万円ある。",
    "滞納が48万円。",
    "猫が23匹いる。",
    "父は住職。",
    "まとまった額を払う。",
    "訪問を断る。",
    "三つ子。",
]
unusual_in(PIECES[0])  # the first reading loads the words, which takes longer than any other
stories = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


def drawn(text: str):
    facts = unusual_in(text)
    said = tuple((each, text[each.start : each.end]) for each in facts)
    return looked({"story": without(text, facts)}, {"story": said})


def sent(look, ticked, texts=None) -> Answers:
    """The form as it comes back."""
    values = {**look.texts, **(texts or {}), STANDING: ticked}
    shown = {STANDING: tuple(value for value, _ in look.options)}
    return Answers(values, {}, shown, dict(look.texts))


@given(stories, st.data())
def test_what_is_ticked_stands_where_it_stood_and_nothing_else(text, data):
    look = drawn(text)
    values = [value for value, _ in look.options]
    ticked = data.draw(st.lists(st.sampled_from(values), unique=True)) if values else []
    facts = unusual_in(text)
    chosen = {values.index(each) for each in ticked}
    expected = without(text, [each for n, each in enumerate(facts) if n not in chosen])

    now = answered(sent(look, ticked), ["story"])

    assert now.texts["story"] == expected
    assert not now.doubtful
    again = answered(sent(replace(look, texts=now.texts, boxes=now.boxes), now.chosen, now.texts), ["story"])
    assert again.texts == now.texts


@given(stories, stories)
def test_what_is_typed_in_a_second_round_joins_the_boxes_of_the_first(text, more):
    look = drawn(text)
    typed = {"story": look.texts["story"] + more}
    now = answered(sent(look, [], typed), ["story"])

    then = now.removing({"story": unusual_in(now.texts["story"])})

    assert unusual_in(then.texts["story"]) == ()
    ticked = [value for value, _ in then.options]
    back = answered(sent(then, ticked), ["story"])
    told = {typed[each.start : each.end] for typed in (text, more) for each in unusual_in(typed)}
    assert back.stays == {("story", each) for each in told}
    if not now.doubtful:
        assert back.texts["story"] == text + more


@given(stories, st.text(max_size=60))
def test_whatever_was_typed_over_it_nothing_breaks(text, typed):
    look = drawn(text)
    ticked = [value for value, _ in look.options]

    now = answered(sent(look, ticked, {"story": typed}), ["story"])

    assert now.stays <= {("story", each.surface) for each in look.boxes}


def test_a_box_that_was_tampered_with_is_no_box():
    values = ["", "{}", "[]", '["story"]', '["story","sum","x","y","n","m"]', "null", "3"]

    assert [Box.of(each) for each in values] == [None] * len(values)
    now = answered(Answers({"story": "a", STANDING: values}, {}), ["story"])
    assert (now.texts, now.boxes) == ({"story": "a"}, ())
