"""The case's own dictionary: what was confirmed as a name once is found everywhere in the case, under the same letter."""

import asyncio
import json
import os
import signal

import pytest

from bot.domain.casework import Contact
from bot.domain.entitlement import Act
from bot.domain.events import Event
from bot.domain.refusals import Changed, NotAllowed
from bot.domain.staff import THE_CLOCK
from bot.privacy import beside
from bot.privacy.anonymizer import Anonymized, Known, Label, Span, anonymize
from bot.usecases import callbacks, case_names, closing, hearing, intake
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import Identified, screened_about
from tests.desk import CARDS, FOUR

STORY = "中川ヨシ江さんのことで困っています。"
# A name nobody would take for one who has not been told.
ODD = "大将"
NEXT = {"next_action": "電話", "next_on": "2026-12-08"}


async def told(desk, number="R8-0001"):
    """The dictionary of a case, as it counts now."""
    async with desk.db.reading() as ask:
        return await case_names.case_of(ask, await desk.id_of(number))


async def letters(desk, number="R8-0001"):
    return {each.surface: each.token for each in (await told(desk, number)).known}


async def written(desk, kind=None, number="R8-0001"):
    """What is kept of the words, opened."""
    async with desk.db.reading() as ask:
        words = await ask.casework.words_of(await desk.id_of(number))
    return [each.text for each in words if kind in (None, each.kind)]


async def asks_about(desk, story=STORY, **answers):
    """Somebody asks, and takes the story masked as it is offered."""
    await desk.takagi.command("/相談")
    await desk.takagi.fills_and_sends(**{**FOUR, "story": story, **answers})
    await desk.takagi.fills_and_sends()
    await desk.takagi.close(clear=True)
    return await desk.newest_number()


async def opens(desk, form, number="R8-0001"):
    """Somebody who holds a case opens a form about it."""
    if not await desk.sato.top_view():
        await desk.sato.presses("details.open", await desk.id_of(number), where=CARDS)
    await desk.sato.presses(form, where="view")
    return desk.sato


async def claimed(desk, story=STORY, **answers):
    number = await asks_about(desk, story, **answers)
    await desk.sato.presses("callback.claim", where=CARDS)
    return number


def field(view, name):
    """What stands in a field of a form."""
    [block] = [each for each in view["blocks"] if each.get("block_id", "").startswith(f"{name}~")]
    return block["element"].get("initial_value", "")


def boxes(view, name="keep"):
    """The boxes of one kind: what each says, and its value."""
    blocks = [each for each in view["blocks"] if each.get("block_id", "").startswith(f"{name}~")]
    return {
        each["text"]["text"]: each["value"]
        for block in blocks
        for each in block["element"].get("options", ())
    }


async def test_a_name_confirmed_at_the_door_keeps_its_letter_in_the_hearing(desk):
    await claimed(desk)
    assert (await letters(desk))["中川ヨシ江"] == "A"
    sato = await opens(desk, "hearing.open")

    await sato.fills_and_sends(formulation="原さんと、中川さんのことを話した。", **NEXT)
    offered = await sato.top_view()
    await sato.fills_and_sends()

    assert field(offered, "formulation") == "Bさんと、Aさんのことを話した。"
    assert await written(desk, "formulation") == ["Bさんと、Aさんのことを話した。"]
    assert (await letters(desk))["原"] == "B"


async def test_what_the_desk_alone_would_not_find_is_found_once_it_was_named(desk):
    words = f"{ODD}が来たそうです。"
    assert not anonymize(words).spans  # the control: nobody would know
    await claimed(desk)
    sato = await opens(desk, "call.open")
    await sato.fills_and_sends(outcome="reached", note="原さんが出られた。")
    await sato.fills_and_sends(more_names=ODD)
    assert (await letters(desk))[ODD] == ""  # it stood nowhere yet

    await opens(desk, "hearing.open")
    await sato.fills_and_sends(formulation=words, **NEXT)
    offered = field(await sato.top_view(), "formulation")
    await sato.fills_and_sends()

    assert offered == "Cが来たそうです。"
    assert await written(desk, "formulation") == [offered]
    assert (await letters(desk))[ODD] == "C"


