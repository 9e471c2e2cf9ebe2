"""Small numbers stay hidden, also from somebody who knows the total, everything shown, and the rules themselves."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy.suppression import Hidden, Table, shown, suppressed, together
from bot.privacy.uniqueness import PUBLIC_K
from tests.privacy.small_numbers import only_the_small

NUMBERS = range(10)


def tables(cells: int, numbers=NUMBERS):
    for values in product(numbers, repeat=cells):
        yield dict(enumerate(values))


def given_away(rule, cells: int) -> list[tuple[int, ...]]:
    """Tables of which a reader who tries every table, knowing rule and total, finds a small number for certain."""
    alike = defaultdict(list)
    for each in tables(cells):
        told = rule(each)
        alike[(tuple(told.cells.values()), told.total)].append(tuple(each.values()))
    found = []
    for same in alike.values():
        for place in range(cells):
            could_be = {values[place] for values in same}
            if len(could_be) == 1 and 0 < could_be.pop() < 5:
                found.append(same[0])
    return found


@pytest.mark.parametrize("cells", [2, 3, 4])
def test_nobody_who_tries_every_table_finds_a_small_number(cells):
    assert given_away(suppressed, cells) == []


def test_hiding_the_small_ones_alone_would_give_them_away():
    def only_the_small_ones(cells):
        return Table({key: shown(number) for key, number in cells.items()}, shown(sum(cells.values())))

    assert (1, 6, 7) in given_away(only_the_small_ones, 3)


def test_hiding_the_smallest_neighbour_by_its_place_would_give_them_away():
    def with_one_neighbour(cells):
        told = {key: shown(number) for key, number in cells.items()}
        if sum(each is Hidden.FEW for each in told.values()) == 1:
            told[min((k for k, n in cells.items() if n >= 5), key=cells.get, default=0)] = Hidden.COVERED
        return Table(told, shown(sum(cells.values())))

    assert given_away(with_one_neighbour, 3) != []


NUMBERED = st.dictionaries(st.text(max_size=3), st.integers(min_value=0, max_value=200), max_size=25)


@given(NUMBERED)
def test_no_small_number_is_ever_shown_and_nothing_else_is_changed(cells):
    told = suppressed(cells)

    assert told.cells.keys() == cells.keys()
    for key, number in told.cells.items():
        if isinstance(number, Hidden):
            assert number is Hidden.COVERED or 0 < cells[key] < 5
        else:
            assert number == cells[key]
            assert not 0 < number < 5
    assert told.total == shown(sum(cells.values()))


@given(NUMBERED)
def test_what_is_hidden_is_never_a_single_cell_beside_a_total(cells):
    told = suppressed(cells)
    hidden = [key for key, number in told.cells.items() if isinstance(number, Hidden)]

    assert len(hidden) != 1 or isinstance(told.total, Hidden) or len(cells) == 1


@given(NUMBERED)
def test_two_hidden_cells_that_change_places_leave_the_table_as_it_was(cells):
    told = suppressed(cells)
    hidden = [key for key, number in told.cells.items() if isinstance(number, Hidden)]

    for one, other in zip(hidden, hidden[1:], strict=False):
        swapped = {**cells, one: cells[other], other: cells[one]}
        assert suppressed(swapped) == told


def test_a_table_without_small_numbers_is_shown_as_it_is():
    assert suppressed({"a": 12, "b": 0, "c": 5}).cells == {"a": 12, "b": 0, "c": 5}


def test_two_small_numbers_hide_each_other():
    assert suppressed({"a": 2, "b": 3, "c": 40}).cells == {"a": Hidden.FEW, "b": Hidden.FEW, "c": 40}


def test_a_small_number_alone_takes_its_next_neighbours_with_it():
    told = suppressed({"a": 2, "b": 9, "c": 9, "d": 40})

    assert told.cells == {"a": Hidden.COVERED, "b": Hidden.COVERED, "c": Hidden.COVERED, "d": 40}
    assert told.total == 60


# Counted together


def lines_given_away(rule, cells: int, k: int) -> list[tuple[int, ...]]:
    """Lines of which a reader who tries every line, knowing rule and sum, finds a small number for certain."""
    alike = defaultdict(list)
    for numbers in product(range(3 * k), repeat=cells):
        if 0 < sum(numbers) < k:
            continue
        kept = rule(dict(enumerate(numbers)), k)
        told = tuple(None if n in kept else number for n, number in enumerate(numbers))
        alike[(told, sum(numbers))].append(numbers)
    found = []
    for same in alike.values():
        for place in range(cells):
            could_be = {numbers[place] for numbers in same}
            if len(could_be) == 1 and 0 < could_be.pop() < k:
                found.append(same[0])
    return found


@pytest.mark.parametrize(("cells", "k"), [(2, 3), (3, 3), (4, 3), (2, 5), (3, 5), (4, 2)])
def test_nobody_who_tries_every_line_finds_a_small_number(cells, k):
    assert lines_given_away(together, cells, k) == []


def small_and_too_few(cells, k):
    """What goes together makes at least k, and yet is given away where all are k - 1."""
    small = {key for key, number in cells.items() if number < k}
    left = sum(cells[key] for key in small)
    if 0 < left < k:
        small |= {key for key, number in cells.items() if number == min(n for n in cells.values() if n >= k)}
    return frozenset(small) if left else frozenset()


def test_less_than_that_would_give_small_numbers_away():
    assert (1, 6, 7) in lines_given_away(only_the_small, 3, 3)
    assert (2, 2, 3) in lines_given_away(small_and_too_few, 3, 3)


def test_what_goes_together_makes_enough_and_what_stands_alone_is_enough():
    for numbers in product((0, 1, 4, 9, 10, 11, 30), repeat=4):
        if not 0 < sum(numbers) < PUBLIC_K:
            kept = together(dict(enumerate(numbers)), PUBLIC_K)
            rest = sum(numbers[n] for n in kept)
            apart = [number for n, number in enumerate(numbers) if n not in kept]
            assert rest == 0 or rest >= PUBLIC_K
            assert all(number == 0 or number >= PUBLIC_K for number in apart)
            assert len(kept) != 1


def test_a_line_that_is_small_itself_is_refused():
    with pytest.raises(ValueError, match="small"):
        together({"a": 4, "b": 5}, PUBLIC_K)
    assert together({"a": 0, "b": 0}, PUBLIC_K) == frozenset()
