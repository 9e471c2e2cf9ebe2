"""Nobody who has every file ever made, and knows the rules, finds a small number in one or in several of them."""

import random
from collections import defaultdict
from collections.abc import Callable
from itertools import combinations, combinations_with_replacement, product

import pytest

from bot.privacy.releases import (
    Classes,
    Coded,
    Earlier,
    TooFewToTell,
    WouldGiveAway,
    classes_of,
    counted,
    decided,
)
from tests.privacy.release_rules import AGES, LISTS, REGIONS, THEMES, Rule, many


def record(n, theme="t1", region="r1", age="a1"):
    return Coded(f"{n:05}", theme, region, age, "", "", "")


# One file


def told(records, classes):
    numbers = counted(records, classes)
    return (
        numbers.total,
        _sorted(numbers.themes),
        _sorted({k: _sorted(v) for k, v in numbers.lines.items()}),
        classes,
    )


def _sorted(numbers):
    return tuple(sorted(numbers.items()))


TWO = {
    "theme": ["t1"],
    "region": ["r1"],
    "age_band": ["a1"],
    "sex": [],
    "household": [],
    "primary_disposition": [],
}


def files_given_away(of: Callable[[list[Coded]], Classes], most: int, k: int) -> set[object]:
    """Small numbers known for certain, of any combination of theme, area and age, to a reader who tries every desk."""
    alike = defaultdict(list)
    cells = list(product(THEMES, REGIONS, AGES))
    for n in range(k, most + 1):
        for desk in combinations_with_replacement(cells, n):
            records = [record(m, *cell) for m, cell in enumerate(desk)]
            alike[told(records, of(records))].append(desk)
    found = set()
    for same in alike.values():
        for which in product((*THEMES, None), (*REGIONS, None), (*AGES, None)):
            could_be = {
                sum(all(w in (None, c) for w, c in zip(which, cell, strict=True)) for cell in desk)
                for desk in same
            }
            if len(could_be) == 1 and 0 < min(could_be) < k:
                found.add((which, min(could_be)))
    return found


@pytest.mark.parametrize("apart", [1, 2, 5])
def test_nobody_who_tries_every_desk_finds_a_small_number_in_a_file(apart):
    for k in (2, 3):
        assert files_given_away(lambda records, k=k: classes_of(records, TWO, k, apart), most=6, k=k) == set()


def test_a_file_that_counts_nothing_together_gives_them_away():
    assert files_given_away(lambda _: Classes(), most=4, k=2) != set()


def test_every_number_of_a_file_is_zero_or_large_enough():
    for seed in range(50):
        records = list(many(random.Random(seed)).values())

        assert counted(records, classes_of(records, LISTS)).safe()
    assert not counted(records, Classes()).safe()


def pairs_given_away(rule: Rule, k: int, most: int, asked: tuple[tuple[int, ...], ...]) -> set[object]:
    """Small numbers known for certain to a reader who tries every desk of two months.

    He sees the files that were made. What was asked for and refused nobody sees but who asked.
    """
    alike = defaultdict(list)
    cells = list(product((0, 1), THEMES, REGIONS))
    orders = [order for n in range(1, len(asked) + 1) for order in combinations(asked, n)]
    for n in range(k, most + 1):
        for desk, order in product(combinations_with_replacement(cells, n), orders):
            records = {f"{m:05}": record(m, *cell[1:]) for m, cell in enumerate(desk)}
            made, seen = [], []
            for months_ in order:
                wanted = [f"{m:05}" for m, cell in enumerate(desk) if cell[0] in months_]
                try:
                    done = rule(wanted, records, made)
                except (TooFewToTell, WouldGiveAway):
                    continue
                made.append(Earlier(str(len(made)), frozenset(wanted), done.classes, done.made_of))
                seen.append((months_, told([records[each] for each in wanted], done.classes)))
            if made:
                alike[tuple(seen)].append(desk)
    found = set()
    for same in alike.values():
        for which in product((0, 1, None), (*THEMES, None), (*REGIONS, None)):
            could_be = {
                sum(all(w in (None, c) for w, c in zip(which, cell, strict=True)) for cell in desk)
                for desk in same
            }
            if len(could_be) == 1 and 0 < min(could_be) < k:
                found.add((which, min(could_be)))
    return found


ASKED = [((0,), (0, 1)), ((0, 1), (0,)), ((0,), (1,), (0, 1)), ((0,), (0, 1), (1,))]


@pytest.mark.parametrize("apart", [1, 2])
@pytest.mark.parametrize("asked", ASKED)
def test_nobody_who_tries_every_desk_finds_a_small_number_in_several_files(asked, apart):
    def rule(wanted, records, earlier):
        return decided(wanted, records, earlier, TWO, k=2, apart=apart)

    most = 6 if len(asked) == 2 else 5
    assert pairs_given_away(rule, k=2, most=most, asked=asked) == set()


def test_several_files_each_for_itself_give_them_away():
    def rule(wanted, records, earlier):
        return decided(wanted, records, [], TWO, k=2)

    assert pairs_given_away(rule, k=2, most=5, asked=((0,), (0, 1))) != set()