async def test_names_added_are_masked_in_every_field_at_once(desk):
    await claimed(desk)
    sato = await opens(desk, "hearing.open")
    await sato.fills_and_sends(formulation=f"原さんと{ODD}の暮らし。", advice=f"{ODD}に会う。", **NEXT)
    shown = await sato.top_view()
    assert ODD in field(shown, "formulation")  # the control: it was not found by itself

    await sato.fills_and_sends(more_names=f"{ODD}さん、船長")

    assert await written(desk, "formulation") == ["BさんとCの暮らし。"]
    assert await written(desk, "advice") == ["Cに会う。"]
    known = await letters(desk)
    assert (known[ODD], known["船長"]) == ("C", "")


async def test_what_was_put_back_once_is_not_asked_again(desk):
    await claimed(desk)
    sato = await opens(desk, "call.open")
    await sato.fills_and_sends(outcome="reached", note="森さんという猫がいる。")
    offered = await sato.top_view()
    [value] = boxes(offered).values()
    await sato.fills_and_sends(keep=[value])
    assert await written(desk, "call") == ["森さんという猫がいる。"]
    assert (await told(desk)).kept == {"森"}

    await opens(desk, "hearing.open")
    await sato.fills_and_sends(formulation="森さんという猫は元気。", **NEXT)

    assert await written(desk, "formulation") == ["森さんという猫は元気。"]


async def test_who_says_later_that_it_is_a_name_after_all_is_heard(sqlite_desk):
    desk = sqlite_desk
    await claimed(desk)
    sato = await opens(desk, "call.open")
    await sato.fills_and_sends(outcome="reached", note="森さんという猫がいる。")
    await sato.fills_and_sends(keep=list(boxes(await sato.top_view()).values()))

    await opens(desk, "hearing.open")
    await sato.fills_and_sends(formulation="森さんのこと。原さんのこと。", **NEXT)
    await sato.fills_and_sends(more_names="森")

    assert (await told(desk)).kept == frozenset()
    [formulation] = await written(desk, "formulation")
    assert "森" not in formulation
    assert "森" not in "".join(await written(desk, "call"))  # where it was left standing, too


async def test_a_name_missed_before_is_masked_there_as_well(desk):
    await claimed(desk)
    sato = await opens(desk, "call.open")
    note = f"{ODD}が電話に出られた。あすかけなおす。"
    await sato.fills_and_sends(outcome="reached", note=note)
    assert await written(desk, "call") == [note]

    await opens(desk, "hearing.open")
    await sato.fills_and_sends(formulation=f"原さんと{ODD}。", **NEXT)
    await sato.fills_and_sends(more_names=ODD)

    token = (await letters(desk))[ODD]
    assert token
    assert await written(desk, "call") == [f"{token}が電話に出られた。あすかけなおす。"]
    assert (await desk.trail("R8-0001")).count("words.masked_again") == 1
    [said] = await desk.rows("SELECT detail FROM audit WHERE event = 'words.masked_again'")
    assert json.loads(said["detail"]) == {"words": 1}


async def test_a_name_only_the_earlier_words_hold_gets_its_letter_there(sqlite_desk):
    desk = sqlite_desk
    await claimed(desk)
    sato = await opens(desk, "call.open")
    await sato.fills_and_sends(outcome="reached", note=f"{ODD}と船長が出られた。")
    await opens(desk, "hearing.open")
    await sato.fills_and_sends(formulation="原さんのこと。", **NEXT)

    await sato.fills_and_sends(more_names=f"{ODD}、船長")

    known = await letters(desk)
    assert await written(desk, "call") == [f"{known[ODD]}と{known['船長']}が出られた。"]
    assert len({known[ODD], known["船長"], known["原"], known["中川ヨシ江"]}) == 4


async def test_nothing_is_written_again_where_nothing_was_missed(sqlite_desk):
    desk = sqlite_desk
    await claimed(desk)
    before = await desk.rows("SELECT id, text_sealed FROM words")
    sato = await opens(desk, "hearing.open")

    await sato.fills_and_sends(formulation="原さんのこと。", **NEXT)
    await sato.fills_and_sends()

    after = await desk.rows("SELECT id, text_sealed FROM words")
    assert all(each in after for each in before)
    assert "words.masked_again" not in await desk.trail("R8-0001")


async def test_a_draft_gives_its_letters_away_for_good(sqlite_desk):
    desk = sqlite_desk
    await claimed(desk)
    sato = await opens(desk, "hearing.open")
    await sato.fill(formulation="原さんは不安そうです。")
    await sato.close()
    await desk.settle()
    assert (await letters(desk))["原"] == "B"

    await opens(desk, "call.open")
    await sato.fills_and_sends(outcome="reached", note="林さんと原さんが出られた。")

    assert field(await sato.top_view(), "note") == "CさんとBさんが出られた。"


