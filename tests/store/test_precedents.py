"""The precedent library in the tables: in and out with the transaction, counted, and found, on both databases."""

import pytest

from bot.domain.precedents import ALL, NEWEST, Filters, Plan, Query, Step, asked, code_term, plan, weighed
from bot.domain.refusals import NotFound
from bot.domain.staff import THE_CLOCK
from tests.precedents import REVIEWED, kept, record


async def given(db, *named: tuple[str, tuple[str, ...]], reviewed: bool = True) -> None:
    """Records with these terms, in the library."""
    async with db.transaction(THE_CLOCK) as tx:
        for name, terms in named:
            await kept(tx, record(name))
            if reviewed:
                tx.connection.later(REVIEWED, {"record": name})
            await tx.precedents.add(name, terms)


async def found(
    db, *steps: tuple[str, ...], common: tuple[tuple[str, ...], ...] = (), most: int = 100
) -> set[str]:
    rare = tuple(Step(terms, 1.0) for terms in steps)
    async with db.reading() as ask:
        seen = await ask.precedents.candidates(Plan(rare, tuple(Step(each, 1.0) for each in common)), most)
    return {each.record for each in seen}


async def test_a_record_is_found_by_its_words_and_its_codes(db):
    await given(db, ("one", ("拒否", "theme_approach")), ("two", ("拒否", "猫")), ("three", ("犬",)))

    assert await found(db, ("拒否",)) == {"one", "two"}
    assert await found(db, ("拒否", "theme_approach")) == {"one"}
    assert await found(db, ("猫",), ("犬",)) == {"two", "three"}
    assert await found(db, common=(("拒否",),)) == {"one", "two"}
    assert await found(db, common=(("拒否", "猫"),)) == {"two"}
    assert await found(db, ("鳥",)) == set()
    assert await found(db) == set()


async def test_a_code_is_no_word(db):
    await given(db, ("one", ("theme_approach",)), ("two", ("theme", "approach")))

    assert await found(db, ("theme_approach",)) == {"one"}
    assert await found(db, ("approach",)) == {"two"}


async def test_terms_are_counted_as_they_come_and_go(db):
    await given(db, ("one", ("拒否", "猫")), ("two", ("拒否",)))
    async with db.reading() as ask:
        assert await ask.precedents.counts(("拒否", "猫", "犬")) == {ALL: 2, "拒否": 2, "猫": 1}

    async with db.transaction(THE_CLOCK) as tx:
        await tx.precedents.remove("one")

    assert await found(db, ("拒否",), ("猫",)) == {"two"}
    async with db.reading() as ask:
        assert await ask.precedents.counts(("拒否", "猫")) == {ALL: 1, "拒否": 1}


async def test_taken_in_twice_and_taken_out_twice_is_once(db):
    await given(db, ("one", ("拒否", "猫")), ("two", ("拒否",)))
    async with db.transaction(THE_CLOCK) as tx:
        await tx.precedents.add("one", ("拒否", "犬"))
        await tx.precedents.remove("two")
        await tx.precedents.remove("two")
        await tx.precedents.remove("nobody")

    assert await found(db, ("拒否",), ("犬",)) == {"one"}
    async with db.reading() as ask:
        assert await ask.precedents.counts(("拒否", "猫", "犬")) == {ALL: 1, "拒否": 1, "猫": 1}


async def test_what_was_taken_out_can_come_in_again(db):
    await given(db, ("one", ("拒否",)), ("two", ("猫",)))
    async with db.transaction(THE_CLOCK) as tx:
        await tx.precedents.remove("two")
    async with db.transaction(THE_CLOCK) as tx:
        await tx.precedents.add("two", ("犬",))

    assert await found(db, ("猫",)) == set()
    assert await found(db, ("犬",)) == {"two"}


class Broken(Exception):
    """Something went wrong after the record was taken in."""


async def test_a_release_that_fails_leaves_nothing_in_the_library(db):
    await given(db, ("one", ("拒否",)))
    with pytest.raises(Broken):
        async with db.transaction(THE_CLOCK) as tx:
            await kept(tx, record("two"))
            await tx.precedents.add("two", ("拒否", "猫"))
            await tx.precedents.remove("one")
            raise Broken

    assert await found(db, ("拒否",), ("猫",)) == {"one"}
    async with db.reading() as ask:
        assert await ask.precedents.counts(("拒否", "猫")) == {ALL: 1, "拒否": 1}


async def test_only_what_is_released_is_handed_out(db):
    await given(db, ("one", ("拒否",)))
    await given(db, ("two", ("拒否",)), reviewed=False)  # as if the library had not heard of a withdrawal

    async with db.reading() as ask:
        assert set(await ask.precedents.released(["one", "two", "nobody"])) == {"one"}
        assert (await ask.precedents.get("one")).situation == "one"
        with pytest.raises(NotFound):
            await ask.precedents.get("two")


