"""The record that stays: drawn up without anybody in it, looked at by a person, and let in by a gate."""

import hashlib
import json

import pytest

from bot.domain.casework import Contact
from bot.domain.refusals import Initials, Missing, StillNamed, TwelveDigits
from bot.domain.staff import THE_CLOCK
from bot.privacy import beside
from bot.store.records import SQL
from bot.store.rows import encode
from bot.usecases import callbacks, case_names, closing, hearing, record_trail, records
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import Identified
from bot.usecases.records import AlreadyKept, Said, Unusual
from handlers.replies import said
from tests.desk import FOUR

AGREED = Said(agreement="not_needed")
STORY = "ひとり暮らしの80代の女性です。父は住職で、借金が253万円あります。訪問を断られます。"


async def opens(desk, **given) -> str:
    """A record that lies before 佐藤, to be confirmed."""
    number = await desk.given_closed(**{"story": STORY, **given})
    await desk.sato.open_home()
    await desk.sato.presses("record.open", where="home")
    return await desk.id_of(number)


async def block(somebody, name: str) -> dict:
    """An answer of the form in front, as it is drawn."""
    view = await somebody.top_view()
    return next(each for each in view["blocks"] if each.get("block_id", "").split("~")[0] == name)


async def typed(somebody, name: str) -> str:
    return (await block(somebody, name))["element"].get("initial_value", "")


async def chosen(somebody, name: str) -> str | None:
    element = (await block(somebody, name))["element"]
    return element.get("initial_option", {}).get("value")


async def box(somebody, words: str) -> str:
    """The value of the box with these words."""
    options = (await block(somebody, "standing"))["element"]["options"]
    return next(each["value"] for each in options if words in each["text"]["text"])


async def kept(desk) -> dict:
    [record] = await desk.rows("SELECT * FROM records")
    return record


async def confirms(desk, texts, said=AGREED, by="U_SATO"):
    [row] = await desk.rows("SELECT id FROM consultations ORDER BY number DESC LIMIT 1")
    return await records.confirm(desk.bot.desk, await desk.actor(by), row["id"], texts, said)


# Drawn up


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


# Left standing


async def test_what_a_person_ticks_stands_again_and_a_second_person_is_asked(desk):
    await opens(desk)

    await desk.sato.fills_and_sends(agreement="supporter", standing=[await box(desk.sato, "253万円")])

    record = await kept(desk)
    assert "父はある仕事で、借金が253万円あります。" in record["situation"]
    assert json.loads(record["unusual"]) == ["sum"]
    [review] = await desk.rows("SELECT * FROM record_reviews")
    assert (review["record"], review["offered_by"], review["decision"]) == (record["id"], "U_SATO", None)


async def test_where_nothing_unusual_stands_nobody_else_is_asked(desk):
    """The control of the test above."""
    await opens(desk)

    await desk.sato.fills_and_sends(agreement="supporter")

    assert json.loads((await kept(desk))["unusual"]) == []
    assert await desk.how_many("record_reviews") == 0


async def test_what_is_typed_later_comes_back_with_a_general_word_and_its_own_box(sqlite_desk):
    desk = sqlite_desk
    await opens(desk)

    await desk.sato.fills_and_sends(
        agreement="person",
        situation="猫が23匹いる。",
        advice="待つ。",
        household="couple",
        offered=["offered"],
    )

    assert await desk.how_many("records") == 0
    assert await typed(desk.sato, "situation") == "猫がたくさんいる。"
    assert await typed(desk.sato, "advice") == "待つ。"  # nothing typed is lost
    assert (await chosen(desk.sato, "agreement"), await chosen(desk.sato, "household")) == (
        "person",
        "couple",
    )
    await desk.sato.fills_and_sends(standing=[await box(desk.sato, "23匹")])
    record = await kept(desk)
    assert record["situation"] == "猫が23匹いる。"
    assert json.loads(record["unusual"]) == ["animal"]


