"""Backups: whole, sealed, and put back only where and while they may be."""

import pytest

from bot.domain.staff import THE_CLOCK
from bot.store import backups
from bot.store.backups import BackupRefused
from tests.databases import MASTER_KEY, sqlite_path
from tests.store.places import GRACE, OTHER_KEY, PLANTED, Place


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
