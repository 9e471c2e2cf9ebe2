"""A file that only the master key opens: a header anybody may read, sealed chunks, and a sealed end.

Nothing of it is believed before its end was read: a file that was cut, changed, or put together from two is refused.
"""

import hashlib
import hmac
import json
import os
import secrets
import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"YORISOI BACKUP 1\n"
CHUNK = 1 << 20
_LENGTH = struct.Struct(">I")
_LONGEST_HEADER = 1 << 16
_LAST = 1 << 63  # in the number of the end: no chunk can be taken for it


class BackupRefused(Exception):
    """It cannot be used. `why` in one word, with the facts its sentence needs."""

    def __init__(self, why: str, **facts: Any) -> None:
        self.why = why
        self.facts = facts
        super().__init__(why)


def write(path: Path, master_key: bytes, header: Mapping[str, Any], body: Iterable[bytes], end: Any) -> None:
    """Write a whole file or none: sealed beside its place, put on the disk, then given its name.

    `end` is asked for once `body` is used up: what it gives (JSON) is sealed last, with the hash over the body.
    """
    told = {**header, "salt": secrets.token_hex(16)}
    head = json.dumps(told, sort_keys=True).encode()
    draft = path.with_name(path.name + ".part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(MAGIC + _LENGTH.pack(len(head)) + head)
            seal, digest = _Sealer(master_key, head), hashlib.sha256()
            for number, chunk in enumerate(_evenly(body)):
                digest.update(chunk)
                _put(file, seal.seal(number, chunk))
            _put(file, seal.seal(_LAST, json.dumps({"sha256": digest.hexdigest(), "end": end()}).encode()))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        on_the_disk(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def header_of(path: Path) -> dict[str, Any]:
    """Give the header. It is believed only when the rest is read. Raises BackupRefused: not_there, no_backup."""
    with _opened(path) as file:
        return _header(file)[1]


class Reader:
    """A sealed file, opened: iterate over its body, then `end` holds what was written last.

    Raises BackupRefused: not_there, no_backup, wrong_key, damaged. Until the iteration is over nothing is proven.
    """

    def __init__(self, path: Path, master_key: bytes) -> None:
        self._path = path
        self._key = master_key
        self.header = header_of(path)
        self.end: Any = None

    def __iter__(self) -> Iterator[bytes]:
        with _opened(self._path) as file:
            head, _ = _header(file)
            seal, digest, number = _Sealer(self._key, head), hashlib.sha256(), 0
            sealed, following = _take(file), _take(file)
            while following is not None:
                chunk = seal.open(number, sealed)
                digest.update(chunk)
                yield chunk
                sealed, following, number = following, _take(file), number + 1
            told = json.loads(seal.open(_LAST, sealed))
        if told["sha256"] != digest.hexdigest():
            raise BackupRefused("damaged")
        self.end = told["end"]


class _Sealer:
    """Seals chunks by their number, under a key of this file's own."""

    def __init__(self, master_key: bytes, head: bytes) -> None:
        salt = hashlib.sha256(head).digest()
        self._cipher = AESGCM(hmac.new(master_key, b"yorisoi backup " + salt, "sha256").digest())
        self._head = salt

    def seal(self, number: int, plain: bytes) -> bytes:
        return self._cipher.encrypt(number.to_bytes(12), plain, self._head)

    def open(self, number: int, sealed: bytes | None) -> bytes:
        try:
            return self._cipher.decrypt(number.to_bytes(12), sealed or b"", self._head)
        except (InvalidTag, ValueError):
            pass
        raise BackupRefused("damaged")


def on_the_disk(folder: Path) -> None:
    """Let the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError:
        pass
    raise BackupRefused("not_there", path=path)


def _header(file: BinaryIO) -> tuple[bytes, dict[str, Any]]:
    try:
        if file.read(len(MAGIC)) != MAGIC:
            raise BackupRefused("no_backup")
        (length,) = _LENGTH.unpack(file.read(_LENGTH.size))
        head = file.read(min(length, _LONGEST_HEADER))
        return head, dict(json.loads(head))
    except (ValueError, struct.error):
        pass
    raise BackupRefused("damaged")


def _put(file: BinaryIO, sealed: bytes) -> None:
    file.write(_LENGTH.pack(len(sealed)) + sealed)


def _take(file: BinaryIO) -> bytes | None:
    """The next sealed piece, or None at the end of the file."""
    length = file.read(_LENGTH.size)
    if not length:
        return None
    if len(length) < _LENGTH.size:
        raise BackupRefused("damaged")
    (size,) = _LENGTH.unpack(length)
    sealed = file.read(min(size, 2 * CHUNK))
    if len(sealed) != size:
        raise BackupRefused("damaged")
    return sealed


def _evenly(body: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks of one size."""
    held = bytearray()
    for piece in body:
        held += piece
        while len(held) >= CHUNK:
            yield bytes(held[:CHUNK])
            del held[:CHUNK]
    if held:
        yield bytes(held)