async def test_where_the_text_was_rewritten_what_is_put_back_is_shown_first(sqlite_desk):
    desk = sqlite_desk
    await opens(desk, story="借金が253万円、滞納が48万円ある。")
    standing = [await box(desk.sato, "48万円")]

    await desk.sato.fills_and_sends(
        agreement="person", situation="滞納がまとまった額ある。", standing=standing
    )

    assert await desk.how_many("records") == 0
    assert await typed(desk.sato, "situation") == "滞納が48万円ある。"
    assert "違っているかもしれません" in await desk.sato.reads("view")
    await desk.sato.fills_and_sends()
    assert (await kept(desk))["situation"] == "滞納が48万円ある。"


async def test_two_of_a_kind_are_put_back_where_each_stood(sqlite_desk):
    desk = sqlite_desk
    await opens(desk, story="借金が253万円、滞納が48万円、家賃が48万円ある。")

    await desk.sato.fills_and_sends(agreement="person", standing=[await box(desk.sato, "253万円")])

    assert (await kept(desk))["situation"] == "借金が253万円、滞納がまとまった額、家賃がまとまった額ある。"


async def test_a_name_and_an_unusual_fact_at_once_both_come_back(sqlite_desk):
    desk = sqlite_desk
    await opens(desk)
    standing = [await box(desk.sato, "253万円")]

    await desk.sato.fills_and_sends(
        agreement="person", formulation="中川ヨシ江さんは猫が23匹いる。", standing=standing
    )
    assert "中川" not in await typed(desk.sato, "formulation")
    await desk.sato.fills_and_sends()
    assert "たくさん" in await typed(desk.sato, "formulation")
    assert "253万円" in await typed(desk.sato, "situation")
    await desk.sato.fills_and_sends()

    record = await kept(desk)
    assert "253万円" in record["situation"]
    assert "23匹" not in record["formulation"]
    assert json.loads(record["unusual"]) == ["sum"]


# The gate


@pytest.mark.parametrize("name", records.TEXTS)
async def test_a_name_is_offered_masked_whichever_text_it_stands_in(sqlite_desk, name):
    desk = sqlite_desk
    await desk.given_closed()

    with pytest.raises(Identified) as refused:
        await confirms(desk, {name: "中川ヨシ江さんは訪問を断る。"})

    assert refused.value.field == name
    assert "中川" not in refused.value.found[name].masked
    assert await desk.how_many("records") == 0


