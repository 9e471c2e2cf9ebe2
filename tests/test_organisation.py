"""The organisation file: what it says, and what is said when it is wrong."""

import copy
import tomllib
from datetime import datetime

import pytest

from bot import codes, organisation
from bot.organisation import OrganisationMistakes


def written():
    return tomllib.loads(organisation.EXAMPLE.read_text(encoding="utf-8"))


def mistakes_of(change):
    data = copy.deepcopy(written())
    change(data)
    with pytest.raises(OrganisationMistakes) as stopped:
        organisation.read(data)
    return stopped.value.sentences


def put(path, value):
    def change(data):
        *tables, last = path.split(".")
        for table in tables:
            data = data[int(table)] if isinstance(data, list) else data.setdefault(table, {})
        data[int(last) if isinstance(data, list) else last] = value

    return change


def drop(path):
    def change(data):
        *tables, last = path.split(".")
        for table in tables:
            data = data[table]
        del data[last]

    return change


def test_the_example_is_whole():
    here = organisation.load()

    assert here.phone == "077-561-3811"
    assert here.channels.callbacks == "C_CALLBACKS"
    assert [entry.label for entry in here.emergency][:2] == ["警察", "救急・消防"]
    assert here.emergency[0].number == "110"
    assert len(here.offered("municipalities")) == 22
    assert {entry.code for entry in here.offered("routes")} == set(written()["intake"]["routes"])
    assert here.offered("urgency") == codes.options("urgency")


def test_friday_evening_before_a_long_weekend():
    here = organisation.load()
    friday = datetime.fromisoformat("2026-11-20T17:05+09:00")
    said = {
        urgency: here.promise(urgency, friday).strftime("%m-%d %H:%M")
        for urgency in ("u1", "u2", "u3", "u4", "u5")
    }
    assert said == {
        "u1": "11-24 10:00",
        "u2": "11-24 10:00",
        "u3": "11-24 17:00",
        "u4": "11-26 17:00",
        "u5": "11-30 17:00",
    }


def test_without_a_word_about_it_things_are_kept_as_in_the_example():
    data = copy.deepcopy(written())
    del data["retention"]

    assert organisation.read(data).retention == organisation.load().retention


def test_a_claim_is_reminded_before_it_expires():
    claim = organisation.load().claim
    for urgency in ("u1", "u2", "u3", "u4", "u5"):
        assert 0 < claim.remind_before < getattr(claim.expires_after, urgency)


