"""The settings and the master key: what they say, and what is said when they are wrong."""

import base64
import re
import threading
import traceback
from pathlib import Path

import pytest

from bot import codes, config
from bot.config import Settings, SettingsMistake

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
