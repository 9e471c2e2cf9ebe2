"""つなぐ, the preview: what is looked at is what goes, and nothing else."""

import io
from dataclasses import replace

import openpyxl
import pytest
from pypdf import PdfReader

from bot import codes, messages
from bot.domain.directory import Town
from bot.domain.handover import NotAsPreviewed, PackageMovedOn, State, TooManyAtOnce
from bot.reports import linkage, linkage_page
from bot.store.directory import Towns
from bot.usecases import handovers
from bot.usecases.handover_ways import Office
from bot.usecases.handovers import Wanted
from tests.handovers import (
    FIELDS,
    MAIBARA,
    NAGAHAMA,
    WITH_MEMBER,
    agreed,
    content,
    drafted,
    found,
    opens_linkage,
    packages,
    send,
    sent,
    takes_back,
)


def plain(text: str) -> str:
    return "".join(text.split())


async def test_the_preview_the_paper_and_the_table_say_the_same_and_the_digest_is_over_it(sqlite_desk):
    number = await sqlite_desk.given_heard()
    agreement = await agreed(sqlite_desk, number)
    await drafted(sqlite_desk, number, agreement)
    assert [each.state for each in await packages(sqlite_desk, number)] == ["draft", "draft"]
    await opens_linkage(sqlite_desk.sato, number)
    await sqlite_desk.sato.presses("package.preview", where="view")
    seen = plain(await sqlite_desk.sato.reads("view"))

    await sqlite_desk.sato.fills_and_sends()

    for package in await packages(sqlite_desk, number):
        whole = await content(sqlite_desk, package)
        assert (package.state, package.digest) == (State.SENT, whole.digest)
        pdf = linkage_page.linkage(linkage.facts(whole))
        on_paper = plain("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))
        sheet = openpyxl.load_workbook(io.BytesIO(linkage.table(whole))).active
        in_table = plain(
            "".join(str(cell or "") for row in sheet.iter_rows(values_only=True) for cell in row)
        )
        for part in whole.parts:
            for text in (part.label, part.text):
                assert plain(text) in seen
                assert plain(text) in on_paper
                assert plain(text) in in_table
        assert pdf == linkage_page.linkage(linkage.facts(whole))  # the same bytes each time
    uploaded = sqlite_desk.told()
    assert f"{number}-1-sheet.pdf" in uploaded
    assert f"{number}-2-sheet.xlsx" in uploaded


async def test_what_is_not_what_was_looked_at_is_not_sent(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number)
    looked = await drafted(desk, number, agreement)
    sato, batch = await desk.actor("U_SATO"), looked.sheets[0][0].batch

    with pytest.raises(NotAsPreviewed):
        await handovers.send(desk.bot.desk, sato, batch, "0" * 32)
    async with desk.db.transaction(sato) as tx:  # somebody changes the row behind everybody's back
        await tx.connection.rows("UPDATE packages SET digest = 'x' WHERE number LIKE '%-1' RETURNING id", {})
    with pytest.raises(NotAsPreviewed):
        await send(desk, looked)
    assert {each.state for each in await packages(desk, number)} == {State.DRAFT}


async def test_a_sheet_whose_words_were_changed_after_it_went_is_not_printed(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number)
    [first, _] = await sent(desk, number, agreement)
    row = type("Row", (), {"template": "package_sheet", "facts": {}})()
    async with desk.db.reading() as ask:
        assert await linkage.sheet(ask, row, first)
        with pytest.raises(NotAsPreviewed):
            await linkage.sheet(ask, row, replace(first, digest="x"))


async def test_pressed_twice_it_goes_once(desk):
    number = await desk.given_heard()
    looked = await drafted(desk, number, await agreed(desk, number))
    await send(desk, looked)
    await send(desk, looked)
    await desk.settle()
    assert (await desk.trail(number)).count("package.sent") == 2  # two receivers, once each
    assert (await desk.sato.reads()).count(f"つなぎシート {number}-1 です") == 1


async def test_what_is_dropped_leaves_no_words(desk):
    number = await desk.given_heard()
    looked = await drafted(desk, number, await agreed(desk, number))
    await handovers.drop(desk.bot.desk, await desk.actor("U_SATO"), looked.sheets[0][0].batch)
    assert {each["content_sealed"] for each in await desk.rows("SELECT * FROM packages")} == {None}
    with pytest.raises(PackageMovedOn):
        await send(desk, looked)


async def test_whatever_changes_meanwhile_the_sheet_goes_as_it_was_looked_at(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number)
    looked = await drafted(desk, number, agreement)
    seen = [each.written for _, each in looked.sheets]
    sato, c = await desk.actor("U_SATO"), await desk.id_of(number)
    async with desk.db.transaction(sato) as tx:
        await Towns(tx).keep(Town(NAGAHAMA, juso="yes", meetings={"juso": "つながる会議"}))
        await tx.casework.write(c, "told", "あとから分かったこと。")
    await agreed(desk, number)  # another yes, to the same

    await send(desk, looked)

    first, second, *_ = [each for each in await packages(desk, number) if each.sent_at]
    assert [(await content(desk, each)).written for each in (first, second)] == seen
    assert not any("あとから" in each or "つながる会議" in each for each in seen)
    assert "つながる会議" in (await drafted(desk, number, agreement)).sheets[0][1].written  # the control


async def test_content_that_is_not_what_the_digest_is_over_does_not_go(desk):
    number = await desk.given_heard()
    looked = await drafted(desk, number, await agreed(desk, number))
    package, whole = looked.sheets[0]
    changed = whole.written.replace("この家で", "施設で")
    assert changed != whole.written
    async with desk.db.transaction(await desk.actor("U_SATO")) as tx:
        sealed = await tx.handovers._seal(package.consultation, "packages", "content", package.id, changed)
        await tx.connection.rows(
            "UPDATE packages SET content_sealed = :sealed WHERE id = :id RETURNING id",
            {"sealed": sealed, "id": package.id},
        )
    with pytest.raises(NotAsPreviewed):
        await send(desk, looked)
    assert {each.state for each in await packages(desk, number)} == {State.DRAFT}


async def test_what_is_left_of_a_preparation_can_be_looked_at_and_sent(desk):
    number = await desk.given_heard()
    agreement = await agreed(desk, number)
    looked = await drafted(desk, number, agreement)
    first, second = [each for each, _ in looked.sheets]
    await takes_back(desk, agreement, receivers=[second.receiver])

    with pytest.raises(NotAsPreviewed):  # the window that still shows both
        await send(desk, looked)
    left = await handovers.preview(desk.bot.desk, await desk.actor("U_SATO"), first.batch)
    assert [each.id for each, _ in left.sheets] == [first.id]
    await send(desk, left)

    assert [each.state for each in await packages(desk, number)] == ["sent", "dropped"]


async def test_who_gets_it_in_slack_stands_above_the_preview(sqlite_desk):
    number = await sqlite_desk.given_heard()
    await drafted(sqlite_desk, number, await agreed(sqlite_desk, number, offices=WITH_MEMBER))
    await opens_linkage(sqlite_desk.sato, number)
    await sqlite_desk.sato.presses("package.preview", where="view")
    assert "<@U_KITAMURA>さんのメッセージにも届きます" in await sqlite_desk.sato.reads("view")


async def test_more_receivers_than_sheets_are_not_left_out_silently(sqlite_desk):
    number = await sqlite_desk.given_heard()
    offices = tuple(Office("juso", each, n=n) for n, each in enumerate((NAGAHAMA, MAIBARA, "252077") * 2, 1))
    agreement = await agreed(sqlite_desk, number, offices=offices)
    chosen = tuple(f"{agreement.id}/{each}" for each in agreement.receivers)
    with pytest.raises(TooManyAtOnce):
        await found(sqlite_desk, number, Wanted("plan", chosen=chosen[:4]))
    assert len((await found(sqlite_desk, number, Wanted("plan", chosen=chosen[:3]))).receivers) == 3


def test_every_field_of_the_form_is_called_as_on_the_sheet():
    words = messages.form_words("package")
    assert {each.code: each.label for each in codes.options("handover_fields")} == {
        code: words[code]["label"] for code in (*handovers.TEXTS, "supporter_contact")
    }
    assert set(FIELDS) <= set(codes.load("handover_fields").codes)