async def test_of_what_is_common_only_the_newest_are_looked_at(db):
    await given(db, *((f"r{n:04d}", ("拒否", f"語{n}")) for n in range(NEWEST + 5)))

    newest = await found(db, common=(("拒否",),))
    assert len(newest) == NEWEST
    assert "r0004" not in newest
    assert f"r{NEWEST + 4:04d}" in newest
    assert len(await found(db, ("拒否",), most=NEWEST + 5)) == NEWEST + 5  # the control: there are more
    assert len(await found(db, ("拒否",), most=7)) == 7


async def test_those_that_match_the_most_are_looked_at_first(db):
    await given(db, *((f"r{n}", ("拒否", "猫", "犬")[: n % 3 + 1]) for n in range(9)))

    assert await found(db, ("拒否",), ("猫",), ("犬",), most=3) == {"r2", "r5", "r8"}


async def test_echoes_are_given_by_record(db):
    await given(db, ("one", ("拒否",)), ("two", ("拒否",)))
    async with db.transaction(THE_CLOCK) as tx:
        for question, answer, weight in (
            ("q1", "helped", "lighter"),
            ("q2", "hard", None),
            ("q3", None, None),
        ):
            tx.connection.later(
                "INSERT INTO record_echoes (record, question, answer, heaviness, at)"
                " VALUES ('one', :question, :answer, :weight, :question)",
                {"question": question, "answer": answer, "weight": weight},
            )

    async with db.reading() as ask:
        told = await ask.precedents.echoes(["one", "two"])
    assert [(each.answer, each.heaviness) for each in told["one"]] == [("helped", "lighter"), ("hard", None)]
    assert told["two"] == []


# Marks that mean something to one of the databases; a term has none of them, whatever was typed.
NASTY = (
    '" OR *',
    "'; DROP TABLE precedents; --",
    "a & !b | c:*",
    "NEAR(a b)",
    "terms : x",
    "%' OR '1'='1",
    "\\",
    "👨‍👩‍👧",
)


@pytest.mark.parametrize("typed", NASTY)
async def test_whatever_was_typed_no_term_means_anything_to_the_database(db, typed):
    from bot.privacy.terms import terms

    found_terms = terms(typed)
    assert all(term.isalnum() for term in found_terms)
    await given(db, ("one", (*found_terms, "拒否")), ("two", ("拒否",)))

    steps = [(term,) for term in found_terms]
    assert await found(db, *steps) == ({"one"} if steps else set())


# What is looked through, as a rule.


def test_the_rarest_words_are_looked_through_until_the_budget_is_spent():
    counts = {ALL: 1000, "common": 700, "rare": 3, "middle": 50}
    query = asked(("common", "rare", "middle", "unknown"), Filters())

    chosen = plan(query, weighed(query, counts), counts, 60)

    assert [each.terms for each in chosen.rare] == [("rare",), ("middle",)]
    assert [each.terms for each in chosen.common] == [("rare", "middle", "common"), ("common",)]
    assert sum(counts[each.terms[0]] for each in chosen.rare) <= 60


def test_a_filter_few_have_makes_a_common_word_cheap():
    term = code_term("field", "justice")
    counts = {ALL: 1000, "common": 700, term: 9}
    query = asked(("common",), Filters(field="justice"))

    chosen = plan(query, weighed(query, counts), counts, 60)

    assert [each.terms for each in chosen.rare] == [("common", term)]
    assert chosen.common == ()


def test_a_filter_nobody_has_finds_nothing():
    counts = {ALL: 1000, "common": 700}
    query = asked(("common",), Filters(field="justice"))
    assert plan(query, weighed(query, counts), counts, 60) == Plan((), ())


def test_a_word_everybody_uses_says_nothing_about_likeness():
    counts = {ALL: 1000, "common": 700, "rare": 3, "concern_role": 100}
    query = Query(words={"common": 1.0, "rare": 1.0}, codes={"concern_role": 0.6})
    assert set(weighed(query, counts)) == {"rare", "concern_role"}


async def test_what_is_common_is_tried_one_by_one_until_there_is_enough(db):
    await given(db, *((f"r{n}", ("拒否" if n % 2 else "猫", f"語{n}")) for n in range(20)))

    together, one, other = ("拒否", "猫"), ("拒否",), ("猫",)
    assert await found(db, common=(together,)) == set()
    assert len(await found(db, common=(together, one, other))) == 20
    assert len(await found(db, common=(one, other), most=5)) == 10  # the control: five are enough
