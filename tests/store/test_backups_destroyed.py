"""A backup is never a way back for what was destroyed, nor around what is held back."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.retention import Kind
from bot.domain.staff import THE_COMMAND_LINE
from bot.organisation import load
from bot.store import destroyed_log, holds_log
from bot.store.backups import BackupRefused
from bot.usecases import closing, expiry, restoring
from bot.usecases.desk import Desk
from tests.databases import MASTER_KEY
from tests.store.places import TAKAGI, Place, destroyed_after_a_backup, gone


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
