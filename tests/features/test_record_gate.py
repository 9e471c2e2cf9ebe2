"""The last gate before a record stays: nothing that points at anybody comes through."""

import pytest

from bot.domain.casework import Contact
from bot.domain.refusals import Initials, Missing, StillNamed, TwelveDigits
from bot.privacy import beside
from bot.usecases import case_names, records
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import Identified
from bot.usecases.records import Said
from handlers.replies import said
from tests.records import AGREED, confirms, opens


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
        await records.checked(read, case, frozenset(), "")

    assert (refused.value.field, refused.value.places) == ("advice", 1)
    assert "「助言」に、お名前のようなところが1か所" in said(refused.value, desk.clock.now)


async def test_the_last_gate_refuses_twelve_digits_by_itself():
    """Whatever read the words before it."""
    texts = {"situation": "訪問を断られる。", "outcome": "番号は123456789018です。"}

    with pytest.raises(TwelveDigits) as refused:
        await records.checked(records.Screened(texts), case_names.Case(), frozenset(), "")

    assert refused.value.field == "outcome"
    fine = records.Screened({**texts, "outcome": "番号は書きません。"})
    assert await records.checked(fine, case_names.Case(), frozenset(), "") == ()  # the control


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


async def test_without_the_gate_a_name_would_be_kept(sqlite_desk, monkeypatch):
    """The control of all these: where nothing is found, nothing is stopped."""
    from bot.privacy.anonymizer import Anonymized

    async def blind(text, *_known, **_more):
        return Anonymized(text, (), text, refused=False)

    monkeypatch.setattr(beside, "read", blind)
    desk = sqlite_desk
    await desk.given_closed()

    assert "中川" in (await confirms(desk, {"situation": "中川ヨシ江さんは訪問を断る。"})).situation


@pytest.mark.parametrize("learnt", [True, False])
async def test_a_name_learnt_while_the_record_was_read_is_still_caught(desk, monkeypatch, learnt):
    """Somebody confirms a name for the case between the reading and the keeping; nobody would know it for one."""
    number = await desk.given_closed()
    consultation, sato = await desk.id_of(number), await desk.actor("U_SATO")
    yamamoto, text = await desk.actor("U_YAMAMOTO"), {"situation": "もじゃの話を聞く。"}
    real, read = records.checked, []

    async def slow(*asked):
        kinds = await real(*asked)
        read.append(kinds)
        if learnt and len(read) == 1:
            known = case_names.Known("もじゃ", case_names.Label.PERSON, "A")
            async with desk.db.transaction(yamamoto) as tx:
                await case_names.confirm(tx, consultation, Confirmed(names=(known,)))
        return kinds

    monkeypatch.setattr(records, "checked", slow)

    if learnt:
        with pytest.raises(Identified) as refused:
            await records.confirm(desk.bot.desk, sato, consultation, text, AGREED)
        assert refused.value.found["situation"].masked == "Aの話を聞く。"
    else:  # the control: where nobody named it, it passes
        await records.confirm(desk.bot.desk, sato, consultation, text, AGREED)

    assert len(read) == 1  # it was let through once, before the name was learnt
    assert await desk.how_many("records") == (0 if learnt else 1)


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
