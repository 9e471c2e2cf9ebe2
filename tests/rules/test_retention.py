"""How long things are kept: every rule against plain arithmetic, and a rule for every sealed column there is."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import codes, organisation
from bot.domain.retention import (
    BY_THE_DAY,
    GAP,
    LONG,
    OF_CONSULTATIONS,
    OF_TRAININGS,
    SEALED,
    STEADY,
    UNDER_ONE_KEY,
    Basis,
    Kind,
    Rule,
    Steadiness,
    bounds,
    hash_of,
    link,
    staying,
)
from bot.store.migrate import HERE, steps

TOKYO = ZoneInfo("Asia/Tokyo")
MOMENTS = st.datetimes(datetime(2021, 4, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
RULES = st.one_of(
    st.integers(0, 30).map(lambda n: Rule(years=n)), st.integers(1, 4000).map(lambda n: Rule(days=n))
)
SEALED_COLUMN = re.compile(r"^\s+(\w+)_sealed\s+TEXT", re.MULTILINE)
TABLE = re.compile(r"CREATE TABLE (\w+) \((.*?)\n\)", re.DOTALL)
ADDED = re.compile(r"ALTER TABLE (\w+) ADD COLUMN (\w+)_sealed")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("rule", "counted_from", "due"),
    [
        (Rule(years=5), "2026-11-24T10:00", "2032-04-01T00:00"),
        (Rule(years=5), "2027-03-31T23:59", "2032-04-01T00:00"),
        (Rule(years=5), "2027-04-01T00:00", "2033-04-01T00:00"),
        (Rule(years=0), "2026-11-24T10:00", "2027-04-01T00:00"),
        (Rule(days=90), "2026-11-24T10:00", "2027-02-22T10:00"),
    ],
)
def test_a_rule_counts_from_its_date(rule, counted_from, due):
    assert rule.due(at(counted_from)) == at(due)


@given(RULES, MOMENTS, MOMENTS)
def test_what_is_due_is_what_counts_from_before_the_cutoff(rule, counted_from, now):
    assert (rule.due(counted_from) <= now) == (counted_from < rule.cutoff(now))


@given(RULES, MOMENTS)
def test_to_the_last_moment_it_is_kept(rule, counted_from):
    due = rule.due(counted_from)

    assert counted_from < rule.cutoff(due)
    assert counted_from >= rule.cutoff(due - timedelta(microseconds=1))


@given(st.integers(0, 30), MOMENTS)
def test_years_begin_on_the_first_of_april(years, counted_from):
    here = counted_from.astimezone(TOKYO)
    ends = here.year + (1 if here.month >= 4 else 0)  # the March in which its fiscal year ends

    assert Rule(years=years).due(counted_from) == datetime(ends + years, 4, 1, tzinfo=TOKYO)


def test_a_rule_says_one_thing():
    assert [str(rule) for rule in (Rule(years=5), Rule(days=90))] == ["years:5", "days:90"]
    for wrong in ({}, {"years": 1, "days": 1}):
        with pytest.raises(ValueError):
            Rule(**wrong)


# The clock


def test_a_clock_is_believed_when_it_has_gone_on_by_itself_for_most_of_a_day():
    clock = Steadiness(*[at("2026-11-24T03:40")] * 3)

    assert not clock.believed
    assert not clock.seen(at("2026-11-24T12:00")).believed
    assert clock.seen(at("2026-11-24T12:00")).seen(at("2026-11-25T03:39")).believed


def test_a_long_weekend_without_anybody_asking_is_no_leap():
    clock = Steadiness(at("2026-11-20T03:40"), at("2026-10-01T03:40"), at("2026-11-20T03:40"))

    assert clock.seen(at("2026-11-24T03:00")).believed


@given(st.timedeltas(GAP + timedelta(seconds=1), timedelta(days=9000)), st.booleans())
def test_after_a_leap_it_has_to_prove_itself_anew(leap, forward):
    clock = Steadiness(at("2026-11-20T03:40"), at("2020-01-01T00:00"), at("2026-11-20T03:40"))
    leapt = clock.seen(clock.seen_at + (leap if forward else -leap))
    confirmed = leapt.confirmed(leapt.seen_at)

    assert not leapt.believed
    assert not confirmed.seen(leapt.seen_at + STEADY - timedelta(seconds=1)).believed
    assert confirmed.seen(leapt.seen_at + STEADY).believed


@given(st.timedeltas(LONG + timedelta(seconds=1), timedelta(days=9000)), st.integers(1, 400))
def test_a_long_leap_ahead_is_believed_at_a_persons_word_only(leap, days):
    clock = Steadiness(at("2026-11-20T03:40"), at("2020-01-01T00:00"), at("2026-11-20T03:40"))
    leapt = clock.seen(clock.seen_at + leap)
    told = leapt.seen_at
    for _ in range(days):
        leapt = leapt.seen(leapt.seen_at + timedelta(days=1))

    assert leapt.waits
    assert not leapt.believed
    assert leapt.confirmed(leapt.seen_at).believed
    assert leapt.confirmed(told).believed is (days <= LONG.days)  # a word of long ago is not one about today


def test_a_clock_that_was_wrong_for_some_hours_and_right_again_needs_nobodys_word():
    clock = Steadiness(at("2026-11-20T03:40"), at("2020-01-01T00:00"), at("2026-11-20T03:40"))
    for wrong in ("2030-01-01T00:00", "2015-01-01T00:00"):
        back = clock.seen(at(wrong)).seen(at("2026-11-21T03:40"))
        assert not back.waits
        assert back.seen(at("2026-11-22T03:40")).believed


# Everything that is sealed


def sealed_columns(schema: str) -> set[str]:
    """The sealed columns of a schema, as `table.column`."""
    found = {
        f"{table}.{name}" for table, body in TABLE.findall(schema) for name in SEALED_COLUMN.findall(body)
    }
    return found | {f"{table}.{name}" for table, name in ADDED.findall(schema)}


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_every_sealed_column_has_a_rule(dialect):
    schema = "\n".join(step.text for step in steps(dialect, HERE))

    assert sealed_columns(schema) | {"inbox.payload"} == set(SEALED)


@pytest.mark.parametrize(
    "schema",
    [
        "CREATE TABLE invented (\n    id TEXT PRIMARY KEY,\n    secret_sealed TEXT NOT NULL\n);",
        "ALTER TABLE consultations ADD COLUMN secret_sealed TEXT;",
    ],
)
def test_control_an_invented_column_would_be_seen(schema):
    there = "\n".join(step.text for step in steps("sqlite", HERE))

    assert sealed_columns(there + "\n" + schema) - set(SEALED) - {"inbox.payload"}


def test_every_kind_has_its_words_and_its_rule():
    rules = organisation.load().retention

    assert {each.code for each in codes.options("retention_kinds")} == set(Kind)
    assert set(SEALED.values()) | {Kind.WITHDRAWN, Kind.CERTIFICATES} == set(Kind)
    assert {*OF_CONSULTATIONS, *OF_TRAININGS, *BY_THE_DAY} == set(Kind)
    for kind in set(Kind) - set(BY_THE_DAY):
        assert rules.rule(kind).due(at("2026-11-24T10:00")) > at("2026-11-24T10:00")
    assert {each.code for each in codes.options("destruction_bases")} == set(Basis)


def test_the_key_of_a_training_goes_with_the_last_of_what_it_sealed():
    assert not staying(()).nothing
    for kind in UNDER_ONE_KEY:
        assert not staying(UNDER_ONE_KEY - {kind}).nothing
    assert staying(UNDER_ONE_KEY).nothing


def test_names_on_certificates_outlive_the_other_answers():
    stays = staying({Kind.TRAINING_ANSWERS})

    assert (stays.answers, stays.names) == (False, True)


# Hashes


def test_a_hash_is_the_same_in_any_order_and_for_nothing_else():
    assert hash_of(["a", "b"]) == hash_of(["b", "a"]) != hash_of(["ab"])
    assert link("a", {"n": 1}) != link("b", {"n": 1})


def test_a_day_lasts_from_midnight_to_midnight_in_tokyo():
    since, until = bounds(date(2032, 4, 1), date(2032, 4, 1))

    assert (since, until) == (at("2032-04-01T00:00"), at("2032-04-02T00:00"))