async def test_a_name_known_in_the_case_does_not_pass_even_if_it_is_said_to_be_nobodys(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_closed()
    async with desk.db.transaction(await desk.actor("U_SATO")) as tx:
        known = case_names.Known("みどり", case_names.Label.PERSON, "A")
        await case_names.confirm(tx, await desk.id_of(number), Confirmed(names=(known,)))
    said = Said(agreement="person", names=Confirmed(kept=frozenset({"みどり"})))

    with pytest.raises(Identified) as refused:
        await confirms(desk, {"situation": "訪問を断られる。", "advice": "みどりの話を聞く。"}, said)

    assert refused.value.found["advice"].masked == "Aの話を聞く。"
    assert refused.value.is_own("みどり")  # no box: nobody is offered what would not be kept
    assert await desk.how_many("records") == 0


async def test_the_last_gate_says_in_which_text_a_name_is_left(sqlite_desk):
    """Even where whatever reads the words before it let it pass."""
    desk = sqlite_desk
    number = await desk.given_closed()
    consultation = await desk.id_of(number)
    async with desk.db.transaction(await desk.actor("U_SATO")) as tx:
        known = case_names.Known("みどり", case_names.Label.PERSON, "A")
        await case_names.confirm(tx, consultation, Confirmed(names=(known,)))
    async with desk.db.reading() as ask:
        case = await case_names.case_of(ask, consultation)
    read = records.Screened({"advice": "みどりの話を聞く。"}, Confirmed(kept=frozenset({"みどり"})))

    with pytest.raises(StillNamed) as refused:
        await records.checked(read, case, AGREED)

    assert (refused.value.field, refused.value.places) == ("advice", 1)
    assert "「助言」に、お名前のようなところが1か所" in said(refused.value, desk.clock.now)


async def test_what_is_nobodys_name_passes_when_a_person_says_so(sqlite_desk):
    """The control of the test above: nothing is known, so the word of a person counts."""
    desk = sqlite_desk
    await desk.given_closed()
    said = Said(agreement="person", names=Confirmed(kept=frozenset({"中川"})))

    assert (await confirms(desk, {"advice": "中川の話を聞く。"}, said)).advice == "中川の話を聞く。"


async def test_dates_do_not_pass(sqlite_desk):
    desk = sqlite_desk
    await desk.given_closed()

    with pytest.raises(Identified) as refused:
        await confirms(desk, {"situation": "令和3年5月3日に退職した。"})

    masked = refused.value.found["situation"].masked
    assert masked.startswith("X年") and "5月" not in masked


async def test_twelve_digits_do_not_pass(sqlite_desk):
    desk = sqlite_desk
    await desk.given_closed()

    with pytest.raises(TwelveDigits) as refused:
        await confirms(desk, {"outcome": "番号は123456789018です。"})

    assert refused.value.field == "outcome"


@pytest.mark.parametrize("text", ["Yさんは断る。", "TKさんは断る。", "AさんとCさんの話。"])
async def test_initials_do_not_pass(sqlite_desk, text):
    desk = sqlite_desk
    await desk.given_closed()

    with pytest.raises(Initials) as refused:
        await confirms(desk, {"situation": text})

    assert refused.value.field == "situation"


async def test_initials_with_points_are_masked_like_a_name(sqlite_desk):
    desk = sqlite_desk
    await desk.given_closed()

    with pytest.raises(Identified) as refused:
        await confirms(desk, {"situation": "T.K.は断る。"})

    assert refused.value.found["situation"].masked == "Aは断る。"


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Aさんは断る。Bさんもいる。", ""),
        ("Cさんは断る。", "C"),
        ("担当のPTさんが行く。", ""),
        ("A4の紙に書く。", ""),
    ],
)
async def test_letters_that_stand_for_somebody_pass(sqlite_desk, text, letters):
    """The control of the test above."""
    desk = sqlite_desk
    await desk.given_closed()

    assert (
        await confirms(desk, {"situation": text}, Said(agreement="person", letters=letters))
    ).situation == text


async def test_an_initial_is_told_on_its_field_and_nothing_typed_is_lost(sqlite_desk):
    desk = sqlite_desk
    await opens(desk)

    answer = await desk.sato.fills_and_sends(agreement="person", advice="Yさんに声をかける。")

    assert [name.split("~")[0] for name in answer["errors"]] == ["advice"]
    assert "「Y」は、イニシャルのように見えます" in await desk.sato.refused(answer)
    assert await desk.how_many("records") == 0


@pytest.mark.parametrize("missing", ["agreement", "purpose"])
async def test_a_record_says_what_it_is_kept_for_and_who_agreed(sqlite_desk, missing):
    desk = sqlite_desk
    await desk.given_closed()
    said = Said(**{"agreement": "person", "purpose": "learning", missing: None})

    with pytest.raises(Missing) as refused:
        await confirms(desk, {"situation": "訪問を断られる。"}, said)

    assert refused.value.field == missing


async def test_a_code_that_is_on_no_list_is_not_kept(sqlite_desk):
    desk = sqlite_desk
    await desk.given_closed()

    with pytest.raises(Missing):
        await confirms(desk, {}, Said(agreement="person", household="castle"))


