"""How many share the coarse facts of a record, and what is left out until enough of them do."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.casework import Record
from bot.domain.staff import THE_CLOCK
from bot.privacy.uniqueness import ANY, PUBLIC_K, SEARCH_K, WIDENED, Key, key_of, shown_as, wider
from bot.store.records import ALIKE, SQL
from bot.store.rows import encode
from tests.databases import START

KEY = Key(region="koto", age_band="senior", sex="female", household="alone", theme="refusal")
codes = st.sampled_from(["", "a", "b", "c"])
keys = st.builds(Key, codes, codes, codes, codes, codes)


def covers(key: Key, other: Key) -> bool:
    return all(getattr(key, fact) in (ANY, getattr(other, fact)) for fact in WIDENED)


def counting(records: Counter[Key]):
    async def count(key: Key) -> int:
        return sum(number for each, number in records.items() if covers(key, each))

    return count


def test_the_area_is_left_out_first_then_the_theme_then_the_age():
    widened = list(wider(KEY))

    assert [each.region for each in widened[1:]] == [ANY] * 5
    assert widened[2] == replace(widened[1], theme=ANY)
    assert widened[3] == replace(widened[2], age_band=ANY)
    assert widened[-1] == Key(ANY, ANY, ANY, ANY, ANY)


def test_what_was_left_out_already_is_not_left_out_again():
    assert len(list(wider(replace(KEY, region=ANY)))) == 5


def test_the_desk_asks_for_five_and_the_public_for_ten():
    assert (SEARCH_K, PUBLIC_K) == (5, 10)


async def test_a_record_that_five_share_is_shown_as_it_is():
    assert await shown_as(KEY, counting(Counter({KEY: 5})), SEARCH_K) == KEY
    assert await shown_as(KEY, counting(Counter({KEY: 4})), SEARCH_K) is None  # the negative control


async def test_where_four_share_it_another_area_makes_it_five():
    records = Counter({KEY: 4, replace(KEY, region="otsu"): 1})

    assert await shown_as(KEY, counting(records), SEARCH_K) == replace(KEY, region=ANY)


async def test_not_known_is_a_value_of_its_own():
    records = Counter({replace(KEY, sex=""): 4, KEY: 9})

    assert await shown_as(replace(KEY, sex=""), counting(records), SEARCH_K) == Key(
        ANY, ANY, ANY, "alone", ANY
    )


@given(records=st.dictionaries(keys, st.integers(1, 6), max_size=12), asked=keys)
async def test_what_is_shown_is_shared_by_enough_and_nothing_narrower_is(records, asked):
    count = counting(Counter(records))

    shown = await shown_as(asked, count, SEARCH_K)

    narrower = list(wider(asked))
    if shown is None:
        assert sum(records.values()) < SEARCH_K
    else:
        assert await count(shown) >= SEARCH_K
        assert all([await count(each) < SEARCH_K for each in narrower[: narrower.index(shown)]])


def a_record(number: int, key: Key) -> Record:
    facts = {name: getattr(key, name) or None for name in ALIKE}
    return Record(
        id=f"r{number}", of_case=f"r{number}", made_at=START, confirmed_by="U_SATO", fiscal_year=2026, supporter_field=None,
        organization_type=None, occupation=None, route="slack", urgency="u3", concerns=(), characteristics=(),
        dispositions=(), primary_disposition="", closing_reason="", situation="", formulation="", advice="",
        outcome="", ruleset="", codes_version="", **facts,
    )  # fmt: skip


async def test_the_store_counts_what_the_rules_count(db):
    kept = [KEY] * 3 + [replace(KEY, region="")] * 2 + [replace(KEY, sex="male", theme="")] * 4 + [Key()] * 2
    async with db.transaction(THE_CLOCK) as tx:
        for number, key in enumerate(kept):
            await SQL.add(tx.connection, **encode(a_record(number, key)))
    count = counting(Counter(kept))

    async with db.reading() as ask:
        for key in set(kept):
            for each in wider(key):
                assert await ask.records.count_like(each, 100) == await count(each)
        assert await ask.records.count_like(KEY, 2) == 2  # nobody counts on


async def test_every_question_is_answered_by_the_index(sqlite_db):
    async with sqlite_db.reading() as ask:
        said: list[str] = []
        rows = ask.connection.rows

        async def explained(sql, parameters):
            said.extend(row["detail"] for row in await rows("EXPLAIN QUERY PLAN " + sql, parameters))
            return await rows(sql, parameters)

        ask.records._connection = type("Explaining", (), {"rows": staticmethod(explained)})()
        for each in list(wider(KEY))[:-1] + list(wider(Key()))[:-1]:
            await ask.records.count_like(each, 5)

    assert said
    assert all("records_alike" in each for each in said if "SEARCH" in each or "records" in each)
    assert not [each for each in said if each.startswith("SCAN records")]


def test_a_key_says_what_the_row_says():
    assert key_of(a_record(0, KEY)) == KEY
    assert key_of(a_record(0, Key())) == Key()
    assert {"age_band", "sex", "household", "theme"} <= set(encode(a_record(0, KEY)))
