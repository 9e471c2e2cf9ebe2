"""Sealing what must not be read: a master key wraps one data key per owner, data keys seal single fields.

A sealed field is bound to its table, column and row: moved anywhere else it no longer opens. Destroying the
wrapped data key makes all that was sealed under it unreadable for ever.
"""

import base64
import binascii
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_MARK = "v1."
_CANARY = b"the desk can read"


class VaultError(Exception):
    """Base of what the vault can say; never holds text or key."""


class NotReadable(VaultError):
    """Altered, cut, moved to another place, or sealed under another key."""


class WrongMaster(VaultError):
    """The master key is not the one that wrapped this, or is no key of 32 bytes."""


class DataKey:
    """The key of one owner, unwrapped. Lives in memory only, and is never shown."""

    __slots__ = ("_cipher", "_secret")

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._secret = hashlib.sha256(b"yorisoi fingerprint " + key).digest()

    def fingerprint(self, purpose: str, text: str) -> str:
        """Give 32 characters that are the same for the same text, and tell nobody without this key which."""
        return _fingerprint(self._secret, purpose, text)

    def seal(self, table: str, column: str, row: str, text: str) -> str:
        """Give `text` as sealed ASCII, different each time."""
        return _seal(self._cipher, _place(table, column, row), text.encode())

    def open(self, table: str, column: str, row: str, sealed: str) -> str:
        """Give the text back. Raises NotReadable."""
        return _open(self._cipher, _place(table, column, row), sealed).decode()


class Vault:
    """Holds the master key (32 bytes) and makes, wraps and unwraps the owners' data keys."""

    __slots__ = ("_cipher", "_master", "master_id")

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != KEY_BYTES:
            raise WrongMaster
        self._cipher = AESGCM(master_key)
        self._master = hashlib.sha256(b"yorisoi fingerprint " + master_key).digest()
        self.master_id = hashlib.sha256(b"yorisoi master " + master_key).hexdigest()[:16]

    def __repr__(self) -> str:
        return f"Vault({self.master_id})"

    def new_key(self, owner: str) -> str:
        """Make a data key for `owner` and give it wrapped, fit to be stored."""
        return self._wrap(owner, secrets.token_bytes(KEY_BYTES))

    def unwrap(self, owner: str, wrapped: str) -> DataKey:
        """Give the owner's key, ready to use. Raises WrongMaster."""
        return DataKey(self._unwrap(owner, wrapped))

    def rewrap(self, owner: str, wrapped: str, new: "Vault") -> str:
        """Wrap the same data key under another master, so that what it sealed stays readable."""
        return new._wrap(owner, self._unwrap(owner, wrapped))  # noqa: SLF001 - its own kind

    def rewrap_all(self, wrapped: dict[str, str], new: "Vault") -> dict[str, str]:
        """Rewrap every owner's key (owner → wrapped), all or none. Raises WrongMaster."""
        return {owner: self.rewrap(owner, key, new) for owner, key in wrapped.items()}

    def fingerprint(self, purpose: str, text: str) -> str:
        """Give 32 characters that are the same for the same text under this master key: for what is short-lived."""
        return _fingerprint(self._master, purpose, text)

    def canary(self) -> str:
        """Give a sealed word that only this master key opens."""
        return _seal(self._cipher, b"canary", _CANARY)

    def knows(self, canary: str) -> bool:
        """Whether `canary` was made under this master key."""
        try:
            return _open(self._cipher, b"canary", canary) == _CANARY
        except NotReadable:
            return False

    def _wrap(self, owner: str, key: bytes) -> str:
        return _seal(self._cipher, _place("key", owner), key)

    def _unwrap(self, owner: str, wrapped: str) -> bytes:
        try:
            return _open(self._cipher, _place("key", owner), wrapped)
        except NotReadable:
            pass
        raise WrongMaster


def new_master_key() -> str:
    """Make a master key as base64 text, fit for an environment variable or a file."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def master_key_from(text: str) -> bytes:
    """Read a master key from base64 text. Raises WrongMaster."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise WrongMaster
    return key


def _fingerprint(secret: bytes, purpose: str, text: str) -> str:
    return hmac.new(secret, _place(purpose, text), "sha256").hexdigest()[:32]


def _place(*parts: str) -> bytes:
    """Name a place unambiguously: each part with its length, so that no two places read alike."""
    return b"".join(len(part.encode()).to_bytes(4) + part.encode() for part in parts)


def _seal(cipher: AESGCM, place: bytes, plain: bytes) -> str:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _MARK + base64.urlsafe_b64encode(nonce + cipher.encrypt(nonce, plain, place)).decode()


def _open(cipher: AESGCM, place: bytes, sealed: str) -> bytes:
    if not sealed.startswith(_MARK):
        raise NotReadable
    try:
        raw = base64.b64decode(sealed.removeprefix(_MARK), altchars=b"-_", validate=True)
        return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], place)
    except (InvalidTag, ValueError, binascii.Error):
        pass
    raise NotReadable