async def test_an_unusual_fact_nobody_spoke_for_does_not_pass(sqlite_desk):
    desk = sqlite_desk
    await desk.given_closed()

    with pytest.raises(Unusual) as refused:
        await confirms(desk, {"situation": "猫が23匹いる。"})

    assert (refused.value.field, refused.value.places) == ("situation", 1)


async def test_without_the_gate_a_name_would_be_kept(sqlite_desk, monkeypatch):
    """The control of all these: where nothing is found, nothing is stopped."""
    from bot.privacy.anonymizer import Anonymized

    async def blind(text, *_known, **_more):
        return Anonymized(text, (), text, refused=False)

    monkeypatch.setattr(beside, "read", blind)
    desk = sqlite_desk
    await desk.given_closed()

    assert "中川" in (await confirms(desk, {"situation": "中川ヨシ江さんは訪問を断る。"})).situation


# Kept


async def test_a_record_keeps_what_was_said_with_it_and_a_hash_over_everything(desk):
    await desk.given_closed()
    said = Said("senior", "female", "alone", "approach", "learning", "family")

    record = await confirms(desk, {"situation": "訪問を断られる。"}, said)

    row = await kept(desk)
    assert (row["age_band"], row["sex"], row["household"], row["theme"]) == (
        "senior",
        "female",
        "alone",
        "approach",
    )
    assert (row["purpose"], row["agreement"], row["ruleset"]) == ("learning", "family", records.RULESET)
    assert row["likeness"] == 1
    told = {**encode(record), "hash": ""}
    assert (
        record.hash
        == hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    )


async def test_a_record_that_was_changed_behind_the_desks_back_is_named(desk):
    await desk.given_closed()
    record = await confirms(desk, {"situation": "訪問を断られる。"})
    async with desk.db.reading() as ask:
        assert await record_trail.verify(ask) == ()

    where = " ON records" if desk.db.dialect == "postgresql" else ""
    async with desk.db.transaction(THE_CLOCK) as tx:
        for trigger in ("records_are_not_edited", "records_stay_what_they_were"):
            await tx.connection.rows(f"DROP TRIGGER IF EXISTS {trigger}{where}", {})
        await tx.connection.rows("UPDATE records SET sex = 'male'", {})

    async with desk.db.reading() as ask:
        assert await record_trail.verify(ask) == (record.id,)


async def test_a_name_learnt_while_the_record_was_read_is_still_caught(sqlite_desk, monkeypatch):
    """Somebody confirms a name for the case between the reading and the keeping."""
    desk = sqlite_desk
    number = await desk.given_closed()
    consultation, sato = await desk.id_of(number), await desk.actor("U_SATO")
    gate = records._gate
    asked = []

    async def slow(read, case):
        await gate(read, case)
        if not asked:
            asked.append(1)
            async with desk.db.transaction(sato) as tx:
                known = case_names.Known("みどり", case_names.Label.PERSON, "A")
                await case_names.confirm(tx, consultation, Confirmed(names=(known,)))

    monkeypatch.setattr(records, "_gate", slow)

    with pytest.raises(Identified):
        await records.confirm(desk.bot.desk, sato, consultation, {"situation": "みどりの話を聞く。"}, AGREED)

    assert await desk.how_many("records") == 0


@pytest.mark.parametrize("person", ["U_SUZUKI", "U_TANAKA", "U_TAKAGI"])
async def test_nobody_else_learns_a_name_of_the_case_by_sending_the_form(sqlite_desk, person):
    desk = sqlite_desk
    number = await desk.given_closed(contact=Contact(name="湖北花子", phone="090-1234-5678"))

    answer = await desk.person(person).sends_anyway(
        "record.submit",
        {"c": await desk.id_of(number)},
        situation={"type": "plain_text_input", "value": "湖北さんの話。"},
        agreement={"type": "radio_buttons", "selected_option": {"value": "person"}},
        purpose={"type": "radio_buttons", "selected_option": {"value": "support"}},
    )

    assert await desk.how_many("records") == 0
    assert "このように伏せました" not in str(answer)