@pytest.mark.parametrize(
    ("change", "key", "says"),
    [
        (drop("name"), "name", "がありません"),
        (put("name", 3), "name", "読み取れません"),
        (put("name", " "), "name", "空です"),
        (put("nam", "x"), "nam", "「name」のこと"),
        (put("zzzzqq", 1), "zzzzqq", "行を消して"),
        (put("phone", "12-34"), "phone", "市外局番"),
        (put("municipalities", "nowhere"), "municipalities", "見つかりません"),
        (put("municipalities", "./nowhere.json"), "municipalities", "見つかりません"),
        (put("municipalities", "urgency"), "municipalities", "見つかりません"),
        (put("hours.mon", "9-17"), "hours.mon", "09:00-17:00"),
        (put("hours.mon", "25:00-26:00"), "hours.mon", "09:00-17:00"),
        (put("hours.mon", "17:00-09:00"), "hours.mon", "早いほう"),
        (put("hours.mon", ["09:00-13:00", "12:00-17:00"]), "hours.mon", "重なって"),
        (put("hours", {"sun": []}), "hours", "開く日がありません"),
        (put("hours.closed", ["2020-01-01..2040-01-01"]), "hours", "開く日がありません"),
        (put("hours.closed", ["8月13日"]), "hours.closed", "2026-08-13"),
        (put("hours.closed", ["2026-08-16..2026-08-13"]), "hours.closed", "始まりより前"),
        (put("hours.year_end", "暮れ"), "hours.year_end", "12-29..01-03"),
        (put("hours.year_end", "13-40..01-03"), "hours.year_end", "12-29..01-03"),
        (put("hours.holidays_closed", "yes"), "hours.holidays_closed", "true"),
        (put("hours.extra", {"いつか": "09:00-12:00"}), "hours.extra", "2026-12-05"),
        (put("hours.lunch", "正午"), "hours.lunch", "12:00-13:00"),
        (drop("hours"), "hours", "[hours]"),
        (put("channels.callbacks", "#折り返し"), "channels.callbacks", "C0123ABCD"),
        (put("channels.coordinators", "C_CALLBACKS"), "channels.callbacks", "同じです"),
        (put("promises.u1", {}), "promises.u1", "どちらかひとつ"),
        (put("promises.u1", {"minutes": 5, "day": 1}), "promises.u1", "どちらかひとつ"),
        (put("promises.u1", {"minutes": 0}), "promises.u1.minutes", "minutes = 60"),
        (put("promises.u2.at_least", "60"), "promises.u2.at_least", "at_least = 60"),
        (put("promises.u3.day", -1), "promises.u3.day", "day = 1"),
        (drop("promises.u5"), "promises.u5", "[promises]"),
        (put("claim.remind_before", 30), "claim.expires_after.u1", "短い分数"),
        (put("claim.expires_after.u3", 0), "claim.expires_after.u3", "分"),
        (put("duty.people", ["佐藤"]), "duty.people", "メンバー ID"),
        (put("duty.repeat_minutes", 0), "duty.repeat_minutes", "repeat_minutes = 10"),
        (put("duty.outside_hours", "はい"), "duty.outside_hours", "true"),
        (put("retention.consultation", {}), "retention.consultation", "どちらかひとつ"),
        (put("retention.consultation", {"years": 1, "days": 1}), "retention.consultation", "どちらかひとつ"),
        (put("retention.consultation", 5), "retention.consultation", "years = 5"),
        (put("retention.withdrawn.years", -1), "retention.withdrawn.years", "0 から 100"),
        (put("retention.feedback_drafts.days", 0), "retention.feedback_drafts.days", "days = 90"),
        (put("retention.grace_days", 0), "retention.grace_days", "grace_days = 35"),
        (put("retention", "ながく"), "retention", "[retention]"),
        (put("retention.graze_days", 1), "retention.graze_days", "「grace_days」のこと"),
        (put("emergency", []), "emergency", "police"),
        (put("emergency.0.code", "polise"), "emergency", "polise"),
        (put("emergency.0", {"label": "どこか"}), "number", "number ="),
        (put("emergency.6.confirmed", "きのう"), "confirmed", "2026-11-01"),
        (put("intake.routes", ["phone", "pigeon"]), "intake.routes", "pigeon"),
        (put("intake.routes", []), "intake.routes", "空です"),
        (put("intake.colours", ["red"]), "intake.colours", "ありません"),
    ],
)
def test_a_mistake_in_the_file_is_one_sentence_that_names_the_key(change, key, says):
    sentences = mistakes_of(change)

    assert len(sentences) == 1
    assert key in sentences[0]
    assert says in sentences[0]
    assert sentences[0].endswith(("。",))
    assert "{" not in sentences[0].replace("u1 = {", "").replace("u3 = {", "").replace("consultation = {", "")


def test_all_mistakes_are_told_at_once():
    def change(data):
        for one in (
            drop("name"),
            put("hours.mon", "9-17"),
            put("duty.people", ["x"]),
            put("emergency.0.code", "x"),
        ):
            one(data)

    assert len(mistakes_of(change)) == 4


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name = \n", "1行目"),
        (b'name = "a"\n\nx = [', "3行目"),
        (b"\xff\xff", "UTF-8"),
        (None, "見つかりません"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path, content, says):
    path = tmp_path / "mie.toml"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(OrganisationMistakes) as stopped:
        organisation.load(path)

    assert len(stopped.value.sentences) == 1
    assert says in stopped.value.sentences[0]


def test_another_prefecture_brings_its_own_municipalities(tmp_path):
    listed = codes.FOLDER / "municipalities.json"
    (tmp_path / "mie.json").write_bytes(listed.read_bytes())
    text = organisation.EXAMPLE.read_text(encoding="utf-8")
    (tmp_path / "mie.toml").write_text(
        text.replace('municipalities = "municipalities"', 'municipalities = "./mie.json"'), encoding="utf-8"
    )

    here = organisation.load(tmp_path / "mie.toml")

    assert here.places.name == "mie"


def test_every_hint_belongs_to_a_key():
    hints = {code for code in codes.load("organisation_mistakes").codes if code.startswith("hint.")}
    tables = {hint.split(".")[1] for hint in hints}
    assert tables <= set(organisation.Organisation.model_fields)


def test_a_folder_instead_of_a_file_is_one_sentence(tmp_path):
    with pytest.raises(OrganisationMistakes, match="読み取り"):
        organisation.load(tmp_path)