async def test_names_of_whoever_asked_are_known_and_cannot_be_put_back(desk):
    await desk.takagi.command("/相談")
    await desk.takagi.fills_and_sends(
        **{
            **FOUR,
            "name": "湖北花子",
            "agency": "みずうみ居宅",
            "story": "うちのみずうみ居宅の件です。湖北です。",
        }
    )
    offered = await desk.takagi.top_view()
    assert not [said for said in boxes(offered) if "みずうみ" in said or "湖北" in said]
    await desk.takagi.fills_and_sends()
    await desk.takagi.close(clear=True)
    await desk.sato.presses("callback.claim", where=CARDS)

    sato = await opens(desk, "call.open")
    await sato.fills_and_sends(outcome="reached", note="湖北と話した。")

    assert "湖北" not in field(await sato.top_view(), "note")


async def test_the_same_form_sent_twice_says_it_once(desk):
    number = await claimed(desk)
    it, sato = await desk.id_of(number), await desk.actor("U_SATO")
    said = Confirmed(frozenset({"森"}), (Known("原", Label.PERSON, "B"),), (ODD,))
    heard = hearing.Heard((), (), f"Bさんと{ODD}のこと。", "", "電話", None, said=said)
    heard = hearing.Heard(
        **{**{f: getattr(heard, f) for f in heard.__slots__}, "next_on": desk.clock.now.date()}
    )
    before = await desk.how_many("case_names")

    await asyncio.gather(*(hearing.hear(desk.bot.desk, sato, it, heard, once="the same") for _ in range(3)))

    assert await desk.how_many("case_names") == before + 3
    assert await written(desk, "formulation") == ["BさんとCのこと。"]


async def test_a_twelve_digit_number_is_refused_before_anything_is_read_or_kept(sqlite_desk):
    desk = sqlite_desk
    await claimed(desk)
    before = await desk.how_many("case_names")
    sato = await opens(desk, "call.open")

    answer = await sato.fills_and_sends(outcome="reached", note="原さんの番号は123456789018です。")

    assert list(answer["errors"]) == ["note~0"]
    assert await desk.how_many("case_names") == before
    await sato.fills_and_sends(outcome="reached", note="原さんの番号です。")
    answer = await sato.fills_and_sends(more_names="123456789018")
    assert list(answer["errors"]) == ["more_names~1"]
    assert await desk.how_many("case_names") == before


@pytest.mark.parametrize("who", ["U_SUZUKI", "U_TANAKA", "U_KITAMURA"])
async def test_whoever_may_not_write_about_a_case_learns_none_of_its_names(desk, who):
    number = await claimed(desk)
    it, stranger = await desk.id_of(number), await desk.actor(who)
    asked = {"note": "中川ヨシ江の件。"}

    for act in (Act.CALL, Act.HEAR, Act.CLOSE, Act.RELEASE, Act.OFFER, Act.RECORD, Act.FOLLOW):
        with pytest.raises(NotAllowed):
            await screened_about(desk.bot.desk, stranger, act, it, asked)
    sealed = await desk.sato.sends_anyway("call.submit", {"c": it})  # the control: who holds it is answered
    assert sealed["acked"]
    with pytest.raises(Identified):
        await screened_about(desk.bot.desk, await desk.actor("U_SATO"), Act.CALL, it, asked)


async def test_opening_the_dictionary_stands_in_the_trail(sqlite_desk):
    desk = sqlite_desk
    await claimed(desk)
    sato = await opens(desk, "call.open")
    before = (await desk.trail("R8-0001")).count("words.read")

    await sato.fills_and_sends(outcome="reached", note="中川ヨシ江さんの件。")  # comes back
    assert (await desk.trail("R8-0001")).count("words.read") == before + 1

    await sato.fills_and_sends()
    trail = await desk.trail("R8-0001")
    assert trail.count("words.read") == before + 1
    assert "callback.called" in trail


async def test_the_dictionary_is_sealed_for_its_place_and_goes_with_its_key(desk):
    number = await claimed(desk)
    rows = await desk.rows("SELECT * FROM case_names")
    assert rows
    assert "中川" not in str(rows)
    it = await desk.id_of(number)

    async with desk.db.transaction(THE_CLOCK) as tx:
        await tx.keys.destroy(it)

    async with desk.db.reading() as ask:
        assert await ask.case_names.of(it) == []