async def test_what_was_masked_in_the_record_joins_the_dictionary_of_the_case(sqlite_desk):
    desk = sqlite_desk
    consultation = await opens(desk)

    await desk.sato.fills_and_sends(agreement="person", situation="中川ヨシ江さんは訪問を断る。")
    await desk.sato.fills_and_sends()

    async with desk.db.reading() as ask:
        known = (await case_names.case_of(ask, consultation)).known
    assert "中川ヨシ江" in {each.surface for each in known}


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


# Names, on the first screen already


async def test_a_name_somebody_adds_is_masked_in_every_text_and_kept_in_mind(sqlite_desk):
    desk = sqlite_desk
    consultation = await opens(desk, formulation="はなまるの不安が強い。")

    await desk.sato.fills_and_sends(agreement="person", more_names="はなまる", advice="はなまるの話を聞く。")

    record = await kept(desk)
    assert "はなまる" not in record["formulation"] + record["advice"]
    async with desk.db.reading() as ask:
        known = (await case_names.case_of(ask, consultation)).known
    assert "はなまる" in {each.surface for each in known}


async def test_what_was_masked_though_nobodys_name_is_put_back_with_one_tick(sqlite_desk):
    """Words that were kept before anything could be found in them."""
    desk = sqlite_desk
    number = await desk.given_heard()
    sato, consultation = await desk.actor("U_SATO"), await desk.id_of(number)
    async with desk.db.transaction(sato) as tx:
        await tx.casework.write(consultation, "summary", "中川ヨシ江さんの話を聞く。")
    ending = closing.Closing((), "advice_closed", "resolved")
    await closing.close(desk.bot.desk, sato, consultation, ending)
    await desk.settle()
    await desk.sato.open_home()
    await desk.sato.presses("record.open", where="home")
    assert "Aさんの話を聞く。" in await typed(desk.sato, "situation")
    [option] = (await block(desk.sato, "keep"))["element"]["options"]

    await desk.sato.fills_and_sends(agreement="person", keep=[option["value"]])

    assert "中川ヨシ江さんの話を聞く。" in (await kept(desk))["situation"]


async def test_a_tick_for_a_name_outlives_the_form_that_comes_back_for_something_else(sqlite_desk):
    desk = sqlite_desk
    await opens(desk)
    await desk.sato.fills_and_sends(agreement="person", advice="中川ヨシ江さんの話を聞く。")
    [option] = (await block(desk.sato, "keep"))["element"]["options"]

    await desk.sato.fills_and_sends(keep=[option["value"]], outcome="猫が23匹いる。")
    assert await typed(desk.sato, "outcome") == "猫がたくさんいる。"
    assert await typed(desk.sato, "advice") == "中川ヨシ江さんの話を聞く。"
    await desk.sato.fills_and_sends()

    assert (await kept(desk))["advice"] == "中川ヨシ江さんの話を聞く。"


async def test_words_too_long_for_a_box_are_counted(sqlite_desk):
    desk = sqlite_desk
    await opens(desk, story="「" + "わしの世話はいらんと言うとるやろ、" * 10 + "」と怒鳴る。")

    assert await typed(desk.sato, "situation") == "（発言）と怒鳴る。"
    assert "並べられないところが1つあります" in await desk.sato.reads("view")
    await desk.sato.fills_and_sends(agreement="person")
    assert (await kept(desk))["situation"] == "（発言）と怒鳴る。"


# What was said earlier, and what is said in passing


async def heard_and_closed(desk, number, by="U_SATO", formulation="疲れている。"):
    """A consultation that came in somehow, heard and closed by its holder."""
    consultation, actor = await desk.id_of(number), await desk.actor(by)
    await callbacks.claim(desk.bot.desk, actor, consultation)
    day = desk.clock.now.date()
    heard = hearing.Heard((), (), formulation, "休む。", "電話", day)
    await hearing.hear(desk.bot.desk, actor, consultation, heard, once=desk.once())
    await closes(desk, number, by)
    return consultation


