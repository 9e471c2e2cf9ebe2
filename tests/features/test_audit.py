"""Every opening of what people wrote, or of how to reach them, stands in the trail; so does every refused one."""

from bot.domain.events import Event
from tests.desk import CARDS


async def _entries(desk, event=None):
    async with desk.db.reading() as ask:
        trail = await ask.audit.trail()
    return [(entry.event, entry.actor, entry.subject) for entry in trail if event in {None, entry.event}]


async def test_each_opening_of_the_details_is_one_line_with_who_and_what(desk):
    number = await desk.given_claimed()
    it = await desk.id_of(number)

    for person in (desk.sato, desk.yamamoto, desk.sato):
        await person.presses("details.open", where=CARDS)
        assert "090-1234-5678" in await person.reads("view")
        await person.close()

    assert await _entries(desk, "details.read") == [
        ("details.read", "U_SATO", it), ("details.read", "U_YAMAMOTO", it), ("details.read", "U_SATO", it),
    ]  # fmt: skip


async def test_a_window_drawn_again_is_an_opening_again(sqlite_desk):
    """After each form sent from the details, contact and words are before their eyes once more."""
    desk = sqlite_desk
    await desk.given_claimed()
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("call.open", where="view")
    assert len(await _entries(desk, "details.read")) == 1

    await desk.sato.fills_and_sends(outcome="reached")

    assert len(await _entries(desk, "details.read")) == 2


async def test_what_holds_codes_only_is_no_opening(sqlite_desk):
    """The control: cards, Homes, forms and papers without words are not in the trail of readings."""
    desk = sqlite_desk
    await desk.given_claimed()
    await desk.sato.reads(CARDS)
    await desk.sato.open_home()
    await desk.yamamoto.open_home()
    await desk.sato.presses("callback.urgency", where=CARDS)
    await desk.sato.close()

    events = [event for event, _, _ in await _entries(desk)]
    assert not {"details.read", "words.read", "draft.read"} & set(events)


async def test_a_refused_opening_stands_there_too_and_shows_nothing(desk):
    number = await desk.given_claimed()
    it = await desk.id_of(number)
    for person in ("U_SUZUKI", "U_TANAKA", "U_KITAMURA", "U_ADMIN", "U_GUEST", "U_STRANGER", "U_GONE"):
        await desk.person(person).presses_anyway("details.open", it)

    refused = await _entries(desk, "access.refused")
    assert [actor for _, actor, _ in refused] == [
        "U_SUZUKI", "U_TANAKA", "U_KITAMURA", "U_ADMIN", "U_GUEST", "U_STRANGER", "U_GONE",
    ]  # fmt: skip
    assert await _entries(desk, "details.read") == []


async def test_a_refused_opening_says_what_was_asked_for(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_claimed()
    it = await desk.id_of(number)

    await desk.suzuki.presses_anyway("details.open", it)

    async with desk.db.reading() as ask:
        [entry] = [each for each in await ask.audit.trail() if each.event == "access.refused"]
    assert entry.actor == "U_SUZUKI"
    assert it in (entry.subject, *entry.detail.values())
    assert "details.open" in entry.detail.values()


async def test_the_supporters_own_page_the_record_and_drafts_are_openings(desk):
    number = await desk.given_heard()
    it = await desk.id_of(number)
    await desk.takagi.presses("own.open", where="bot")
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("hearing.open", where="view")
    await desk.sato.fill(advice="ゆっくり話す。")
    await desk.sato.presses("hearing.draft", where="view")
    await desk.sato.close()
    await desk.sato.presses("hearing.open", where="view")
    await desk.sato.close(clear=True)
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("closing.open", where="view")
    await desk.sato.fills_and_sends(primary="advice_closed", reason="resolved")

    readings = [(event, actor) for event, actor, subject in await _entries(desk) if subject == it]
    assert ("words.read", "U_TAKAGI") in readings
    assert ("draft.saved", "U_SATO") in readings
    assert ("draft.read", "U_SATO") in readings
    assert readings.count(("words.read", "U_SATO")) == 1  # the record was drawn up from them


async def test_papers_are_in_the_trail(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_heard()
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("paper.advice", where="view")

    assert ("paper.printed", "U_SATO", await desk.id_of(number)) in await _entries(desk)


async def test_an_opening_that_cannot_be_noted_does_not_happen(sqlite_desk):
    """The reading and its line are one transaction: no line, no reading."""
    desk = sqlite_desk
    number = await desk.given_claimed()
    async with desk.db.transaction(await desk.actor("U_ADMIN")) as tx:
        await tx.connection.rows(
            "CREATE TRIGGER no_more BEFORE INSERT ON audit BEGIN SELECT RAISE (ABORT, 'full'); END", {}
        )

    await desk.sato.presses_anyway("details.open", await desk.id_of(number))

    shown = await desk.sato.seen("view")
    assert "090-1234" not in shown
    assert "090-1234" not in desk.told()


async def test_the_chain_holds_after_a_whole_way_and_breaks_where_somebody_touched_it(sqlite_desk):
    desk = sqlite_desk
    await desk.given_closed()
    await desk.given_claimed()
    async with desk.db.reading() as ask:
        assert await ask.audit.verify() is None

    async with desk.db.transaction(await desk.actor("U_ADMIN")) as tx:
        for statement in (
            "DROP TRIGGER audit_is_not_edited",
            "UPDATE audit SET actor = 'U_NOBODY' WHERE id = 5",
        ):
            await tx.connection.rows(statement, {})
    async with desk.db.reading() as ask:
        assert await ask.audit.verify() == 5


async def test_the_trail_holds_ids_and_codes_only(sqlite_desk):
    desk = sqlite_desk
    await desk.given_closed(story="訪問を断られています。", privacy=("no_workplace",))
    lines = await desk.rows("SELECT actor, event, subject, detail FROM audit")

    assert len(lines) > 8
    told = str(lines)
    assert told.isascii()
    assert set(Event) >= {line["event"] for line in lines}


async def test_the_details_show_what_happened_in_words(sqlite_desk):
    desk = sqlite_desk
    await desk.given_heard()
    await desk.sato.presses("details.open", where=CARDS)

    shown = await desk.sato.reads("view")

    history = shown[shown.index("これまでのこと") :]
    for line in ("お預かりしました", "担当が決まりました", "聞き取りを書きました"):
        assert f"{line}　<@U_" in history
    assert "詳細を開きました" not in history  # it would drown in its own readings
    assert "details.read" in await desk.trail()
    assert "この画面を開いたことは、記録に残ります。" in shown