async def test_a_merged_consultation_brings_its_names_along_without_its_letters(desk):
    first = await claimed(desk)
    await desk.kitamura.command("/相談")
    await desk.kitamura.fills_and_sends(**{**FOUR, "story": f"原さんのこと。{ODD}も。"})
    await desk.kitamura.fills_and_sends(more_names=ODD)
    second = await desk.newest_number()
    assert second != first
    assert (await letters(desk, second))["原"] == "A"

    await closing.merge(desk.bot.desk, await desk.actor("U_YAMAMOTO"), await desk.id_of(second), first)
    await desk.settle()

    assert ODD in await letters(desk, first)
    sato = await opens(desk, "call.open")
    await sato.fills_and_sends(outcome="reached", note=f"中川ヨシ江さんと、{ODD}と、原さんの件。")
    note = field(await sato.top_view(), "note")
    assert note.startswith("Aさんと、")
    assert ODD not in note
    assert "原" not in note
    assert len(set(note) & set("ABCD")) == 3  # three people, three letters


async def test_names_that_stand_only_in_another_case_are_nobodys_here(sqlite_desk):
    desk = sqlite_desk
    await claimed(desk)
    sato = await opens(desk, "call.open")
    await sato.fills_and_sends(outcome="reached", note="原さんが出られた。")
    await sato.fills_and_sends(more_names=ODD)
    await sato.close(clear=True)
    request = intake.Request(
        ("approach",), "u3", Contact(phone="090-1234-5678"), ("any",), story=f"{ODD}のこと。"
    )

    other = await intake.receive(desk.bot.desk, await desk.actor("U_KITAMURA"), request, once="other")

    assert await written(desk, "story", other.number) == [f"{ODD}のこと。"]


@pytest.mark.parametrize("when", ["before", "stopped"])
async def test_a_reader_killed_while_a_form_is_sent_costs_nobody_anything(desk, when):
    await claimed(desk)
    sato = await opens(desk, "hearing.open")
    await beside.read("中川さんの件です。")
    child = beside._beside.pid
    if child:  # on a machine where none could be started, this shows the same of the thread
        os.kill(child, signal.SIGKILL if when == "before" else signal.SIGSTOP)
    try:
        await sato.fills_and_sends(formulation="原さんと話した。", **NEXT)
        assert field(await sato.top_view(), "formulation") == "Bさんと話した。"
        await sato.fills_and_sends()
    finally:
        beside.end()

    assert await written(desk, "formulation") == ["Bさんと話した。"]


async def test_every_form_about_a_case_feeds_and_reads_its_dictionary(sqlite_desk):
    """Call, hand-over, hearing, activity, giving back, closing, and what the supporter tells more."""
    desk = sqlite_desk
    number = await claimed(desk)
    it, sato = await desk.id_of(number), await desk.actor("U_SATO")
    day = desk.clock.now.date()
    by, known = desk.bot.desk, {}

    async def knows(act, name):
        """The act is refused with the name, and kept once it was confirmed."""
        with pytest.raises(Identified) as refused:
            await act(f"{name}さんの件。", Confirmed())
        [seen] = [each for each in refused.value.found.values() if name in each.text]
        known[name] = seen.spans[0].token
        await act(seen.masked, Confirmed(names=refused.value.names))
        assert (await letters(desk))[name] == known[name]

    await knows(
        lambda note, said: callbacks.call(by, sato, it, outcome="reached", note=note, said=said, once=note),
        "原",
    )
    await knows(lambda note, said: callbacks.offer(by, sato, it, "U_SUZUKI", note, said), "林")
    await callbacks.decline(by, await desk.actor("U_SUZUKI"), it)
    await knows(
        lambda note, said: hearing.hear(
            by, sato, it, hearing.Heard((), (), note, "", "電話", day, said=said), once=note
        ),
        "高橋",
    )
    await knows(
        lambda note, said: hearing.act(
            by, sato, it, hearing.Done("interview", day, note, "", "電話", day, said=said), once=note
        ),
        "山本",
    )
    await knows(
        lambda note, said: hearing.save_draft(by, sato, it, "hearing", {"advice": note}, said), "佐々木"
    )
    await knows(
        lambda note, said: closing.close(
            by, sato, it, closing.Closing(("advice_closed",), "advice_closed", "resolved", note, said)
        ),
        "小林",
    )

    assert sorted(known.values()) == ["B", "C", "D", "E", "F", "G"]
    assert "さんの件" in "".join(await written(desk))


