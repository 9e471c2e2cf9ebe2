"""Five years later: retention passes, the key is destroyed, the certificate is printed; the counts add up, the record teaches."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from bot.domain.refusals import Refused
from bot.privacy.vault import NotReadable
from bot.store.keys import KeyDestroyed
from bot.usecases import expiry, precedents, record_reviews, records
from bot.usecases.record_reviews import RELEASED
from bot.usecases.records import Said
from tests.desk import COORDINATORS

LATER = datetime(2032, 4, 1, 1, tzinfo=UTC)
WORDS = "ゆうべも眠れないと話していた。"
LIKE = Said("senior", "female", "alone", "approach", agreement="person", offered=True)
COUNTS = (
    "SELECT status, closing_reason, primary_disposition, concerns, COUNT(*) AS n FROM consultations"
    " GROUP BY status, closing_reason, primary_disposition, concerns ORDER BY 1, 2, 3, 4"
)
DEEDS = "SELECT (SELECT COUNT(*) FROM hearings) AS hearings, (SELECT COUNT(*) FROM call_attempts) AS calls"


async def a_year_of_cases(desk) -> list[str]:
    """Five alike, each with a record two people stand for; one without a record; one still open."""
    sato, suzuki = await desk.actor("U_SATO"), await desk.actor("U_SUZUKI")
    recorded = []
    for _ in range(5):
        consultation = await desk.id_of(await desk.given_closed(story=WORDS))
        said = await records.confirm(
            desk.bot.desk, sato, consultation, {"situation": "訪問を断られる。"}, LIKE
        )
        await record_reviews.decide(desk.bot.desk, suzuki, said.id, RELEASED)
        recorded.append(consultation)
    await desk.given_closed(story=WORDS)
    await desk.given_heard(story=WORDS)
    await desk.settle()
    return recorded


def paper(desk) -> str:
    """The words of the certificate of destruction that was sent."""
    [found] = [
        each.body for each in desk.workspace.world.files.values() if each.name.startswith("destruction-")
    ]
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(found)).pages)


async def test_what_was_said_is_gone_and_what_was_learnt_stays(desk):
    consultations = await a_year_of_cases(desk)
    counts, deeds = await desk.rows(COUNTS), await desk.rows(DEEDS)
    kept = await desk.rows("SELECT * FROM records ORDER BY id")
    sealed = await desk.rows(
        "SELECT id, text_sealed FROM words WHERE consultation = :c ORDER BY id", c=consultations[0]
    )
    keys = await desk.rows("SELECT owner, wrapped FROM data_keys")

    desk.clock.now = LATER - timedelta(days=1)
    await desk.ask_the_clock()
    await expiry.clock_is_right(desk.bot.desk, await desk.actor("U_YAMAMOTO"))
    desk.clock.now = LATER
    await desk.ask_the_clock()

    # The keys are destroyed: who copied the sealed words cannot open them with any key that is left.
    left = {row["owner"] for row in await desk.rows("SELECT owner FROM data_keys")}
    assert not left & set(consultations)
    assert sealed
    async with desk.db.reading() as ask:
        for owner in left | set(consultations):
            with pytest.raises((KeyDestroyed, NotReadable)):
                await ask.keys.open(owner, "words", "text", sealed[0]["id"], sealed[0]["text_sealed"])

    # The certificate is printed, and names nobody.
    assert "相談の文と連絡先　6件" in await desk.yamamoto.reads(COORDINATORS)
    await desk.yamamoto.presses("destruction.paper", "2032-04-01", where=COORDINATORS)
    told = paper(desk)
    assert "廃棄証明書" in told
    assert "相談の文と連絡先6件" in told
    assert "相談を終えた年度の終わりから5年" in told
    assert "令和14年4月1日" in told
    assert "高木" not in told

    # The counts of the old reports add up.
    assert await desk.rows(COUNTS) == counts
    assert await desk.rows(DEEDS) == deeds

    # The records stand alone, and still teach.
    assert await desk.rows("SELECT * FROM records ORDER BY id") == kept
    assert await desk.how_many("record_links") == 0
    found = await precedents.search(desk.bot.desk, await desk.actor("U_SATO"), "訪問を断られる")
    assert {each.record.id for each in found.hits} == {row["id"] for row in kept}
    assert len(keys) > len(left)

    # Nobody's Home speaks of what is gone, and what is open is as it was.
    for somebody in (desk.takagi, desk.sato, desk.yamamoto):
        home = str(await somebody.open_home())
        assert "記録を確かめてください" not in home
        assert home.count("R8-") <= 1 or somebody is not desk.sato
    [open_one] = await desk.rows("SELECT id FROM consultations WHERE status <> 'closed'")
    assert open_one["id"] in left


async def test_the_day_before_all_of_it_can_be_read(desk):
    """The control: it is the day that takes it away, and nothing else."""
    [first, *_] = await a_year_of_cases(desk)
    desk.clock.now = LATER - timedelta(days=2)
    await desk.ask_the_clock()
    await expiry.clock_is_right(desk.bot.desk, await desk.actor("U_YAMAMOTO"))
    desk.clock.advance(days=1)
    await desk.ask_the_clock()

    async with desk.db.reading() as ask:
        assert WORDS in [each.text for each in await ask.casework.words_of(first)]
    with pytest.raises((KeyDestroyed, Refused)):
        async with desk.db.reading() as ask:
            await ask.keys.open("nobody", "words", "text", "x", "x")