async def closes(desk, number, by="U_SATO"):
    ending = closing.Closing(("advice_closed",), "advice_closed", "resolved")
    await closing.close(desk.bot.desk, await desk.actor(by), await desk.id_of(number), ending)
    await desk.settle()


async def opens_record(desk, somebody=None):
    somebody = somebody or desk.sato
    await somebody.open_home()
    await somebody.presses("record.open", where="home")
    return somebody


def options(form) -> list[str]:
    return [each["value"] for each in form["element"]["options"]]


async def asks_unmasked(desk, story):
    """Somebody asks, and ticks every box: nothing of it is anybody's name."""
    await desk.takagi.command("/相談")
    await desk.takagi.fills_and_sends(**{**FOUR, "story": story})
    await desk.takagi.fills_and_sends(keep=options(await block(desk.takagi, "keep")))
    return await desk.newest_number()


async def test_what_was_unmasked_at_the_door_is_masked_in_the_record_all_the_same(sqlite_desk):
    desk = sqlite_desk
    number = await asks_unmasked(desk, "中川ヨシ江さんは訪問を断る。")
    consultation = await heard_and_closed(desk, number)
    async with desk.db.reading() as ask:
        written = await ask.casework.words_of(consultation)
    assert "中川ヨシ江さんは訪問を断る。" in {
        each.text for each in written
    }  # the control: in the notes it stands

    await opens_record(desk)
    assert "Aさんは訪問を断る。" in await typed(desk.sato, "situation")
    await desk.sato.fills_and_sends(agreement="person")

    assert (await kept(desk))["situation"] == "Aさんは訪問を断る。"
    assert await desk.how_many("record_reviews") == 0
    async with desk.db.reading() as ask:
        written = await ask.casework.words_of(consultation)
    assert "中川ヨシ江さんは訪問を断る。" in {
        each.text for each in written
    }  # who asked said it stays in the notes: nobody said otherwise


async def test_what_is_unmasked_in_the_record_needs_a_second_person(desk):
    number = await asks_unmasked(desk, "中川ヨシ江さんは訪問を断る。")
    await heard_and_closed(desk, number)
    await opens_record(desk)
    assert "もう一人が確かめるまで" in str(await block(desk.sato, "keep"))

    await desk.sato.fills_and_sends(agreement="person", keep=options(await block(desk.sato, "keep")))

    record = await kept(desk)
    assert "中川ヨシ江さん" in record["situation"]
    assert json.loads(record["unusual"]) == ["unmasked"]
    assert await desk.how_many("record_reviews") == 1


async def test_a_name_is_unmasked_only_where_it_was_shown(sqlite_desk):
    """林さんの店 is a shop; 林さん who is angry is somebody."""
    desk = sqlite_desk
    await opens(desk, story="訪問を断られる。")
    await desk.sato.fills_and_sends(agreement="person", situation="林さんの店で倒れた。")

    await desk.sato.fills_and_sends(keep=options(await block(desk.sato, "keep")), advice="林さんは怒る。")

    assert await desk.how_many("records") == 0
    assert await typed(desk.sato, "situation") == "Aさんの店で倒れた。"
    assert await typed(desk.sato, "advice") == "Aさんは怒る。"
    [box_] = (await block(desk.sato, "keep"))["element"]["options"]  # the old tick is gone
    await desk.sato.fills_and_sends(keep=[box_["value"]])  # now that both were shown, both count
    assert ((await kept(desk))["situation"], (await kept(desk))["advice"]) == (
        "林さんの店で倒れた。", "林さんは怒る。",
    )  # fmt: skip


