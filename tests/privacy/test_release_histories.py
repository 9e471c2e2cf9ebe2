"""Nobody who has every file of some years, asked for in any order, finds a small number in them."""

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy import releases
from bot.privacy.releases import (
    Classes,
    Coded,
    Earlier,
    TooFewToTell,
    WouldGiveAway,
    counted,
    joined,
    overlapping,
)
from bot.privacy.uniqueness import PUBLIC_K
from tests.privacy.release_rules import (
    LISTS,
    Rule,
    each_for_itself,
    many,
    nothing_joined,
    ours,
    whatever_the_pieces,
)
from tests.privacy.small_numbers import File, Reader

HISTORIES = 400


@dataclass
class History:
    """Files asked for one after the other."""

    records: dict[str, Coded]
    rule: Rule
    made: list[Earlier] = field(default_factory=list)
    refused: int = 0

    def asks(self, wanted: Iterable[str]) -> Earlier | None:
        chosen = frozenset(wanted)
        try:
            done = self.rule(chosen, self.records, self.made)
        except (TooFewToTell, WouldGiveAway):
            self.refused += 1
            return None
        file = Earlier(str(len(self.made)), chosen, done.classes, done.made_of)
        self.made.append(file)
        return file

    def read(self) -> Reader:
        """What a reader holds in his hands."""
        pieces = defaultdict(list)
        for each in self.records:
            pieces[tuple(each in file.records for file in self.made)].append(each)
        numbered = dict(enumerate(pieces))
        files = []
        for n, file in enumerate(self.made):
            numbers = counted([self.records[each] for each in file.records], file.classes)
            first = not file.made_of and not overlapping(file.records, self.made[:n])
            files.append(
                File(
                    pieces=frozenset(p for p, inside in numbered.items() if inside[n]),
                    total=numbers.total,
                    themes=numbers.themes,
                    one=file.classes.themes,
                    whose={theme: file.classes.line(theme) for theme in (*LISTS["theme"], "")},
                    lines=numbers.lines,
                    together={(fact, line): kept for fact, line, kept in file.classes.within},
                    own=first,
                )
            )
        codes = {name: (*LISTS[name], "") for name in ("theme", "region", "age_band")}
        return Reader(files, codes, small=PUBLIC_K)


def history(seed: int, rule: Rule, most: int = 5) -> History:
    """Some months asked for together, again and again: overlapping, one in the other, sums and rests of earlier ones."""
    dice = random.Random(seed)
    going = History(many(dice), rule)
    for _ in range(dice.randint(2, most + 3)):
        since, until = sorted(dice.sample(range(9), 2))
        if going.made and dice.random() < 0.4:  # just beside, or around, an earlier one
            months = {int(each[0]) for each in dice.choice(going.made).records}
            since, until = dice.choice(
                ((min(months), max(months) + 2), (max(months) + 1, 8), (0, max(months) + 1))
            )
        going.asks(each for each in going.records if since <= int(each[0]) < until)
        if len(going.made) == most:
            break
    return going


def test_no_reader_of_any_history_of_files_finds_a_small_number():
    refused = overlapped = summed = 0
    for seed in range(HISTORIES):
        going = history(seed, ours)
        refused += going.refused
        summed += sum(bool(each.made_of) for each in going.made)
        overlapped += any(
            a.records & b.records and not a.made_of and not b.made_of for a, b in combinations(going.made, 2)
        )

        assert going.made == [] or going.read().finds() == set(), seed
    assert min(refused, overlapped, summed) > HISTORIES / 10


@pytest.mark.parametrize("rule", [each_for_itself, whatever_the_pieces, nothing_joined])
def test_a_reader_finds_small_numbers_where_the_rules_are_weaker(rule):
    found = [seed for seed in range(20) if (going := history(seed, rule)).made and going.read().finds()]

    assert len(found) >= 3


def months(*numbers: int, theme="t1", region="r1") -> dict[str, Coded]:
    return {
        f"{month}.{theme}{region}{n}": Coded(f"{month}.{theme}{region}{n}", theme, region, "a1", "", "", "")
        for month, count in enumerate(numbers)
        for n in range(count)
    }


def of(records, *which):
    return [each for each in records if int(each[0]) in which]


