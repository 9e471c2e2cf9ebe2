"""The settings and the organisation file: what they say, and what is said when they are wrong."""

import base64
import copy
import re
import threading
import tomllib
import traceback
from datetime import datetime
from pathlib import Path

import pytest

from bot import codes, config, organisation
from bot.config import Settings, SettingsMistake
from bot.organisation import OrganisationMistakes

ROOT = Path(__file__).parent.parent
KEY = base64.b64encode(bytes(range(32))).decode()
SECRET = "geheim-1234567"
TOKENS = {"SLACK_BOT_TOKEN": f"xoxb-{SECRET}", "SLACK_APP_TOKEN": f"xapp-{SECRET}"}


@pytest.fixture(autouse=True)
def _clean(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def settings(monkeypatch, **given):
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return config.load()


# -- settings


def test_without_tokens_it_is_practice(monkeypatch):
    here = settings(monkeypatch)

    assert here.practice
    assert here.database_url == "sqlite:///data/yorisoi.db"
    assert here.yorisoi_organisation is None


def test_with_both_tokens_it_is_slack(monkeypatch):
    assert not settings(monkeypatch, **TOKENS).practice


def test_empty_settings_are_settings_left_out(monkeypatch):
    here = settings(monkeypatch, SLACK_BOT_TOKEN="", SLACK_APP_TOKEN="", YORISOI_LOG_LEVEL="")
    assert here.practice
    assert here.yorisoi_log_level == "INFO"


def test_settings_are_read_from_the_env_file_and_the_environment_goes_first(monkeypatch):
    Path(".env").write_text(
        "YORISOI_LOG_LEVEL=debug\nYORISOI_PRACTICE_PORT=9000\nPATH_OF_SOMEONE=x\n", encoding="utf-8"
    )

    here = settings(monkeypatch, YORISOI_PRACTICE_PORT="0")

    assert here.yorisoi_log_level == "DEBUG"
    assert here.yorisoi_practice_port == 0


def test_a_slack_compatible_server_is_reached_at_its_url(monkeypatch):
    here = settings(monkeypatch, SLACK_API_URL="http://127.0.0.1:8080/api")
    assert here.slack_api_url == "http://127.0.0.1:8080/api/"


@pytest.mark.parametrize(
    ("given", "mistake"),
    [
        ({"SLACK_BOT_TOKEN": f"xoxb-{SECRET}"}, "token_missing"),
        ({"SLACK_APP_TOKEN": f"xapp-{SECRET}"}, "token_missing"),
        ({**TOKENS, "SLACK_BOT_TOKEN": SECRET}, "bot_token"),
        ({**TOKENS, "SLACK_BOT_TOKEN": "xoxb-"}, "bot_token"),
        ({**TOKENS, "SLACK_APP_TOKEN": f"xoxb-{SECRET}"}, "app_token"),
        ({"SLACK_API_URL": f"ftp://{SECRET}"}, "api_url"),
        ({"SLACK_API_URL": "slack.com/api"}, "api_url"),
        ({"SLACK_API_URL": "http://["}, "api_url"),
        ({"SLACK_API_URL": "http://host:99999/"}, "api_url"),
        ({"YORISOI_DATABASE": f"mysql://u:{SECRET}@h/d"}, "database"),
        ({"YORISOI_DATABASE": f"postgresql://u:{SECRET}@h"}, "database"),
        ({"YORISOI_DATABASE": "sqlite:///"}, "database"),
        ({"YORISOI_MASTER_KEY": SECRET}, "key_size"),
        ({"YORISOI_MASTER_KEY": base64.b64encode(b"short").decode()}, "key_size"),
        ({"YORISOI_MASTER_KEY": KEY, "YORISOI_MASTER_KEY_FILE": "k"}, "key_twice"),
        ({"YORISOI_FIRST_ADMIN": "井上"}, "first_admin"),
        ({"YORISOI_LOG_LEVEL": "LOUD"}, "log_level"),
        ({"YORISOI_PRACTICE_PORT": "70000"}, "port"),
        ({"YORISOI_PRACTICE_PORT": "abc"}, "port"),
    ],
)
def test_every_mistake_is_one_sentence_without_the_secret(monkeypatch, given, mistake):
    with pytest.raises(SettingsMistake) as stopped:
        settings(monkeypatch, **given)

    expected = re.escape(codes.label("settings_mistakes", mistake)).replace(r"\{name\}", ".+")
    assert len(stopped.value.sentences) == 1
    assert re.fullmatch(expected, stopped.value.sentences[0])
    told = "".join(traceback.format_exception(stopped.value)) + repr(stopped.value)
    assert SECRET not in told


def test_mistakes_are_told_all_at_once(monkeypatch):
    with pytest.raises(SettingsMistake) as stopped:
        settings(monkeypatch, YORISOI_LOG_LEVEL="LOUD", YORISOI_PRACTICE_PORT="x", SLACK_API_URL="?")
    assert len(stopped.value.sentences) == 3


def test_an_env_file_that_is_no_text_is_one_sentence(monkeypatch):
    Path(".env").write_bytes(b"\xff\xfe\x00YORISOI")
    with pytest.raises(SettingsMistake) as stopped:
        settings(monkeypatch)
    assert stopped.value.sentences == (codes.label("settings_mistakes", "env_file"),)


def test_no_secret_is_shown_and_nothing_can_be_changed(monkeypatch):
    password = f"postgresql://u:{SECRET}@127.0.0.1/db"
    here = settings(monkeypatch, **TOKENS, YORISOI_MASTER_KEY=KEY, YORISOI_DATABASE=password)

    assert here.database_url == password
    for shown in (repr(here), str(here), here.model_dump_json()):
        assert SECRET not in shown
        assert KEY not in shown
    with pytest.raises(ValueError):
        here.yorisoi_log_level = "DEBUG"


# -- the master key


def test_in_practice_the_key_is_made_once_for_the_owner_alone(monkeypatch):
    key = settings(monkeypatch).master_key

    assert len(key) == 32
    assert Path("data/master.key").stat().st_mode & 0o777 == 0o600
    assert list(Path("data").iterdir()) == [Path("data/master.key")]
    assert config.load().master_key == key


def test_two_that_start_at_once_have_one_key(monkeypatch):
    here = [settings(monkeypatch) for _ in range(8)]
    keys = []
    threads = [threading.Thread(target=lambda one=one: keys.append(one.master_key)) for one in here]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1


def test_on_slack_a_missing_key_is_never_made_up(monkeypatch):
    with pytest.raises(SettingsMistake) as stopped:
        _ = settings(monkeypatch, **TOKENS).master_key
    assert stopped.value.sentences == (codes.label("settings_mistakes", "key_missing"),)
    assert not Path("data").exists()


def test_a_key_others_can_read_is_refused_with_the_way_to_mend_it(monkeypatch):
    Path("k").write_text(KEY, encoding="ascii")
    Path("k").chmod(0o640)
    with pytest.raises(SettingsMistake, match="chmod 600 k"):
        _ = settings(monkeypatch, YORISOI_MASTER_KEY_FILE="k").master_key

    Path("k").chmod(0o600)
    assert config.load().master_key == bytes(range(32))


@pytest.mark.parametrize("content", [b"", b"short", b"\xff\xff", base64.b64encode(bytes(33))])
def test_a_key_file_with_no_key_is_refused(monkeypatch, content):
    Path("k").write_bytes(content)
    Path("k").chmod(0o600)
    with pytest.raises(SettingsMistake):
        _ = settings(monkeypatch, YORISOI_MASTER_KEY_FILE="k").master_key


def test_a_key_in_the_environment_may_be_url_safe(monkeypatch):
    key = bytes([251, 255] * 16)
    assert settings(monkeypatch, YORISOI_MASTER_KEY=base64.urlsafe_b64encode(key).decode()).master_key == key


# -- .env.example


def test_the_example_names_exactly_the_settings():
    named = re.findall(
        r"^#?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)


def test_the_example_as_it_stands_is_practice():
    here = config.load(ROOT / ".env.example")
    assert here.practice


def test_the_examples_defaults_are_the_defaults():
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^#([A-Z_]+)=(\S+)$", text, re.MULTILINE))
    here = config.load(None)
    assert shown["SLACK_API_URL"] == here.slack_api_url
    assert shown["YORISOI_DATABASE"] == here.database_url
    assert shown["YORISOI_PRACTICE_PORT"] == str(here.yorisoi_practice_port)
    assert shown["YORISOI_MASTER_KEY_FILE"] == str(config.KEY_FILE)


# -- the organisation file


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