async def test_towns_and_houses_keep_what_stands_for_them_too(desk):
    await claimed(desk, story="大津市膳所の琵琶湖病院に通っています。")
    sato = await opens(desk, "call.open")

    await sato.fills_and_sends(outcome="reached", note="草津市の草津病院から、大津市の琵琶湖病院に戻った。")

    first = await written(desk, "story")
    assert first == ["B市の（病院）に通っています。"]
    assert field(await sato.top_view(), "note") == "C市の（病院2）から、B市の（病院）に戻った。"


async def test_danger_is_heard_in_a_word_that_was_taken_for_a_name(sqlite_desk, monkeypatch):
    """What stands masked may be what somebody called for help with."""
    desk = sqlite_desk
    real = beside.read

    async def mistaken(text, *case, **more):
        """A detector that takes a knife for somebody."""
        seen = await real(text, *case, **more)
        at = text.find("包丁を持って")
        if at < 0:
            return seen
        span = Span(at, at + 6, Label.PERSON, 0.5, "A")
        return Anonymized(text, (span,), text.replace("包丁を持って", "A"), refused=False)

    monkeypatch.setattr(beside, "read", mistaken)

    number = await asks_about(desk, "包丁を持って立っています。")

    assert await written(desk, "story", number) == ["A立っています。"]
    assert (await desk.row(number)).danger


async def offered(desk, it, text):
    """What a form about a case shows masked, and what it says of it when it is sent as it is."""
    with pytest.raises(Identified) as refused:
        await screened_about(desk.bot.desk, await desk.actor("U_SATO"), Act.HEAR, it, {"formulation": text})
    return refused.value.found["formulation"].masked, Confirmed(names=refused.value.names)


async def hears(desk, it, formulation, said):
    heard = hearing.Heard((), (), formulation, "", "電話", desk.clock.now.date(), said=said)
    await hearing.hear(desk.bot.desk, await desk.actor("U_SATO"), it, heard, once=desk.once())


async def test_two_forms_open_at_once_never_give_one_letter_to_two_people(desk):
    number = await desk.given_claimed()
    it = await desk.id_of(number)
    first, second = [
        await offered(desk, it, text) for text in ("高橋一郎さんが怒る。", "伊藤花子さんが泣く。")
    ]
    assert (first[0], second[0]) == ("Aさんが怒る。", "Aさんが泣く。")

    await hears(desk, it, *first)
    with pytest.raises(Identified) as refused:
        await hears(desk, it, *second)
    again = refused.value.found["formulation"].masked
    await hears(desk, it, again, Confirmed(names=refused.value.names))

    assert await letters(desk, number) == {"高橋一郎": "A", "伊藤花子": "B"}
    assert set(await written(desk, "formulation", number)) == {"Aさんが怒る。", "Bさんが泣く。"}


async def test_the_form_that_came_second_shows_the_new_letter_and_passes(sqlite_desk):
    """The same in the window: the box of the old letter is gone."""
    desk = sqlite_desk
    number = await desk.given_claimed()
    it = await desk.id_of(number)
    sato = await opens(desk, "hearing.open", number)
    await sato.fills_and_sends(formulation="伊藤花子さんが泣く。", **NEXT)
    await hears(desk, it, *(await offered(desk, it, "高橋一郎さんが怒る。")))

    await sato.fills_and_sends()
    shown = await sato.top_view()
    assert field(shown, "formulation") == "Bさんが泣く。"
    assert list(boxes(shown)) == ["伊藤花子 → B"]
    await sato.fills_and_sends()

    assert await letters(desk, number) == {"高橋一郎": "A", "伊藤花子": "B"}


async def test_a_letter_given_between_the_reading_and_the_keeping_is_not_given_twice(desk):
    """Closer than any form: the store itself refuses, and nothing is kept."""
    number = await desk.given_claimed()
    it, sato = await desk.id_of(number), await desk.actor("U_SATO")
    async with desk.db.transaction(sato) as tx:
        await case_names.confirm(tx, it, Confirmed(names=(Known("高橋一郎", Label.PERSON, "A"),)))

    with pytest.raises(Changed):
        async with desk.db.transaction(sato) as tx:
            await tx.casework.write(it, "formulation", "Aさんが泣く。")
            await case_names.confirm(tx, it, Confirmed(names=(Known("伊藤花子", Label.PERSON, "A"),)))

    assert await letters(desk, number) == {"高橋一郎": "A"}
    assert await written(desk, "formulation", number) == []
    async with desk.db.transaction(sato) as tx:  # the control: a shorter name of the same person
        await case_names.confirm(tx, it, Confirmed(names=(Known("高橋", Label.PERSON, "A"),)))
    assert await letters(desk, number) == {"高橋一郎": "A", "高橋": "A"}


