"""The record that stays, drawn up from everything that was written, without anybody in it."""

import pytest

from bot.domain.casework import Contact
from bot.domain.staff import THE_CLOCK
from bot.privacy import beside
from bot.store.records import SQL
from bot.store.rows import encode
from bot.usecases import case_names, closing, hearing, records
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import Identified
from bot.usecases.records import Said
from tests.records import chosen, closes, confirms_for, opens, typed


async def test_unusual_facts_are_general_words_and_what_the_text_tells_is_filled_in(desk):
    await opens(desk)

    assert "父はある仕事で、借金がまとまった額あります。" in await typed(desk.sato, "situation")
    told = await desk.sato.reads("view")
    assert "住職 → ある仕事（めずらしい仕事・役職）" in told
    assert "253万円 → まとまった額（はっきりした金額）" in told
    assert [await chosen(desk.sato, name) for name in ("age_band", "sex", "household", "theme")] == [
        "senior", "female", "alone", "approach",
    ]  # fmt: skip
    assert await chosen(desk.sato, "agreement") is None  # nobody says for a person that others agreed


async def test_letters_and_years_are_the_same_in_all_four_texts(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_closed(
        story="Aさんは訪問を断る。令和3年に退職した。",
        formulation="令和5年から、Aさんの不安が強い。",
        contact=Contact(name="高木まどか", phone="090-1234-5678"),
    )

    proposal = await records.propose(desk.bot.desk, await desk.actor("U_SATO"), await desk.id_of(number))

    assert proposal.situation == "Aさんは訪問を断る。X年に退職した。"
    assert proposal.formulation == "X+2年から、Aさんの不安が強い。"
    assert proposal.letters == "A"
    assert [span.label for seen in proposal.seen.values() for span in seen.spans] == ["DATE", "DATE"]


async def test_whoever_asked_is_called_so(sqlite_desk):
    """Whatever letter stood for them in the notes."""
    desk = sqlite_desk
    number = await desk.given_closed(
        contact=Contact(name="湖北花子", phone="090-1234-5678"), story="Aは疲れている。BはAを拒む。"
    )
    consultation = await desk.id_of(number)
    async with desk.db.transaction(await desk.actor("U_SATO")) as tx:
        name = case_names.Known("湖北花子", case_names.Label.PERSON, "A")
        await case_names.confirm(tx, consultation, Confirmed(names=(name,)))

    proposal = await records.propose(desk.bot.desk, await desk.actor("U_SATO"), consultation)

    assert proposal.situation == "相談者は疲れている。Bは相談者を拒む。"


async def test_how_many_are_alike_is_said_in_words(sqlite_desk):
    desk = sqlite_desk
    await opens(desk)
    assert "まだ少ないため、検索では、地域や年代などを伏せて示します" in await desk.sato.reads("view")
    await desk.sato.close(clear=True)
    async with desk.db.transaction(THE_CLOCK) as tx:
        [row] = await tx.connection.rows("SELECT id FROM consultations", {})
        consultation = await tx.consultations.get(row["id"])
        for _ in range(12):
            said = Said("senior", "female", "alone", "approach")
            read = records.Screened({"situation": "訪問を断られる。"})
            await SQL.add(tx.connection, **encode(records._record(tx, consultation, read, said, ())))

    await desk.sato.open_home()
    await desk.sato.presses("record.open", where="home")
    assert "同じような事例は、いま 12件あります" in await desk.sato.reads("view")
    await desk.sato.fills_and_sends(agreement="person")

    [newest] = await desk.rows("SELECT likeness FROM records WHERE agreement = 'person'")
    assert newest["likeness"] == 13


async def test_ever_so_many_words_are_drawn_up_in_time(sqlite_desk):
    """A year of notes: each text is cut aloud, and nothing is kept until a person has read it."""
    desk = sqlite_desk
    number = await desk.given_heard(advice="い" * 2900)
    sato, consultation = await desk.actor("U_SATO"), await desk.id_of(number)
    for _ in range(6):
        done = hearing.Done(
            type="phone_advice", happened_on=desk.clock.now.date(), summary="い" * 2900, advice="い" * 2900,
            next_action="またお電話する", next_on=desk.clock.now.date(),
        )  # fmt: skip
        await hearing.act(desk.bot.desk, sato, consultation, done, once=desk.once())
    await closing.close(desk.bot.desk, sato, consultation, closing.Closing((), "advice_closed", "resolved"))
    await desk.settle()
    await desk.sato.open_home()

    await desk.sato.presses("record.open", where="home")

    assert "はじめの2,800字ほど" in await desk.sato.reads("view")


async def merged(desk, **contact):
    """Two that came in for the same, under other names; the second one goes into the first, and A is somebody in each."""
    first = await desk.given_heard()
    desk.clock.advance(minutes=5)
    second = await desk.given_waiting(contact=Contact(phone="090-1111-2222", **contact))
    said = {first: ("大将", "Aさんは困っている。"), second: ("船長", "Aさんは訪問を断る。")}
    for number, (name, words) in said.items():
        it = await desk.id_of(number)
        known = case_names.Known(name, case_names.Label.PERSON, "A")
        async with desk.db.transaction(await desk.actor("U_YAMAMOTO")) as tx:
            await tx.casework.write(it, "summary", words)
            await case_names.confirm(tx, it, Confirmed(names=(known,)))
    await closing.merge(desk.bot.desk, await desk.actor("U_YAMAMOTO"), await desk.id_of(second), first)
    return first


async def test_the_contact_of_a_merged_consultation_is_known_in_the_record(desk):
    first = await merged(desk, name="りんどう", agency="みずうみ会")
    async with desk.db.transaction(await desk.actor("U_SATO")) as tx:
        await tx.casework.write(await desk.id_of(first), "summary", "りんどうを知る。みずうみ会から連絡。")
    await closes(desk, first)

    proposal = await records.propose(desk.bot.desk, await desk.actor("U_SATO"), await desk.id_of(first))

    assert "りんどう" not in proposal.situation
    assert "みずうみ会" not in proposal.situation
    with pytest.raises(Identified):
        await confirms_for(desk, first, {"situation": "りんどうの話。"})


async def test_nobody_knows_a_contact_that_was_not_merged(sqlite_desk):
    """The control of the test above."""
    desk = sqlite_desk
    first = await desk.given_heard()
    await desk.given_waiting(contact=Contact(name="りんどう", phone="090-1111-2222"))
    await closes(desk, first)

    record = await confirms_for(desk, first, {"situation": "りんどうの話。"})

    assert record.situation == "りんどうの話。"


async def test_the_story_of_a_merged_consultation_reaches_the_record_under_letters_of_this_one(desk):
    """A there and A here are two people."""
    first = await merged(desk)
    await closes(desk, first)

    proposal = await records.propose(desk.bot.desk, await desk.actor("U_SATO"), await desk.id_of(first))

    assert "Bさんは訪問を断る。" in proposal.situation
    assert "Aさんは困っている。" in proposal.situation


async def test_a_long_case_is_read_no_further_than_the_record_takes(sqlite_desk, monkeypatch):
    desk = sqlite_desk
    number = await desk.given_closed()
    consultation, sato = await desk.id_of(number), await desk.actor("U_SATO")
    async with desk.db.transaction(sato) as tx:
        for kind in ("summary", "formulation", "advice") * 10:
            await tx.casework.write(consultation, kind, "父は高橋と申します。訪問を断られる。" * 150)
    real, read = beside.read, []

    async def counting(text, *case, **more):
        read.append(len(text))
        return await real(text, *case, **more)

    monkeypatch.setattr(beside, "read", counting)
    proposal = await records.propose(desk.bot.desk, sato, consultation)

    assert sum(read) < 30_000 < 30 * 2700
    assert proposal.cut
    assert proposal.situation.endswith("。")
    assert "高橋" not in proposal.situation
    assert len(proposal.situation) <= 3000


@pytest.mark.parametrize("name", ["高木", "高木さん", "高木まどか"])
async def test_whoever_asked_is_called_so_by_whatever_name_they_gave(sqlite_desk, name):
    desk = sqlite_desk
    number = await desk.given_closed(contact=Contact(name=name, phone="090-1234-5678", callable="ひなた"))
    consultation, sato = await desk.id_of(number), await desk.actor("U_SATO")
    async with desk.db.transaction(sato) as tx:
        await tx.casework.write(consultation, "story", "高木さんとひなたさんは同じ人。林さんは別の人。")

    proposal = await records.propose(desk.bot.desk, sato, consultation)

    assert "相談者と相談者は同じ人。Aさんは別の人。" in proposal.situation


@pytest.mark.parametrize("name", ["相談", "12", "A", "母", "担当", "ー"])
async def test_a_name_that_is_everybodys_word_masks_no_word(sqlite_desk, name):
    desk = sqlite_desk
    number = await desk.given_closed(contact=Contact(name=name, phone="090-1234-5678"))
    consultation, sato = await desk.id_of(number), await desk.actor("U_SATO")
    story = "母の担当者に12時に相談した。Aさんのこと。"
    async with desk.db.transaction(sato) as tx:
        await tx.casework.write(consultation, "story", story)

    assert story in (await records.propose(desk.bot.desk, sato, consultation)).situation
