"""The settings of this installation, from the environment and `.env`. Frozen, and silent about secrets."""

import base64
import binascii
import os
import secrets
import stat
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, LiteralString, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from bot import codes

SLACK = "https://slack.com/api/"
DATABASE = "sqlite:///data/yorisoi.db"
KEY_FILE = Path("data/master.key")
KEY_SIZE = 32
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class SettingsMistake(Exception):
    """The settings cannot be used. `sentences`: every mistake in words, none of which holds a secret."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = sentences
        super().__init__("\n".join(sentences))


def _mistake(mistake: LiteralString, /, **facts: object) -> PydanticCustomError:
    return PydanticCustomError(mistake, mistake, facts)


def _token(prefix: str, mistake: LiteralString) -> Any:
    def begins(token: SecretStr | None) -> SecretStr | None:
        value = token.get_secret_value() if token else ""
        if value and (not value.startswith(prefix) or len(value) == len(prefix) or not value.isprintable()):
            raise _mistake(mistake)
        return token if value else None

    return AfterValidator(begins)


def _api_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise _mistake("api_url")
    return url.rstrip("/") + "/"


def _database(url: SecretStr) -> SecretStr:
    written = url.get_secret_value()
    scheme, _, rest = written.partition("://")
    try:
        usable = (scheme == "sqlite" and rest.startswith("/") and len(rest) > 1) or (
            scheme in {"postgresql", "postgres"} and bool(urlsplit(written).path.strip("/"))
        )
    except ValueError:
        usable = False
    if not usable:
        raise _mistake("database")
    return url


def _upper(level: object) -> object:
    return level.upper() if isinstance(level, str) else level


class Settings(BaseSettings):
    """What the environment says. Names are those of `.env.example`."""

    model_config = SettingsConfigDict(
        frozen=True, env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    slack_bot_token: Annotated[SecretStr | None, _token("xoxb-", "bot_token")] = None
    slack_app_token: Annotated[SecretStr | None, _token("xapp-", "app_token")] = None
    slack_api_url: Annotated[str, AfterValidator(_api_url)] = SLACK
    yorisoi_database: Annotated[SecretStr, AfterValidator(_database)] = SecretStr(DATABASE)
    yorisoi_master_key: SecretStr | None = None
    yorisoi_master_key_file: Path | None = None
    yorisoi_organisation: Path | None = None
    yorisoi_backups: Path | None = None
    yorisoi_first_admin: Annotated[str, Field(pattern=r"^[UW][A-Z0-9_]{2,}$")] | None = None
    yorisoi_log_level: Annotated[
        str, BeforeValidator(_upper), Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    ] = "INFO"
    yorisoi_practice_port: Annotated[int, Field(ge=0, le=65535)] = 8137

    @model_validator(mode="after")
    def _both_tokens(self) -> Self:
        if (self.slack_bot_token is None) != (self.slack_app_token is None):
            name = "SLACK_BOT_TOKEN" if self.slack_bot_token is None else "SLACK_APP_TOKEN"
            raise _mistake("token_missing", name=name)
        return self

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if self.yorisoi_master_key and self.yorisoi_master_key_file:
            raise _mistake("key_twice")
        if self.yorisoi_master_key:
            _decoded(self.yorisoi_master_key.get_secret_value())
        return self

    @property
    def practice(self) -> bool:
        """Whether this runs against the practice workspace of this machine: there are no tokens."""
        return self.slack_bot_token is None

    @property
    def database_url(self) -> str:
        """Where the records are. May hold a password: never shown, never logged."""
        return self.yorisoi_database.get_secret_value()

    @property
    def backups(self) -> Path | None:
        """The folder of the backups: beside the embedded database, if nothing else is said. None: it has to be said."""
        path = self.database_url.removeprefix("sqlite:///")
        beside = Path(path).parent / "backups" if path != self.database_url else None
        return self.yorisoi_backups or beside

    @cached_property
    def master_key(self) -> bytes:
        """The 32 bytes that open the vault. In practice they are made on first use. Raises `SettingsMistake`."""
        try:
            if self.yorisoi_master_key:
                return _decoded(self.yorisoi_master_key.get_secret_value())
            path = self.yorisoi_master_key_file or KEY_FILE
            if not path.exists():
                if not self.practice:
                    raise _mistake("key_missing")
                _make_key(path)
            return _read_key(path)
        except PydanticCustomError as wrong:
            raise SettingsMistake(_say(wrong.type, **(wrong.context or {}))) from None


def load(env_file: Path | None = Path(".env")) -> Settings:
    """The settings of this process. Raises `SettingsMistake`, all mistakes at once and no secret among them."""
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg]
    except ValidationError as wrong:
        errors = wrong.errors(include_url=False, include_input=False)
        sentences = [_sentence(error["type"], error["loc"], error.get("ctx", {})) for error in errors]
        raise SettingsMistake(*dict.fromkeys(sentences)) from None
    except (SettingsError, UnicodeDecodeError, OSError):
        raise SettingsMistake(_say("env_file")) from None


# What is said when a plain rule of the field does not hold.
SAID = {
    "yorisoi_first_admin": "first_admin",
    "yorisoi_log_level": "log_level",
    "yorisoi_practice_port": "port",
}


def _sentence(kind: str, loc: tuple[int | str, ...], facts: dict[str, Any]) -> str:
    if kind in codes.load("settings_mistakes"):
        return _say(kind, **facts)
    name = str(loc[0]) if loc else ""
    return _say(SAID.get(name, "no_such_setting"), name=name.upper())


def _say(mistake: str, /, **facts: object) -> str:
    return codes.label("settings_mistakes", mistake).format(**facts)


def _decoded(written: str) -> bytes:
    """The key's bytes from base64, plain or URL-safe."""
    plain = written.strip().replace("-", "+").replace("_", "/")
    try:
        key = base64.b64decode(plain, validate=True)
    except (binascii.Error, ValueError):
        raise _mistake("key_size") from None
    if len(key) != KEY_SIZE:
        raise _mistake("key_size")
    return key


def _read_key(path: Path) -> bytes:
    try:
        if path.stat().st_mode & OTHERS:
            raise _mistake("key_open", path=path)
        return _decoded(path.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError):
        raise _mistake("key_unreadable", path=path) from None


def _make_key(path: Path) -> None:
    """A new key, whole and readable by its owner alone from its first moment. Whoever was first keeps theirs."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(base64.b64encode(secrets.token_bytes(KEY_SIZE)).decode("ascii") + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    except OSError:
        raise _mistake("key_unwritable", path=path) from None