async def test_earlier_words_are_read_while_everybody_else_may_write(sqlite_desk, monkeypatch):
    """On SQLite there is one writer: whoever reads inside a transaction holds up the whole desk."""
    desk = sqlite_desk
    number = await desk.given_claimed()
    it, sato = await desk.id_of(number), await desk.actor("U_SATO")
    async with desk.db.transaction(sato) as tx:
        for _ in range(5):
            await tx.casework.write(it, "summary", f"{ODD}が来た。" + "訪問を断られる。" * 300)
    real, read = beside.read, []

    async def watched(text, *case, **more):
        async with asyncio.timeout(2), desk.db.transaction(THE_CLOCK) as tx:
            await tx.audit.record(Event.DETAILS_READ, it)
        read.append(len(text))
        return await real(text, *case, **more)

    monkeypatch.setattr(beside, "read", watched)
    said = Confirmed(added=(ODD,))
    await hears(desk, it, "電話の件。", said)

    assert all(text.startswith("Aが来た。") for text in await written(desk, "summary", number))
    assert sum(read) < 500  # only sentences in which it may stand
    monkeypatch.setattr(beside, "read", real)


async def test_what_was_written_while_earlier_words_were_read_is_masked_too(sqlite_desk, monkeypatch):
    desk = sqlite_desk
    number = await desk.given_claimed()
    it, sato = await desk.id_of(number), await desk.actor("U_SATO")
    async with desk.db.transaction(sato) as tx:
        await tx.casework.write(it, "summary", f"{ODD}が来た。")
    real = case_names.read_again

    async def slow(*asked):
        seen = await real(*asked)
        monkeypatch.setattr(case_names, "read_again", real)
        async with desk.db.transaction(sato) as tx:
            await tx.casework.write(it, "summary", f"また{ODD}が来た。")
        return seen

    monkeypatch.setattr(case_names, "read_again", slow)
    await hears(desk, it, "電話の件。", Confirmed(added=(ODD,)))

    assert set(await written(desk, "summary", number)) == {"Aが来た。", "またAが来た。"}


async def test_a_name_of_before_is_masked_again_without_a_box_and_a_new_one_has_one(desk):
    await claimed(desk)
    sato = await opens(desk, "hearing.open")

    await sato.fills_and_sends(formulation="中川ヨシ江さんと、原さんのことを話した。", **NEXT)

    offered = await sato.top_view()
    assert list(boxes(offered)) == ["原 → B"]  # the control: it is new
    assert "前と同じ1つのお名前なども伏せました" in await sato.reads("view")
    assert field(offered, "formulation") == "Aさんと、Bさんのことを話した。"


async def test_where_only_names_of_before_were_masked_nothing_is_asked_about_them(sqlite_desk):
    desk = sqlite_desk
    await claimed(desk)
    sato = await opens(desk, "hearing.open")

    await sato.fills_and_sends(formulation="中川ヨシ江さんのことを話した。", **NEXT)

    seen = await sato.reads("view")
    assert "前と同じお名前などを、同じように伏せました" in seen
    assert "お預かりしてよいですか" not in seen
    assert not boxes(await sato.top_view())
    await sato.fills_and_sends()
    assert await written(desk, "formulation") == ["Aさんのことを話した。"]


@pytest.mark.parametrize("door", ["/相談", "/代理"])
async def test_what_was_masked_is_explained_above_the_words(sqlite_desk, door):
    desk = sqlite_desk
    if door == "/相談":
        somebody = desk.takagi
        await somebody.command(door)
        await somebody.fills_and_sends(**{**FOUR, "story": STORY})
    else:
        somebody = desk.tanaka
        await somebody.open_home()
        await somebody.presses("proxy.open", where="home")
        await somebody.fills_and_sends(
            **{**FOUR, "story": STORY}, route="phone", contacted_on="2026-11-24", contacted_at="10:00"
        )

    blocks = [str(each) for each in (await somebody.top_view())["blocks"]]

    [said] = [n for n, each in enumerate(blocks) if "お預かりしてよいですか" in each]
    [words] = [n for n, each in enumerate(blocks) if "'block_id': 'story~" in each]
    [box] = [n for n, each in enumerate(blocks) if "'block_id': 'keep~" in each]
    assert said < words < box
