"""Sealed files, the note beside them, and the copy in between."""

import sqlite3
from datetime import UTC, datetime

import pytest

from bot.store import destroyed_log, sealed_file
from bot.store.destructions import Mark
from bot.store.sealed_file import BackupRefused
from tests.databases import MASTER_KEY


def test_a_note_that_was_cut_off_in_the_middle_loses_nothing_else(tmp_path):
    at = datetime(2026, 11, 24, tzinfo=UTC)
    marks = [Mark(at, f"{n:032x}") for n in range(3)]
    destroyed_log.add(tmp_path, marks[:2])
    path = tmp_path / destroyed_log.NAME
    path.write_bytes(path.read_bytes()[:-20])

    assert destroyed_log.add(tmp_path, marks) == 2
    assert destroyed_log.read(tmp_path) == {mark.name for mark in marks}
    assert destroyed_log.add(tmp_path, marks) == 0


def test_the_sealed_file_holds_any_length(tmp_path):
    for size in (0, 1, sealed_file.CHUNK, sealed_file.CHUNK + 1, 3 * sealed_file.CHUNK):
        path = tmp_path / f"{size}"
        sealed_file.write(path, MASTER_KEY, {"a": 1}, [b"x" * size], lambda: {"rows": 3})
        reader = sealed_file.Reader(path, MASTER_KEY)
        assert b"".join(reader) == b"x" * size
        assert reader.end == {"rows": 3}


def test_chunks_of_two_files_cannot_be_mixed(tmp_path):
    for name in "ab":
        sealed_file.write(tmp_path / name, MASTER_KEY, {"a": 1}, [name.encode() * 10], dict)
    a, b = (tmp_path / name for name in "ab")
    cut = a.read_bytes().index(b"}") + 1

    b.write_bytes(b.read_bytes()[:cut] + a.read_bytes()[cut:])

    with pytest.raises(BackupRefused, match="damaged"):
        list(sealed_file.Reader(b, MASTER_KEY))


def test_the_copy_in_between_holds_no_deleted_page(tmp_path):
    """VACUUM INTO copies rows, not pages: a key that was destroyed is not in a backup made afterwards."""
    path = tmp_path / "x.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("CREATE TABLE t (a TEXT)")
        connection.execute("INSERT INTO t VALUES ('verraten-1234567890')")
        connection.commit()
        connection.execute("DELETE FROM t")
        connection.commit()
        connection.execute("VACUUM INTO ?", (str(tmp_path / "y.db"),))
    connection.close()

    assert b"verraten-1234567890" in path.read_bytes()
    assert b"verraten-1234567890" not in (tmp_path / "y.db").read_bytes()
