"""Anonymous and yet once: whoever holds the whole database cannot say who said what. Each attack has its control."""

import asyncio
import json
import random
from collections import Counter

from bot.domain.staff import Actor
from bot.store import feedback as store
from bot.store.audit import AuditTrail
from bot.store.feedback import Said
from bot.usecases import feedback
from tests.features.test_training_feedback import given, given_over

CROWD = [f"U_P{n:02d}" for n in range(12)]
WISHES = ("gap", "multi_pro", "goal", "role")


def said_by(n):
    """An answer that only one of the twelve gives."""
    wishes = tuple(each for bit, each in enumerate(WISHES) if (n + 1) >> bit & 1)
    return Said(satisfaction="5", wishes=wishes, words=f"感想その{n}")


def what(row):
    return tuple(json.loads(row["wishes"]))


TRUTH = {person: said_by(n).wishes for n, person in enumerate(CROWD)}
CERTAIN = 9  # of twelve: chance alone finds so many right once in 300,000


async def everybody_says_something(desk, training):
    order = list(enumerate(CROWD))
    random.Random(7).shuffle(order)  # neither the order of names, nor of seats
    for n, person in order:
        desk.clock.advance(minutes=1)
        await feedback.give(desk.bot.desk, Actor(person), training.id, said_by(n))


async def attacks(desk):
    """Every way to lay the two tables beside each other: name → person → what they are thought to have said."""
    hidden = {"sqlite": ["rowid"], "postgresql": ["ctid", "xmin::text::bigint", "xmin::text::bigint, ctid"]}
    orders = {"feedback_given": ["attendee"], "feedback": ["id", "wishes", "words_sealed", "satisfaction"]}
    found = {}
    for table, columns in orders.items():
        columns += [order for order in hidden[desk.db.dialect] if await has(desk, table, order)]
    orders["audit"] = ["id"]
    rows = {}
    for table, columns in orders.items():
        where = " WHERE event = 'feedback.given'" if table == "audit" else ""
        for column in columns:
            rows[table, column] = await desk.rows(f"SELECT * FROM {table}{where} ORDER BY {column}")
    for (table, column), whose in rows.items():
        for (other, by), said in rows.items():
            if other == "feedback" and table != "feedback":
                name = f"{table} by {column} beside feedback by {by}"
                people = [row.get("attendee") or row.get("actor") for row in whose]
                found[name] = dict(zip(people, map(what, said), strict=True))
    found["a detail of the trail"] = by_detail(rows["audit", "id"], rows["feedback", "id"])
    if desk.db.dialect == "postgresql":
        found["one transaction"] = {
            row["attendee"]: what(row)
            for row in await desk.rows(
                "SELECT g.attendee, f.wishes FROM feedback_given AS g JOIN feedback AS f ON f.xmin = g.xmin"
            )
        }
    return found


async def has(desk, table, column):
    try:
        await desk.rows(f"SELECT {column} FROM {table} LIMIT 1")
    except Exception:
        return False
    return True


def by_detail(trail, said):
    there = {row["id"]: what(row) for row in said}
    return {
        row["actor"]: there[each]
        for row in trail
        for each in json.loads(row["detail"]).values()
        if each in there
    }


def right(guess):
    return sum(guess.get(person) == wishes for person, wishes in TRUTH.items())


async def test_no_column_no_order_and_no_trail_joins_who_gave_and_what_was_given(desk):
    await known(desk)
    training, _ = await given_over(desk, *CROWD)

    await everybody_says_something(desk, training)

    found = await attacks(desk)
    assert len(found) >= 9
    assert {name: right(guess) for name, guess in found.items() if right(guess) >= CERTAIN} == {}
    assert Counter(what(row) for row in await given(desk)) == Counter(TRUTH.values())
    everything = await desk.rows("SELECT actor, subject, detail FROM audit WHERE event = 'feedback.given'")
    assert {row["actor"] for row in everything} == {"somebody"}
    assert {(row["subject"], row["detail"]) for row in everything} == {(training.id, "{}")}


async def test_were_the_person_in_the_trail_the_attack_would_find_them_all(desk, monkeypatch):
    await known(desk)
    training, _ = await given_over(desk, *CROWD)
    keep, record, seen = store.Feedback.give, AuditTrail.record, {}

    async def noting(self, training_id, attendee, said):
        done = await keep(self, training_id, attendee, said)
        before = {row["id"] async for row in store.SQL.of_training(self._connection, training=training_id)}
        seen.update(who=attendee, what=(before - seen.get("all", set())).pop(), all=before)
        return done

    async def naming(self, event, subject, **detail):
        if event == "feedback.given":
            self._session.actor = Actor(seen["who"])
            detail["feedback"] = seen["what"]
        await record(self, event, subject, **detail)

    monkeypatch.setattr(store.Feedback, "give", noting)
    monkeypatch.setattr(AuditTrail, "record", naming)
    await everybody_says_something(desk, training)

    assert right((await attacks(desk))["a detail of the trail"]) == len(CROWD)


async def test_were_the_rows_not_mixed_their_order_in_the_file_would_find_them_all(desk, monkeypatch):
    await known(desk)
    training, _ = await given_over(desk, *CROWD)
    await with_rows_in_order_of_arrival(desk)

    async def unmixed(self, training_id, new):
        await store.SQL.keep(self._connection, **new, training=training_id)

    monkeypatch.setattr(store.Feedback, "_mix", unmixed)
    await everybody_says_something(desk, training)

    assert max(map(right, (await attacks(desk)).values())) == len(CROWD)


async def test_the_mixing_alone_hides_them_where_a_database_keeps_the_order_of_arrival(desk):
    await known(desk)
    training, _ = await given_over(desk, *CROWD)
    await with_rows_in_order_of_arrival(desk)

    await everybody_says_something(desk, training)

    found = await attacks(desk)
    assert any("rowid" in name or "ctid" in name for name in found)
    assert {name: right(guess) for name, guess in found.items() if right(guess) >= CERTAIN} == {}


async def known(desk):
    """The twelve are members of the workspace."""
    for person in CROWD:
        await desk.kondo.change_person(person, name=person.lower())


async def with_rows_in_order_of_arrival(desk):
    """SQLite keeps these tables by their keys; here they are made anew so that it numbers the rows."""
    if desk.db.dialect != "sqlite":
        return
    async with desk.db.transaction(Actor("test")) as tx:
        for table in ("feedback_given", "feedback"):
            (row,) = await tx.connection.rows(
                "SELECT sql FROM sqlite_master WHERE name = :name", {"name": table}
            )
            await tx.connection.rows(f"DROP TABLE {table}", {})
            await tx.connection.rows(row["sql"].replace("WITHOUT ROWID", ""), {})


async def test_many_who_send_in_the_same_moment_are_all_kept_and_one_who_sends_twice_is_kept_once(desk):
    await known(desk)
    training, _ = await given_over(desk, *CROWD)
    people = [*CROWD, CROWD[0], CROWD[0]]

    done = await asyncio.gather(
        *(
            feedback.give(desk.bot.desk, Actor(each), training.id, said_by(CROWD.index(each)))
            for each in people
        ),
        return_exceptions=True,
    )

    assert [type(each) for each in done if isinstance(each, Exception)] == [feedback.AlreadyGiven] * 2
    assert Counter(what(row) for row in await given(desk)) == Counter(TRUTH.values())
    assert await desk.how_many("feedback_given") == len(CROWD)
