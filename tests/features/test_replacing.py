"""A name was left in a record: whoever sees it says so, a coordinator writes it anew, and the old words are gone."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.casework import Contact
from bot.domain.refusals import Initials, NotAllowed, NotFound, NotYourRole
from bot.domain.staff import THE_CLOCK
from bot.privacy.uniqueness import key_of
from bot.store.database import ConstraintBroken, StatementFailed
from bot.usecases import (
    closing,
    precedents,
    record_gate,
    record_reviews,
    record_trail,
    records,
    replacing,
)
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import Identified
from bot.usecases.record_gate import Unusual
from bot.usecases.record_reviews import RELEASED, WITHHELD
from bot.usecases.records import Said
from tests.desk import COORDINATORS

LEFT = "もじゃが訪問を断る。"  # a nickname that the desk does not know for a name
MENDED = "ご本人が訪問を断る。"
NAMES = Confirmed()
FROZEN = (StatementFailed, ConstraintBroken)
OFFERED = Said("senior", "female", "alone", "approach", agreement="person", offered=True)


async def kept(desk, said=OFFERED, text=LEFT, by="U_SATO", **given) -> str:
    """A record in which a name was left; its id."""
    number = await desk.given_closed(by, **given)
    author = await desk.actor(by)
    record = await records.confirm(desk.bot.desk, author, await desk.id_of(number), {"situation": text}, said)
    await desk.settle()
    return record.id


async def decides(desk, who, record, word):
    return await record_reviews.decide(desk.bot.desk, await desk.actor(who), record, word)


async def replaces(desk, record, text=MENDED, who="U_YAMAMOTO", **more):
    actor = await desk.actor(who)
    return await replacing.in_its_place(
        desk.bot.desk, actor, record, {"situation": text}, names=NAMES, **more
    )


async def row(desk, record) -> dict:
    [found] = await desk.rows("SELECT * FROM records WHERE id = :id", id=record)
    return found


async def verified(desk) -> tuple[str, ...]:
    async with desk.db.reading() as ask:
        return await record_trail.verify(ask)


async def test_the_second_reader_says_so_and_the_coordinator_writes_it_anew(desk):
    record = await kept(desk)
    await desk.suzuki.open_home()
    await desk.suzuki.presses("record.read", record, where="home")

    await desk.suzuki.presses("record.name", where="view")

    assert "気づいてくださって、ありがとうございます" in await desk.suzuki.reads("view")
    assert "名前などが残っていると知らせがありました" in await desk.sato.reads()
    assert "名前などが残っていると知らせがありました" in await desk.yamamoto.reads(COORDINATORS)
    await desk.yamamoto.open_home()
    assert "書き直していただきたい記録" in await desk.yamamoto.reads("home")
    await desk.yamamoto.presses("record.replace", record, where="home")
    await desk.yamamoto.fills_and_sends(situation=MENDED)

    assert "もとの文を消しました" in await desk.yamamoto.reads("view")
    [new] = await desk.rows("SELECT * FROM records WHERE id <> :id", id=record)
    assert (new["situation"], new["confirmed_by"]) == (MENDED, "U_YAMAMOTO")
    assert (await row(desk, record))["situation"] == ""
    await desk.yamamoto.open_home()
    assert "書き直していただきたい記録" not in await desk.yamamoto.reads("home")
    await desk.sato.open_home()
    assert "確認をお願いしたい事例" in await desk.sato.reads("home")  # it was offered, and is again
    trail = await desk.trail()
    assert trail.count("record.named") == trail.count("record.replaced") == 1


async def test_the_words_leave_the_file_of_the_database(sqlite_desk):
    desk = sqlite_desk
    record = await kept(desk)
    place = desk.url.removeprefix("sqlite:///")

    def there() -> bool:
        files = [Path(place + end) for end in ("", "-wal")]
        return any("もじゃが訪問".encode() in each.read_bytes() for each in files if each.exists())

    other = await kept(desk, text="訪問の日を決めかねる。", by="U_SUZUKI", supporter="U_KITAMURA")
    await replaces(desk, other)
    assert there()  # the control: it was another one that was replaced

    await replaces(desk, record)
    assert not there()


async def test_a_released_one_is_found_by_nobody_from_then_on(desk):
    record = await kept(desk)
    await decides(desk, "U_SUZUKI", record, RELEASED)
    mori = await desk.actor("U_MORI")

    await replacing.name(desk.bot.desk, mori, record)
    await desk.settle()

    assert await desk.how_many("precedents") == 0
    with pytest.raises(NotFound):
        await precedents.one(desk.bot.desk, mori, record)
    new = await replaces(desk, record, offered=True)
    await decides(
        desk, "U_SATO", new.id, RELEASED
    )  # its first author may be the second reader of the new one
    assert await desk.rows("SELECT record FROM precedents") == [{"record": new.id}]


@pytest.mark.parametrize("stage", ["kept", RELEASED, WITHHELD])
async def test_once_it_was_replaced_nobody_reads_decides_or_names_the_old_one(sqlite_desk, stage):
    desk = sqlite_desk
    record = await kept(desk)
    if stage != "kept":
        await decides(desk, "U_SUZUKI", record, stage)
    new = await replaces(desk, record)
    yamamoto = await desk.actor("U_YAMAMOTO")

    with pytest.raises(NotFound):
        await record_reviews.read(desk.bot.desk, yamamoto, record)
    with pytest.raises(NotFound):
        await replacing.name(desk.bot.desk, yamamoto, record)
    with pytest.raises(NotFound):
        await replacing.open_again(desk.bot.desk, yamamoto, record)
    with pytest.raises(NotFound):
        await decides(desk, "U_SUZUKI", record, RELEASED)
    assert (await record_reviews.read(desk.bot.desk, yamamoto, new.id)).record == new  # the control


async def test_sent_twice_it_is_kept_once(desk):
    record = await kept(desk)

    first, second = await replaces(desk, record), await replaces(desk, record, "ちがう文。")

    assert first == second
    assert await desk.how_many("records") == 2


async def test_two_who_write_it_anew_at_once_keep_one(desk, monkeypatch):
    """The second is taken between the reading and the keeping of the first."""
    record = await kept(desk)
    real, others = record_gate.checked, []

    async def slow(*asked):
        kinds = await real(*asked)
        monkeypatch.setattr(record_gate, "checked", real)
        if not others:
            others.append(await replaces(desk, record, "ちがう文。"))
        return kinds

    monkeypatch.setattr(record_gate, "checked", slow)

    assert [await replaces(desk, record)] == others
    assert others[0].situation == "ちがう文。"
    assert await desk.how_many("records") == 2


async def test_named_twice_they_hear_of_it_once(sqlite_desk):
    desk = sqlite_desk
    record = await kept(desk)

    for who in ("U_SUZUKI", "U_YAMAMOTO", "U_SATO"):
        await replacing.name(desk.bot.desk, await desk.actor(who), record)
    await desk.settle()

    assert (await desk.sato.reads()).count("知らせがありました") == 1
    assert (await desk.trail()).count("record.named") == 1


async def test_its_author_may_say_so_too_and_nobody_need_look_at_it_any_more(sqlite_desk):
    desk = sqlite_desk
    record = await kept(desk)

    await replacing.name(desk.bot.desk, await desk.actor("U_SATO"), record)

    await desk.suzuki.open_home()
    assert "確認をお願いしたい事例" not in await desk.suzuki.reads("home")
    with pytest.raises(NotFound):
        await decides(desk, "U_SUZUKI", record, RELEASED)


async def test_the_same_gate_keeps_what_is_written_anew(sqlite_desk):
    desk = sqlite_desk
    record = await kept(desk)

    with pytest.raises(Identified):
        await replaces(desk, record, "中川ヨシ江さんが訪問を断る。")

    assert (await row(desk, record))["situation"] == LEFT
    assert await desk.how_many("records") == 1


async def test_letters_of_the_old_words_pass_and_initials_do_not(sqlite_desk):
    desk = sqlite_desk
    record = await kept(desk, replace(OFFERED, letters="C"), text="CさんはX年に訪問を断る。")

    for initial in ("X", "Y"):  # the sign for a year stands for nobody
        with pytest.raises(Initials):
            await replaces(desk, record, f"{initial}さんが訪問を断る。")
    assert await desk.how_many("records") == 1
    assert await replaces(desk, record, "Cさんが訪問を断る。")  # the control


async def test_a_name_of_the_case_is_kept_out_though_the_desk_takes_it_for_a_word(sqlite_desk):
    desk = sqlite_desk
    record = await kept(desk, text=MENDED, contact=Contact(name="もじゃ", phone="090-1234-5678"))
    other = await kept(desk, text=MENDED, by="U_SUZUKI", supporter="U_KITAMURA")

    with pytest.raises(Identified):
        await replaces(desk, record, LEFT)
    assert await replaces(desk, other, LEFT)  # the control: nobody is called so there


async def test_an_unusual_fact_needs_a_word_and_a_second_person(sqlite_desk):
    desk = sqlite_desk
    record = await kept(desk, Said(agreement="person"))
    text = "猫が23匹いる。"

    with pytest.raises(Unusual):
        await replaces(desk, record, text)
    new = await replaces(desk, record, text, standing=frozenset({("situation", "23匹")}))

    assert new.unusual
    assert (await desk.rows("SELECT record FROM record_reviews")) == [{"record": new.id}]


@pytest.mark.parametrize("person", ["U_SATO", "U_SUZUKI", "U_TANAKA", "U_TAKAGI", "U_ADMIN", "U_KONDO"])
async def test_only_a_coordinator_writes_it_anew(sqlite_desk, person):
    desk = sqlite_desk
    record = await kept(desk)

    with pytest.raises(NotYourRole):
        await replaces(desk, record, who=person)
    with pytest.raises(NotYourRole):
        await replacing.open_again(desk.bot.desk, await desk.actor(person), record)
    await desk.person(person).presses_anyway("record.replace", record)

    assert await desk.how_many("records") == 1


@pytest.mark.parametrize("person", ["U_TANAKA", "U_TAKAGI", "U_ADMIN", "U_KONDO"])
async def test_no_other_role_says_so(sqlite_desk, person):
    desk = sqlite_desk
    record = await kept(desk)

    with pytest.raises(NotYourRole):
        await replacing.name(desk.bot.desk, await desk.actor(person), record)
    assert await desk.how_many("record_replacements") == 0


async def test_who_may_not_read_it_says_nothing_about_it(sqlite_desk):
    desk = sqlite_desk
    record = await kept(desk, Said(agreement="person"))

    with pytest.raises(NotAllowed):
        await replacing.name(desk.bot.desk, await desk.actor("U_MORI"), record)


# What stays frozen


@pytest.mark.parametrize("replaced", [False, True])
async def test_nothing_but_the_words_of_a_replaced_record_can_be_erased(desk, replaced):
    record = await kept(desk)
    if replaced:
        await replaces(desk, record)
    before = await row(desk, record)

    for column in before:
        with pytest.raises(FROZEN):
            await _says(desk, f"UPDATE records SET {column} = 'x' WHERE id = '{record}'")
    with pytest.raises(FROZEN):
        await _says(desk, f"DELETE FROM records WHERE id = '{record}'")
    assert await row(desk, record) == before


async def test_words_are_not_erased_while_nothing_stands_in_their_place(desk):
    record = await kept(desk)
    await replacing.name(desk.bot.desk, await desk.actor("U_SUZUKI"), record)

    with pytest.raises(FROZEN):
        await _says(desk, "UPDATE records SET situation = '', formulation = '', advice = '', outcome = ''")

    assert (await row(desk, record))["situation"] == LEFT
    new = await replaces(desk, record)
    with pytest.raises(FROZEN):
        await _says(desk, "UPDATE record_replacements SET replaced_by = NULL")
    assert (await row(desk, new.id))["situation"] == MENDED


async def _says(desk, sql: str) -> None:
    async with desk.db.transaction(THE_CLOCK) as tx:
        await tx.connection.rows(sql, {})


async def test_the_trail_still_vouches_for_what_stays(desk):
    record = await kept(desk)
    await record_trail.note(desk.bot.desk)

    new = await replaces(desk, record)
    await record_trail.note(desk.bot.desk)

    assert await verified(desk) == ()
    async with desk.db.reading() as ask:
        told = {
            each.subject: each.detail for each in await ask.audit.trail() if each.event == "record.replaced"
        }
    before = await row(desk, record)
    assert told == {record: {"by": new.id, "hash": before["hash"]}}


async def test_replaced_again_the_newest_stands_for_all(desk):
    record = await kept(desk)
    second = await replaces(desk, record)

    third = await replaces(desk, second.id, "ある人が訪問を断る。")

    rows = await desk.rows("SELECT record, replaced_by FROM record_replacements")
    assert {(each["record"], each["replaced_by"]) for each in rows} == {
        (record, third.id), (second.id, third.id)
    }  # fmt: skip
    assert await replaces(desk, record) == third
    assert await desk.rows("SELECT record FROM record_links") == [{"record": third.id}]


async def test_it_counts_as_one_case_and_what_helped_goes_with_it(desk):
    number = await desk.given_heard()
    await desk.passes(days=14)
    await desk.takagi.presses("follow_up.hard")
    sato, consultation = await desk.actor("U_SATO"), await desk.id_of(number)
    ending = closing.Closing(("advice_closed",), "advice_closed", "resolved")
    await closing.close(desk.bot.desk, sato, consultation, ending)
    old = await records.confirm(desk.bot.desk, sato, consultation, {"situation": LEFT}, OFFERED)

    new = await replaces(desk, old.id, offered=True)

    assert new.of_case == old.of_case
    assert {each["record"] for each in await desk.rows("SELECT record FROM record_echoes")} == {new.id}
    async with desk.db.reading() as ask:
        assert await ask.records.count_like(key_of(new), 10) == 1


async def test_after_the_consultation_is_gone_it_is_written_anew_all_the_same(desk):
    record = await kept(desk)
    await _says(desk, "DELETE FROM record_links")

    assert (await replaces(desk, record)).situation == MENDED


# The author hears of it


async def test_the_author_hears_once_when_it_is_released_and_the_reader_is_thanked(desk):
    record = await kept(desk)
    await desk.suzuki.open_home()
    await desk.suzuki.presses("record.read", record, where="home")
    await desk.suzuki.presses("record.release", where="view")

    assert "確かめてくださり、ありがとうございました" in await desk.suzuki.reads("view")
    await decides(desk, "U_SUZUKI", record, RELEASED)
    await desk.settle()
    assert (await desk.sato.reads()).count("ほかの相談員にも役立てることになりました") == 1


async def test_of_one_that_is_withheld_the_author_is_not_told_that_it_helps(sqlite_desk):
    desk = sqlite_desk
    record = await kept(desk)

    await decides(desk, "U_SUZUKI", record, WITHHELD)
    await desk.settle()

    assert "役立てることになりました" not in await desk.sato.reads()