def test_a_few_more_records_on_top_of_an_earlier_file_are_refused_until_there_are_enough():
    records = months(20, 9, 10)
    going = History(records, ours)
    first = going.asks(of(records, 0))

    with pytest.raises(WouldGiveAway) as refused:
        ours(of(records, 0, 1), records, going.made)
    assert refused.value.earlier == first.id
    assert going.asks(of(records, 0, 2)) is not None


def test_a_chain_of_files_that_ends_in_a_few_records_is_refused():
    records = months(12, 12, 12, 3)
    going = History(records, ours)
    going.asks(of(records, 0, 1, 2, 3))
    going.asks(of(records, 0))
    going.asks(of(records, 1))
    assert len(going.made) == 3

    with pytest.raises(WouldGiveAway):  # all four less the three would be the three records of the last month
        ours(of(records, 2), records, going.made)
    assert each_for_itself(of(records, 2), records, going.made)


def test_sums_of_earlier_files_are_told_in_the_classes_of_all_of_them():
    records = (
        months(60, 60) | months(10, 30, region="r2") | months(4, 0, region="r3") | months(0, 12, theme="t2")
    )
    going = History(records, ours)
    one, two = going.asks(of(records, 0)), going.asks(of(records, 1))
    assert one.classes.of("region", "t1") and not two.classes.of("region", "t1")

    both = going.asks(of(records, 0, 1))

    assert both.made_of == (one.id, two.id)
    assert both.classes == joined([one.classes, two.classes])
    assert both.classes.of("region", "t1") == one.classes.of("region", "t1")
    assert both.classes.rest == two.classes.rest == {"t2"}
    assert going.read().finds() == set()


def test_sums_over_all_themes_beside_the_lines_of_each_would_give_small_numbers_away():
    records = months(60) | months(6, region="r2") | months(5, region="r3")
    records |= (
        months(60, theme="t2") | months(12, theme="t2", region="r2") | months(11, theme="t2", region="r3")
    )
    going = History(records, ours)
    own = going.asks(records)
    assert own.classes.of("region", "t1") and not own.classes.of("region", "t2")
    assert going.read().finds() == set()

    going.made.append(replace(own, id="sums", classes=Classes(rest=frozenset({"t1", "t2"}))))

    assert {number for _, number in going.read().finds()} == {5, 6}


def test_files_that_overlap_in_other_classes_are_refused():
    records = months(30, 30) | months(10, 20, region="r2") | months(4, 20, region="r3")
    going = History(records, ours)
    going.asks(of(records, 0))

    with pytest.raises(WouldGiveAway):  # in its own classes the second month would tell of the first
        ours([*of(records, 0), *of(records, 1)[:40]], records, [*going.made, going.asks(of(records, 1))])


def test_fewer_than_ten_are_not_told_of():
    records = months(9)

    with pytest.raises(TooFewToTell):
        ours(records, records, [])


def test_many_overlapping_files_are_tried_in_no_time():
    """Every month and every two months but for the last one: by trying each way there would be millions."""
    months = [frozenset(f"r{month:02}-{n}" for n in range(10)) for month in range(40)]
    earlier = [
        Earlier(f"{first}-{last}", frozenset().union(*months[first : last + 1]), Classes())
        for first in range(39)
        for last in (first, first + 1)
        if last < 39
    ]
    assert len(earlier) == 77

    assert releases._made_of(frozenset().union(*months), earlier) == []
    parts = releases._made_of(frozenset().union(*months[:39]), earlier)  # the control
    assert frozenset().union(*(each.records for each in parts)) == frozenset().union(*months[:39])


@given(st.data())
def test_files_that_make_up_a_set_are_found_where_there_are_any(data):
    files = data.draw(st.lists(st.frozensets(st.sampled_from("abcdef"), min_size=1), max_size=6))
    wanted = data.draw(st.frozensets(st.sampled_from("abcdef"), min_size=1))
    earlier = [Earlier(str(n), each, Classes()) for n, each in enumerate(files)]

    parts = releases._made_of(wanted, earlier)

    there_are = any(
        sorted("".join("".join(each) for each in some)) == sorted(wanted)
        for size in range(1, len(files) + 1)
        for some in combinations(files, size)
    )
    assert bool(parts) == there_are
    if parts:
        assert sorted("".join("".join(each.records) for each in parts)) == sorted(wanted)
