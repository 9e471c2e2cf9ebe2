"""The record that stays: drawn up without anybody in it, looked at by a person, and let in by a gate."""

import hashlib
import json

import pytest

from bot.domain.casework import Contact
from bot.domain.refusals import Initials, Missing, StillNamed, TwelveDigits
from bot.domain.staff import THE_CLOCK
from bot.store.records import SQL
from bot.store.rows import encode
from bot.usecases import case_names, closing, hearing, records
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import Identified
from bot.usecases.records import Said, Unusual

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
    assert "まだ少ないため、検索では地域を広げて示します" in await desk.sato.reads("view")
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

    with pytest.raises(StillNamed) as refused:
        await confirms(desk, {"situation": "訪問を断られる。", "advice": "みどりの話を聞く。"}, said)

    assert (refused.value.field, refused.value.places) == ("advice", 1)
    assert await desk.how_many("records") == 0


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
    from bot.privacy import beside
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
        assert await records.verify(ask) == ()

    where = " ON records" if desk.db.dialect == "postgresql" else ""
    async with desk.db.transaction(THE_CLOCK) as tx:
        await tx.connection.rows(f"DROP TRIGGER records_are_not_edited{where}", {})
        await tx.connection.rows("UPDATE records SET sex = 'male'", {})

    async with desk.db.reading() as ask:
        assert await records.verify(ask) == (record.id,)


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
        known = {each.surface for each in await case_names.known_of(ask, consultation)}
    assert "中川ヨシ江" in known


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

    assert "はじめの3,000字まで" in await desk.sato.reads("view")


# Names, on the first screen already


async def test_a_name_somebody_adds_is_masked_in_every_text_and_kept_in_mind(sqlite_desk):
    desk = sqlite_desk
    consultation = await opens(desk, formulation="はなまるの不安が強い。")

    await desk.sato.fills_and_sends(agreement="person", more_names="はなまる", advice="はなまるの話を聞く。")

    record = await kept(desk)
    assert "はなまる" not in record["formulation"] + record["advice"]
    async with desk.db.reading() as ask:
        assert "はなまる" in {each.surface for each in await case_names.known_of(ask, consultation)}


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
    assert "長い発言が1つあります" in await desk.sato.reads("view")
    await desk.sato.fills_and_sends(agreement="person")
    assert (await kept(desk))["situation"] == "（発言）と怒鳴る。"