async def test_a_name_that_was_unmasked_where_it_stands_is_asked_no_more(sqlite_desk):
    """The control of the test above; other words may be typed, and the same sign in another word is no new place."""
    desk = sqlite_desk
    await opens(desk, story="訪問を断られる。")
    await desk.sato.fills_and_sends(agreement="person", situation="林さんの店で倒れた。林業の町。")

    await desk.sato.fills_and_sends(keep=options(await block(desk.sato, "keep")), advice="声をかける。")

    assert (await kept(desk))["situation"] == "林さんの店で倒れた。林業の町。"


async def test_an_unusual_fact_stands_only_where_it_was_ticked(sqlite_desk):
    desk = sqlite_desk
    await opens(desk, story="借金が253万円ある。")

    await desk.sato.fills_and_sends(
        agreement="person", standing=[await box(desk.sato, "253万円")], advice="隣人の貯金も253万円ある。"
    )
    assert await desk.how_many("records") == 0
    assert await typed(desk.sato, "situation") == "借金が253万円ある。"
    assert await typed(desk.sato, "advice") == "隣人の貯金もまとまった額ある。"
    await desk.sato.fills_and_sends(situation="借金が253万円ある。滞納も253万円ある。")

    assert await desk.how_many("records") == 0
    assert await typed(desk.sato, "situation") == "借金がまとまった額ある。滞納もまとまった額ある。"
    await desk.sato.fills_and_sends()
    record = await kept(desk)
    assert "253" not in record["situation"] + record["advice"]


async def test_a_form_that_came_back_says_at_its_top_why(sqlite_desk):
    desk = sqlite_desk
    await opens(desk, story="訪問を断られる。")
    assert "あと1か所ありました" not in await desk.sato.reads("view")

    await desk.sato.fills_and_sends(agreement="person", advice="猫が23匹いる。")

    view = await desk.sato.top_view()
    assert "めずらしい事実が、あと1か所ありました" in str(view["blocks"][0])


async def test_nothing_typed_is_lost_where_general_words_are_longer(sqlite_desk):
    desk = sqlite_desk
    await opens(desk, story="訪問を断られる。")
    head, tail = "猫が23匹いる。", "おわりのことば。"
    filled = ("訪問を断られる。" * 400)[: 3000 - len(head + tail)]

    await desk.sato.fills_and_sends(agreement="person", situation=head + filled + tail)

    now = await typed(desk.sato, "situation")
    assert now.startswith("猫が■いる。")
    assert now.endswith(tail)
    assert len(now) <= 3000
    await desk.sato.fills_and_sends()
    assert (await kept(desk))["situation"] == now


async def test_more_facts_than_boxes_are_counted(sqlite_desk):
    desk = sqlite_desk
    await opens(desk, story="訪問を断られる。")
    text = "".join(f"{1201 + n}円と" for n in range(130)) + "。"

    await desk.sato.fills_and_sends(agreement="person", situation=text)

    assert len((await block(desk.sato, "standing"))["element"]["options"]) == 100
    assert "並べられないところが30つあります" in await desk.sato.reads("view")


# Kept by somebody else, or put away for later


async def test_words_of_somebody_who_comes_second_do_not_vanish(desk):
    await opens(desk, story="訪問を断られる。")
    await confirms(desk, {"situation": "もう残した。"}, by="U_YAMAMOTO")

    answer = await desk.sato.fills_and_sends(agreement="person", situation="一時間かけて直した文。")

    assert (await kept(desk))["situation"] == "もう残した。"
    assert "先に残してくださいました" in await desk.sato.reads("view") + str(answer)
    await desk.sato.close()
    view = await desk.sato.top_view()
    assert view is not None
    assert view["callback_id"] == "record.submit"  # the form is still open under what was said


