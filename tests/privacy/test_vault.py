"""The vault: what it seals opens at its place, under its key, unaltered, and nowhere else."""

import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.privacy.vault import NotReadable, Vault, WrongMaster, master_key_from, new_master_key

MASTER = bytes(range(32))
TEXT = "山田花子さん、090-1234-5678"


@pytest.fixture
def vault():
    return Vault(MASTER)


@pytest.fixture
def key(vault):
    return vault.unwrap("c1", vault.new_key("c1"))


@settings(max_examples=60, deadline=None)
@given(text=st.text(), place=st.tuples(st.text(), st.text(), st.text()))
def test_whatever_is_sealed_opens_again(text, place):
    vault = Vault(MASTER)
    key = vault.unwrap("c1", vault.new_key("c1"))
    try:
        text.encode()
        "".join(place).encode()
    except UnicodeEncodeError:
        return
    assert key.open(*place, key.seal(*place, text)) == text


def test_the_same_text_never_looks_the_same(key):
    assert len({key.seal("t", "c", "r", TEXT) for _ in range(50)}) == 50


@pytest.mark.parametrize(
    "place", [("u", "c", "r"), ("t", "d", "r"), ("t", "c", "s"), ("tc", "", "r"), ("t", "cr", "")]
)
def test_moved_to_another_place_it_does_not_open(key, place):
    sealed = key.seal("t", "c", "r", TEXT)
    with pytest.raises(NotReadable):
        key.open(*place, sealed)
    assert key.open("t", "c", "r", sealed) == TEXT  # the control


def test_under_another_owners_key_it_does_not_open(vault, key):
    other = vault.unwrap("c2", vault.new_key("c2"))
    with pytest.raises(NotReadable):
        other.open("t", "c", "r", key.seal("t", "c", "r", TEXT))


def test_every_altered_letter_is_noticed(key):
    sealed = key.seal("t", "c", "r", TEXT)
    for index in range(len(sealed) - 4):  # the last may hold bits that do not count
        changed = "A" if sealed[index] != "A" else "B"
        with pytest.raises(NotReadable):
            key.open("t", "c", "r", sealed[:index] + changed + sealed[index + 1 :])


@pytest.mark.parametrize("nonsense", ["", "v1.", "v1.AAAA", "v2." + "A" * 80, "山", TEXT])
def test_nonsense_is_not_readable(key, nonsense):
    with pytest.raises(NotReadable):
        key.open("t", "c", "r", nonsense)


def test_a_wrapped_key_belongs_to_its_owner_and_its_master(vault):
    wrapped = vault.new_key("c1")
    with pytest.raises(WrongMaster):
        vault.unwrap("c2", wrapped)
    with pytest.raises(WrongMaster):
        Vault(bytes(32)).unwrap("c1", wrapped)


def test_rewrapping_changes_the_master_and_nothing_sealed(vault):
    wrapped = vault.new_key("c1")
    sealed = vault.unwrap("c1", wrapped).seal("t", "c", "r", TEXT)
    new = Vault(bytes(range(1, 33)))

    rewrapped = vault.rewrap_all({"c1": wrapped}, new)["c1"]

    assert new.unwrap("c1", rewrapped).open("t", "c", "r", sealed) == TEXT
    with pytest.raises(WrongMaster):
        vault.unwrap("c1", rewrapped)


def test_the_canary_knows_its_master(vault):
    assert vault.knows(vault.canary())
    assert not Vault(bytes(32)).knows(vault.canary())
    assert not vault.knows("v1.nonsense")


@pytest.mark.parametrize("text", ["", "short", "A" * 44, "!" * 44, "A" * 43 + "=", "あ" * 44])
def test_what_is_no_master_key(text):
    if text == "A" * 43 + "=":
        assert master_key_from(text) == bytes(32)  # the control: 32 bytes in base64 are one
    else:
        with pytest.raises(WrongMaster):
            master_key_from(text)
    with pytest.raises(WrongMaster):
        Vault(text.encode()[:31])


def test_a_new_master_key_is_one():
    assert len(master_key_from(new_master_key() + "\n")) == 32
    assert new_master_key() != new_master_key()


def test_neither_text_nor_key_is_ever_shown(vault, key, caplog):
    sealed = key.seal("t", "c", "r", TEXT)
    shown = [repr(vault), repr(key), str(vault.__class__), vault.master_id]
    for attempt in (
        lambda: key.open("u", "c", "r", sealed),
        lambda: Vault(bytes(32)).unwrap("c1", vault.new_key("c1")),
        lambda: Vault(MASTER + b"x"),
    ):
        try:
            attempt()
        except (NotReadable, WrongMaster) as error:
            shown.append(repr(error) + repr(error.__context__) + repr(error.__cause__))
            logging.getLogger("t").error("x", exc_info=error)
    told = "".join(shown) + caplog.text
    assert "花子" not in told
    assert MASTER.hex() not in told
    assert repr(MASTER)[2:-1] not in told
