"""What is sealed is nowhere in the clear, opens only at its place, and is gone with its key."""

import asyncio
import secrets

import pytest

from bot.domain.staff import THE_CLOCK
from bot.privacy.vault import NotReadable
from bot.store.database import open_database
from bot.store.keys import KeyDestroyed
from bot.store.trouble import StartRefused
from tests.databases import MASTER_KEY, sqlite_path

THE_KEY = "SELECT wrapped FROM data_keys WHERE owner <> 'fingerprints'"
NAME = "山田花子 09012345678 YAMADA"
PLACE = ("contacts", "name", "c1")
KEEP = "INSERT INTO ticks (name, at) VALUES (:name, :at)"


def everything_kept(url: str, request) -> bytes:
    """Every byte on the disk: file, log and lock, or all of the server's folder."""
    if url.startswith("sqlite"):
        folder = sqlite_path(url).parent
        return b"".join(each.read_bytes() for each in folder.glob("desk.db*"))
    return request.getfixturevalue("postgresql").dump(url)


async def keep(db, sealed: str, *, name: str = "here") -> None:
    async with db.transaction(THE_CLOCK) as tx:
        tx.connection.later(KEEP, {"name": name, "at": sealed})


async def sealed_by(db, owner: str = "c1", text: str = NAME) -> str:
    async with db.transaction(THE_CLOCK) as tx:
        return await tx.keys.seal(owner, *PLACE, text)


async def test_sealed_and_opened_again_by_another_session(db):
    sealed = await sealed_by(db)
    async with db.reading() as reading:
        assert await reading.keys.open("c1", *PLACE, sealed) == NAME


async def test_the_text_is_nowhere_on_the_disk(db, database_url, request):
    name = f"山田{secrets.randbits(64)}花子 {secrets.token_hex()}"  # no other test wrote it
    await keep(db, await sealed_by(db, text=name))
    kept = everything_kept(database_url, request)
    for part in name.split():
        assert part.encode() not in kept
    await keep(db, name, name="plain")  # the control: written plainly, the same search finds it
    kept = everything_kept(database_url, request)
    for part in name.split():
        assert part.encode() in kept


async def test_a_destroyed_key_takes_its_texts_along_and_no_others(db):
    first, second = await sealed_by(db, "c1"), await sealed_by(db, "c2")
    async with db.transaction(THE_CLOCK) as tx:
        assert await tx.keys.destroy("c1")
        assert not await tx.keys.destroy("c1")
    async with db.reading() as reading:
        with pytest.raises(KeyDestroyed):
            await reading.keys.open("c1", *PLACE, first)
        assert await reading.keys.open("c2", *PLACE, second) == NAME
    again = await sealed_by(db, "c1")  # a new key of the same owner does not open the old texts
    async with db.reading() as reading:
        assert await reading.keys.open("c1", *PLACE, again) == NAME
        with pytest.raises(NotReadable):
            await reading.keys.open("c1", *PLACE, first)


async def test_the_bytes_of_a_destroyed_key_leave_the_file(sqlite_db, tmp_path):
    await sealed_by(sqlite_db)
    async with sqlite_db.reading() as reading:
        (row,) = await reading.connection.rows(THE_KEY, {})
    wrapped = row["wrapped"].encode()

    def on_disk() -> bool:
        return wrapped in b"".join(each.read_bytes() for each in tmp_path.glob("desk.db*"))

    assert on_disk()
    async with sqlite_db.transaction(THE_CLOCK) as tx:
        await tx.connection.rows("DELETE FROM data_keys RETURNING owner", {})  # the control: deleting alone
    assert on_disk()
    await sqlite_db.scrub()
    assert not on_disk()

    await sealed_by(sqlite_db)
    async with sqlite_db.reading() as reading:
        (row,) = await reading.connection.rows(THE_KEY, {})
    wrapped = row["wrapped"].encode()
    async with sqlite_db.transaction(THE_CLOCK) as tx:
        await tx.keys.destroy("c1")
    assert not on_disk()


async def test_a_reader_in_the_way_only_delays_the_scrubbing(sqlite_db, tmp_path):
    await sealed_by(sqlite_db)
    await sqlite_db._engine._writer.run([("PRAGMA busy_timeout = 50", {})])
    async with sqlite_db.reading() as reading:
        (row,) = await reading.connection.rows(THE_KEY, {})
        async with sqlite_db.transaction(THE_CLOCK) as tx:
            await tx.keys.destroy("c1")
    async with sqlite_db.transaction(THE_CLOCK) as tx:  # the next act, whatever it is
        await tx.timers.set("c9", "call", tx.now)
    kept = b"".join(each.read_bytes() for each in tmp_path.glob("desk.db*"))
    assert row["wrapped"].encode() not in kept


async def test_two_who_seal_first_at_once_share_one_key(db):
    sealed = await asyncio.gather(*(sealed_by(db, "c7", f"text {n}") for n in range(10)))
    async with db.reading() as reading:
        opened = [await reading.keys.open("c7", *PLACE, each) for each in sealed]
    assert opened == [f"text {n}" for n in range(10)]


async def test_a_new_master_key_opens_everything_and_the_old_one_nothing(database_url, clock):
    new_key = bytes(range(1, 33))
    async with open_database(database_url, master_key=MASTER_KEY, clock=clock) as db:
        sealed = {owner: await sealed_by(db, owner) for owner in ("c1", "c2", "c3")}
        async with db.transaction(THE_CLOCK) as tx:
            assert await tx.keys.rewrap_all(new_key) == 4  # and the one that makes fingerprints
    async with open_database(database_url, master_key=new_key, clock=clock) as db, db.reading() as reading:
        for owner, text in sealed.items():
            assert await reading.keys.open(owner, *PLACE, text) == NAME
    with pytest.raises(StartRefused, match="wrong_key"):
        async with open_database(database_url, master_key=MASTER_KEY, clock=clock):
            pass


async def test_old_days_of_the_inbox_lose_their_keys(db, clock):
    for _ in range(5):
        async with db.transaction(THE_CLOCK) as tx:
            await tx.inbox.accept(f"e{clock.now.day}", "message", {"text": NAME})
        clock.advance(days=1)
    async with db.transaction(THE_CLOCK) as tx:
        for event in await tx.inbox.next_waiting(limit=3):
            await tx.inbox.applied(event.key)
    async with db.transaction(THE_CLOCK) as tx:
        await tx.keys.seal("c1", *PLACE, NAME)
        await tx.inbox.tidy()
    async with db.reading() as reading:
        owners = await reading.connection.rows(
            "SELECT owner FROM data_keys WHERE owner <> 'fingerprints' ORDER BY owner", {}
        )
    assert [row["owner"] for row in owners] == ["c1", "inbox:2026-11-27", "inbox:2026-11-28"]


async def test_who_was_known_by_a_fingerprint_is_known_after_the_master_key_changed(database_url, clock):
    new_key = bytes(range(1, 33))
    async with open_database(database_url, master_key=MASTER_KEY, clock=clock) as db:
        async with db.transaction(THE_CLOCK) as tx:
            known, other = (
                await tx.keys.fingerprint("attendee", NAME),
                await tx.keys.fingerprint("name", NAME),
            )
            short_lived = tx.vault.fingerprint("attendee", NAME)
            await tx.keys.rewrap_all(new_key)
        assert NAME not in known
        assert known != other
    async with open_database(database_url, master_key=new_key, clock=clock) as db, db.reading() as ask:
        assert await ask.keys.fingerprint("attendee", NAME) == known
        assert (
            ask.vault.fingerprint("attendee", NAME) != short_lived
        )  # the control: made with the master key itself
