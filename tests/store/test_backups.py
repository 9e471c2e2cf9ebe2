"""Backups: whole, sealed, and never a way back for what was destroyed."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.casework import Contact
from bot.domain.retention import Kind
from bot.domain.staff import THE_CLOCK, THE_COMMAND_LINE, Actor, Role
from bot.organisation import load
from bot.privacy.vault import NotReadable
from bot.store import backups, destroyed_log, holds_log
from bot.store.backups import BackupRefused
from bot.store.database import open_database
from bot.store.keys import KeyDestroyed
from bot.usecases import closing, expiry, intake, restoring
from bot.usecases.desk import Desk
from tests.databases import MASTER_KEY, Clock, sqlite_path

GRACE = timedelta(days=35)
TAKAGI = Actor("U_TAKAGI")
PLANTED = "ゆうべも眠れないと話していた。"
OTHER_KEY = bytes(reversed(range(32)))


class Place:
    """A desk without Slack, and where its backups go."""

    def __init__(self, url: str, tmp_path: Path, clock: Clock) -> None:
        self.url, self.clock = url, clock
        self.folder = tmp_path / "backups"

    def open(self, url: str | None = None):
        return open_database(url or self.url, master_key=MASTER_KEY, clock=self.clock)

    def desk(self, db) -> Desk:
        return Desk(db, load(), backups=self.folder)

    async def asked(self, db, once: str = "a") -> str:
        request = intake.Request(
            concerns=("approach",), urgency="u3", contact=Contact(phone="090-1234-5678"), best_times=("any",),
            story=PLANTED,
        )  # fmt: skip
        return (await intake.receive(self.desk(db), TAKAGI, request, once=once)).id

    async def withdrawn(self, db, once: str = "a") -> str:
        consultation = await self.asked(db, once)
        await closing.withdraw(self.desk(db), TAKAGI, consultation)
        return consultation

    def backup(self, **given) -> backups.Made:
        told = {"master_key": MASTER_KEY, "now": self.clock.now, "grace": GRACE} | given
        return backups.make(self.url, self.folder, **told)

    async def restore(self, path: Path, url: str, **given):
        return await restoring.restore(
            path, url, given.get("master_key", MASTER_KEY), load(), self.folder, clock=self.clock
        )


@pytest.fixture
def place(database_url, tmp_path, clock) -> Place:
    return Place(database_url, tmp_path, clock)


@pytest.fixture
def elsewhere(place, request, tmp_path) -> str:
    if place.url.startswith("sqlite"):
        (tmp_path / "new").mkdir()
        return f"sqlite:///{tmp_path / 'new' / 'desk.db'}"
    return request.getfixturevalue("postgresql").a_database(blank=True)


async def everything(db) -> dict[str, list]:
    async with db.reading() as ask:
        names = (
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            if db.dialect == "sqlite"
            else "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
        )
        tables = sorted(row["name"] for row in await ask.connection.rows(names, {}))
        return {
            table: sorted(map(str, await ask.connection.rows(f"SELECT * FROM {table}", {})))
            for table in tables
            if table not in {"outbox", "audit", "migrations", "ticks", "retention_clock"}
        }


async def test_what_comes_back_is_what_was_there_and_goes_on(place, elsewhere):
    async with place.open() as db:
        consultation = await place.asked(db)
        made = place.backup()
        before = await everything(db)

    await place.restore(made.path, elsewhere)

    async with place.open(elsewhere) as db:
        assert await everything(db) == before
        async with db.reading() as ask:
            assert [each.text for each in await ask.casework.words_of(consultation)] == [PLANTED]
            assert await ask.audit.verify() is None
            assert "backup.restored" in [each.event for each in await ask.audit.trail()]
        await place.asked(db, "b")  # numbers go on
    assert made.counts["consultations"] == 1


async def test_a_backup_is_sealed_for_its_owner_alone_and_leaves_no_copy(place):
    async with place.open() as db:
        await place.asked(db)
        made = place.backup()

    raw = made.path.read_bytes()
    assert b"U_TAKAGI" not in raw
    assert b"approach" not in raw
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in place.folder.iterdir()) == ["destroyed.log", made.path.name]


async def test_it_is_made_while_the_desk_works(place):
    async with place.open() as db, db.transaction(THE_CLOCK) as tx:
        await tx.timers.set("x", "y", tx.now)
        await tx.connection.settle()
        made = place.backup()

    assert made.counts["timers"] == 0


@pytest.mark.parametrize(
    ("why", "spoil"),
    [
        ("damaged", lambda raw: raw[:-1]),
        ("damaged", lambda raw: raw[: len(raw) // 2]),
        ("damaged", lambda raw: raw[:-40] + bytes([raw[-40] ^ 1]) + raw[-39:]),
        ("damaged", lambda raw: raw[:400] + bytes([raw[400] ^ 1]) + raw[401:]),
        ("damaged", lambda raw: raw.replace(b'"made_at": "2026', b'"made_at": "2027', 1)),
        ("damaged", lambda raw: raw[:20]),
        ("no_backup", lambda raw: b"x" + raw),
        ("no_backup", lambda raw: b""),
    ],
)
async def test_a_damaged_one_is_refused_and_nothing_is_there_afterwards(place, elsewhere, why, spoil):
    async with place.open() as db:
        await place.asked(db)
        made = place.backup()
    made.path.write_bytes(spoil(made.path.read_bytes()))

    with pytest.raises(BackupRefused) as refused:
        await place.restore(made.path, elsewhere)

    assert refused.value.why in {why, "from_the_future", "newer_schema"}  # a changed header may say anything
    await must_be_blank(place, elsewhere)


async def must_be_blank(place, url: str) -> None:
    if url.startswith("sqlite"):
        assert [each.name for each in sqlite_path(url).parent.iterdir() if each.suffix != ".lock"] == []
    else:
        async with place.open(url) as db, db.reading() as ask:
            assert (await ask.connection.rows("SELECT COUNT(*) AS n FROM consultations", {}))[0]["n"] == 0
            assert (await ask.connection.rows("SELECT COUNT(*) AS n FROM audit", {}))[0]["n"] == 0


async def test_another_master_key_is_refused(place, elsewhere):
    async with place.open() as db:
        await place.asked(db)
        made = place.backup()
        with pytest.raises(BackupRefused, match="wrong_key"):
            place.backup(master_key=OTHER_KEY)

    with pytest.raises(BackupRefused, match="wrong_key"):
        await place.restore(made.path, elsewhere, master_key=OTHER_KEY)


async def test_a_place_that_is_in_use_is_refused(place, elsewhere):
    async with place.open() as db:
        await place.asked(db)
        made = place.backup()
    async with place.open(elsewhere) as db:
        other = await place.asked(db, "other")

    with pytest.raises(BackupRefused, match="not_blank"):
        await place.restore(made.path, elsewhere)

    async with place.open(elsewhere) as db, db.reading() as ask:
        assert (await ask.consultations.get(other)).id == other


async def test_a_place_where_a_desk_is_open_is_refused(tmp_path, clock):
    place = Place(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path, clock)
    async with place.open() as db:
        made = place.backup()
        with pytest.raises(BackupRefused, match="already_running"):
            await place.restore(made.path, place.url)
        await place.asked(db)


async def test_one_older_than_the_days_of_grace_is_refused(place, elsewhere):
    async with place.open() as db:
        await place.asked(db)
        made = place.backup()
    place.clock.advance(days=35, seconds=1)

    with pytest.raises(BackupRefused, match="too_old"):
        await place.restore(made.path, elsewhere)
    place.clock.advance(seconds=-1)  # the control: to the last moment it may come back
    await place.restore(made.path, elsewhere)


@pytest.mark.parametrize(
    ("why", "change"),
    [
        ("newer_schema", lambda header: header["schema"].append("f" * 64)),
        ("newer_schema", lambda header: header["schema"].__setitem__(0, "f" * 64)),
        ("other_kind", lambda header: header.update(dialect="oracle")),
        ("from_the_future", lambda header: header.update(made_at="2026-11-26T00:00:00+00:00")),
        ("damaged", lambda header: header.pop("schema")),
        ("damaged", lambda header: header.update(made_at="gestern")),
    ],
)
def test_what_does_not_fit_here_is_refused_in_a_word(why, change, tmp_path, clock):
    header = {
        "dialect": "sqlite", "made_at": clock.now.isoformat(), "master": backups.Vault(MASTER_KEY).master_id,
        "schema": [step.hash for step in backups.steps("sqlite", backups.HERE)],
    }  # fmt: skip
    backups.must_fit(header, "sqlite:///x", MASTER_KEY, clock.now, GRACE)

    change(header)

    with pytest.raises(BackupRefused, match=why):
        backups.must_fit(header, "sqlite:///x", MASTER_KEY, clock.now, GRACE)


async def test_old_ones_are_thrown_away_and_the_newest_never(place):
    async with place.open():
        first = place.backup()
        place.clock.advance(days=20)
        second = place.backup()
        place.clock.advance(days=16)
        third = place.backup()
        assert (third.removed, first.path.exists(), second.path.exists()) == (1, False, True)
        (place.folder / "yorisoi-notes.backup").write_text("not one of ours")
        place.clock.advance(days=4000)  # a clock that ran ahead
        assert place.backup().path.exists()
        assert (place.folder / "yorisoi-notes.backup").exists()


# What was destroyed does not come back


async def gone(db, consultation: str) -> bool:
    """Whether neither words nor a key are left."""
    async with db.reading() as ask:
        words = await ask.connection.rows("SELECT id FROM words WHERE consultation = :c", {"c": consultation})
        try:
            await ask.keys.open(consultation, "a", "b", "c", "d")
        except KeyDestroyed:
            return not words
        except NotReadable:
            return False


async def destroyed_after_a_backup(place) -> tuple[str, Path]:
    """Held back when the backup was made; then not any more, and destroyed. By its dates alone it would be held still."""
    async with place.open() as db:
        consultation = await place.withdrawn(db)
        admin = Actor("U_ADMIN", frozenset({Role.ADMIN}))
        place.clock.now = datetime(2028, 4, 2, tzinfo=UTC)
        await expiry.hold(place.desk(db), admin, consultation, "audit")
        made = place.backup()
        await expiry.lift(place.desk(db), admin, consultation)
        assert (await expiry.sweep(place.desk(db), at_once=True))[Kind.WITHDRAWN] == 1
    place.clock.advance(days=3)
    return consultation, made.path


async def test_what_was_destroyed_after_the_backup_is_destroyed_again(place, elsewhere):
    consultation, path = await destroyed_after_a_backup(place)

    done = await place.restore(path, elsewhere)

    assert done.again[Kind.WITHDRAWN] == 1
    async with place.open(elsewhere) as db:
        assert await gone(db, consultation)
        async with db.reading() as ask:
            [row] = await ask.connection.rows("SELECT basis, counts FROM destructions", {})
    assert row["basis"] == "restored"
    assert json.loads(row["counts"])["data_keys"] == 1


async def test_control_without_the_note_beside_it_what_was_destroyed_comes_back(place, elsewhere):
    consultation, path = await destroyed_after_a_backup(place)
    (place.folder / destroyed_log.NAME).write_text("")

    await place.restore(path, elsewhere)

    async with place.open(elsewhere) as db:
        assert not await gone(db, consultation)


async def test_a_backup_without_the_note_beside_it_is_refused(place, elsewhere, tmp_path):
    _, path = await destroyed_after_a_backup(place)
    (tmp_path / "alone").mkdir()
    alone = Path(shutil.copy(path, tmp_path / "alone"))

    with pytest.raises(BackupRefused, match="no_log"):
        await place.restore(alone, elsewhere)


async def test_what_is_due_meanwhile_is_left_to_the_next_sweep_so_that_it_can_be_held_back(place, elsewhere):
    async with place.open() as db:
        consultation = await place.withdrawn(db)
        place.clock.now = datetime(2028, 3, 20, tzinfo=UTC)
        made = place.backup()
    place.clock.now = datetime(2028, 4, 2, tzinfo=UTC)

    done = await place.restore(made.path, elsewhere)

    assert (done.due[Kind.WITHDRAWN], done.again.total()) == (1, 0)
    async with place.open(elsewhere) as db:
        assert not await gone(db, consultation)
        desk = Desk(db, load(), backups=place.folder)
        await expiry.hold(desk, THE_COMMAND_LINE, consultation, "dispute")
        await expiry.sweep(desk, at_once=True)
        assert not await gone(db, consultation)
        await expiry.lift(desk, THE_COMMAND_LINE, consultation)
        await expiry.sweep(desk, at_once=True)  # the control
        assert await gone(db, consultation)


@pytest.mark.parametrize("noted", [True, False])
async def test_a_hold_set_after_the_backup_stands_after_it_came_back(place, elsewhere, noted):
    async with place.open() as db:
        consultation = await place.withdrawn(db)
        made = place.backup()
        await expiry.hold(Desk(db, load(), backups=place.folder), THE_COMMAND_LINE, consultation, "dispute")
    if not noted:
        (place.folder / holds_log.NAME).unlink()  # the control

    await place.restore(made.path, elsewhere)

    place.clock.now = datetime(2028, 4, 2, tzinfo=UTC)
    async with place.open(elsewhere) as db:
        async with db.reading() as ask:
            held = await ask.destructions.held(consultation)
        await expiry.sweep(Desk(db, load(), backups=place.folder), at_once=True)
        assert await gone(db, consultation) == (not noted)
    assert (held.reason if held else None) == ("dispute" if noted else None)


async def test_a_hold_lifted_after_the_backup_stays_lifted(place, elsewhere):
    async with place.open() as db:
        desk = Desk(db, load(), backups=place.folder)
        consultation = await place.withdrawn(db)
        await expiry.hold(desk, THE_COMMAND_LINE, consultation, "dispute")
        made = place.backup()
        place.clock.advance(minutes=1)
        await expiry.lift(desk, THE_COMMAND_LINE, consultation)

    await place.restore(made.path, elsewhere)

    async with place.open(elsewhere) as db, db.reading() as ask:
        assert await ask.destructions.held(consultation) is None


async def test_the_note_of_what_is_held_back_names_nobody_and_says_it_once(place):
    place.folder.mkdir()
    async with place.open() as db:
        desk = Desk(db, load(), backups=place.folder)
        consultation = await place.withdrawn(db)
        for _ in range(2):
            await expiry.hold(desk, THE_COMMAND_LINE, consultation, "dispute")
    told = (place.folder / holds_log.NAME).read_text()
    assert len(told.split("\n\n")) == 1
    assert consultation not in told
    assert told.count("dispute") == 1


async def test_one_that_was_open_when_the_backup_was_made_does_not_wait_for_a_call_again(place, elsewhere):
    """A consultation withdrawn and destroyed within the days of grace, where the rule says a few days only."""
    short = load().retention.model_copy(update={"withdrawn": type(load().retention.withdrawn)(days=1)})
    there = load().model_copy(update={"retention": short})
    async with place.open() as db:
        desk = Desk(db, there, backups=place.folder)
        consultation = await place.asked(db)
        made = place.backup()
        await closing.withdraw(desk, TAKAGI, consultation)
        place.clock.advance(days=2)
        await expiry.sweep(desk, at_once=True)

    await restoring.restore(made.path, elsewhere, MASTER_KEY, there, place.folder, clock=place.clock)

    async with place.open(elsewhere) as db, db.reading() as ask:
        assert await ask.consultations.waiting() == []
        assert (await ask.consultations.get(consultation)).status == "withdrawn"


async def test_a_copy_put_back_by_hand_is_cleaned_by_the_next_sweep(tmp_path, clock):
    place = Place(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path, clock)
    async with place.open() as db:
        consultation = await place.withdrawn(db)
        place.backup()
    shutil.copy(tmp_path / "desk.db", tmp_path / "by-hand.db")
    clock.now = datetime(2028, 4, 2, tzinfo=UTC)
    async with place.open() as db:
        await expiry.sweep(place.desk(db), at_once=True)

    async with place.open(f"sqlite:///{tmp_path / 'by-hand.db'}") as db:
        await expiry.sweep(
            place.desk(db)
        )  # its clock is not believed yet; what was destroyed goes all the same
        assert await gone(db, consultation)