async def test_the_same_words_of_the_same_person_are_kept_once(desk):
    """The control of the test above."""
    await desk.given_closed()

    first = await confirms(desk, {"situation": "訪問を断られる。"})
    again = await confirms(desk, {"situation": "訪問を断られる。"})

    assert again.id == first.id
    for texts, by in (
        ({"situation": "ほかの文。"}, "U_SATO"),
        ({"situation": "訪問を断られる。"}, "U_YAMAMOTO"),
    ):
        with pytest.raises(AlreadyKept) as refused:
            await confirms(desk, texts, by=by)
        assert refused.value.by == "U_SATO"
    assert await desk.how_many("records") == 1


async def test_a_record_that_is_kept_is_not_drawn_up_again(sqlite_desk):
    desk = sqlite_desk
    number = await desk.given_closed()
    await confirms(desk, {"situation": "訪問を断られる。"})

    with pytest.raises(AlreadyKept):
        await records.propose(desk.bot.desk, await desk.actor("U_YAMAMOTO"), await desk.id_of(number))


async def test_a_window_that_is_closed_keeps_what_was_typed(desk):
    await opens(desk)
    standing = [await box(desk.sato, "253万円")]
    await desk.sato.fill(
        situation="父はある仕事で、借金がまとまった額ある。中川ヨシ江さんと話す。", standing=standing
    )

    await desk.sato.close(clear=True)
    await desk.settle()
    [draft] = await desk.rows("SELECT * FROM drafts")
    assert draft["form"] == "record"
    assert "借金" not in str(draft)  # sealed
    await opens_record(desk)

    assert "書きかけから続けています" in await desk.sato.reads("view")
    assert await typed(desk.sato, "situation") == "父はある仕事で、借金が253万円ある。Aさんと話す。"
    assert "住職" in str(await block(desk.sato, "standing"))  # what was not ticked can still be
    await desk.sato.fills_and_sends(agreement="person")
    assert "253万円ある。Aさんと話す。" in (await kept(desk))["situation"]
    assert await desk.how_many("drafts") == 0


async def test_a_window_that_was_only_looked_at_leaves_no_draft(sqlite_desk):
    """The control of the test above."""
    desk = sqlite_desk
    await opens(desk)

    await desk.sato.close(clear=True)
    await desk.settle()

    assert await desk.how_many("drafts") == 0


async def test_a_draft_of_an_earlier_closing_is_not_taken_for_this_one(sqlite_desk):
    desk = sqlite_desk
    consultation = await opens(desk)
    await desk.sato.fill(situation="まえの下書き。")
    await desk.sato.close(clear=True)
    await desk.settle()
    sato = await desk.actor("U_SATO")
    desk.clock.advance(minutes=5)
    await closing.reopen(desk.bot.desk, sato, consultation)
    await heard_and_closed(desk, await desk.newest_number())

    assert (await records.propose(desk.bot.desk, sato, consultation)).draft is None


# Merged, long, and called by another name


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


async def confirms_for(desk, number, texts, said=AGREED):
    return await records.confirm(
        desk.bot.desk, await desk.actor("U_SATO"), await desk.id_of(number), texts, said
    )


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


async def test_a_surname_of_two_people_is_asked_about(sqlite_desk):
    desk = sqlite_desk
    await opens(desk, story="訪問を断られる。")

    await desk.sato.fills_and_sends(
        agreement="person", situation="中川ヨシ江さんと中川太郎さん。中川さんは怒る。"
    )

    assert await typed(desk.sato, "situation") == "AさんとBさん。Cさんは怒る。"
    assert "「中川」という名字の方が2人（A・B）いる" in await desk.sato.reads("view")


async def test_a_surname_of_one_person_is_not_asked_about(sqlite_desk):
    """The control of the test above."""
    desk = sqlite_desk
    await opens(desk, story="訪問を断られる。")

    await desk.sato.fills_and_sends(agreement="person", situation="中川ヨシ江さんと林さん。中川さんは怒る。")

    assert await typed(desk.sato, "situation") == "AさんとBさん。Aさんは怒る。"
    assert "という名字の方が" not in await desk.sato.reads("view")
