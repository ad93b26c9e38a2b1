"""Settings: read once from the environment, typed, refused with a sentence when wrong.

Only this module reads the environment. Every setting has a default that is right for one machine;
`SETTINGS` lists them all, with what they mean, for `helder settings` and docs/operators.md.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

PROJECT = Path(__file__).resolve().parent.parent
PREFIX = "HELDER_"
_OWN_HOSTS = ("localhost", "127.0.0.1", "::1")


class SettingError(ValueError):
    """A setting that cannot be used; the message names it and says what to do."""


@dataclass(frozen=True)
class Settings:
    """All that can be set. Paths are absolute, times in seconds, ports on 127.0.0.1."""

    project: Path
    var: Path
    keys: Path
    keys_from: str
    key_material: str | None
    keys_command: str | None
    anchor: Path
    database_url: str
    shop_url: str
    shop_api: str | None
    shop_api_key: str | None
    gateway_port: int
    desk_port: int
    rasa_port: int
    actions_port: int
    public_url: str | None
    cors_origins: tuple[str, ...]
    identity_secret: str | None
    identity_audience: str
    turn_timeout: float
    token_hours: float
    trust_proxy: bool
    messages_per_minute: int
    address_messages_per_minute: int
    openings_per_minute: int
    log_level: str
    log_format: str

    @property
    def public_address(self) -> str:
        """Where customers reach the gateway; without a public address, on this machine."""
        return self.public_url or f"http://127.0.0.1:{self.gateway_port}"

    @property
    def why_for_customers(self) -> str | None:
        """The setting that says that customers are served here; None on a machine of one's own."""
        own = self.public_url is None or urlsplit(self.public_url).hostname in _OWN_HOSTS
        signs = {
            "PUBLIC_URL": not own,
            "TRUST_PROXY": self.trust_proxy,
            "SHOP_API": self.shop_api is not None,
            "DATABASE_URL": not self.database_url.startswith("sqlite:"),
        }
        return next((PREFIX + name for name, given in signs.items() if given), None)

    @property
    def rasa_url(self) -> str:
        """Where the gateway reaches Rasa: loopback only, always."""
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        """Where Rasa reaches the custom actions."""
        return f"http://127.0.0.1:{self.actions_port}/webhook"


def _text(value: str) -> str:
    return value


def _port(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 0 < int(value) < 65536:
        raise SettingError("must be a port number from 1 to 65535")
    return int(value)


def _seconds(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        raise SettingError("must be a number") from None
    if not 0 < number < 1e6:
        raise SettingError("must be a number above 0")
    return number


def _count(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 0 < int(value) < 10**6:
        raise SettingError("must be a whole number from 1")
    return int(value)


def _yes_or_no(value: str) -> bool:
    if value.lower() not in {"yes", "no"}:
        raise SettingError("must be yes or no")
    return value.lower() == "yes"


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.lower() not in allowed:
            raise SettingError(f"must be one of: {', '.join(allowed)}")
        return value.lower()

    return read


def _origins(value: str) -> tuple[str, ...]:
    origins = tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
            raise SettingError(f"must list origins such as https://shop.example, not {origin!r}")
    return origins


def _secret(value: str) -> str:
    if len(value) < 32:
        raise SettingError("must have at least 32 characters")
    return value


def _database(value: str) -> str:
    if value.startswith("sqlite:///"):
        return value
    if not value.startswith("postgresql://"):
        raise SettingError("must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE")
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    name = parts.path.lstrip("/")
    if not name or set(name) & set("/@"):
        raise SettingError(
            "must be like postgresql://USER:PASSWORD@HOST:PORT/DATABASE; "
            "write special characters of the password as %XX"
        )
    if "password" in parse_qs(parts.query):
        raise SettingError("must have the password, if any, before the @")
    return value


def _url(value: str) -> str:
    if urlsplit(value).scheme not in {"http", "https"}:
        raise SettingError("must be an http or https address")
    return value.rstrip("/")


@dataclass(frozen=True)
class Setting:
    """One line of the settings table: its name without prefix, how it is read, what it means."""

    name: str
    read: Callable[[str], Any]
    default: str | None
    meaning: str


SETTINGS = (
    Setting("var", _text, "var", "folder for databases, keys and logs"),
    Setting("keys", _text, None, "folder of the keys (mode 0700); default: keys in var"),
    Setting(
        "keys_from",
        _one_of("files", "environment", "command"),
        "files",
        "where the keys of conversations come from",
    ),
    Setting("key_material", _secret, None, "those keys, if they come from the environment"),
    Setting("keys_command", _text, None, "the command that prints them, if a command does"),
    Setting("anchor", _text, None, "file that shows a rollback; default: anchor.db in var"),
    Setting("database_url", _database, None, "address of the database; default: SQLite in var"),
    Setting("shop_url", _text, None, "SQLAlchemy address of the example shop; default: in var"),
    Setting("shop_api", _url, None, "address of your own shop's adapter; instead of the example"),
    Setting("shop_api_key", _secret, None, "key that is sent to your shop's adapter"),
    Setting("gateway_port", _port, "8080", "customers' API, widget and demo page"),
    Setting("desk_port", _port, "8081", "the employees' desk"),
    Setting("rasa_port", _port, "5005", "Rasa; never public"),
    Setting("actions_port", _port, "5055", "custom actions; never public"),
    Setting("public_url", _url, None, "address of the gateway for customers, for links"),
    Setting("cors_origins", _origins, "", "sites that may show the widget, separated by commas"),
    Setting("identity_secret", _secret, None, "secret shared with your site, for identity tokens"),
    Setting("identity_audience", _text, "helder", "the audience that an identity token must name"),
    Setting("turn_timeout", _seconds, "15", "seconds that the assistant may take for an answer"),
    Setting("token_hours", _seconds, "24", "hours that a conversation's token stays valid"),
    Setting("trust_proxy", _yes_or_no, "no", "yes: a proxy in front sets X-Forwarded-For"),
    Setting("messages_per_minute", _count, "30", "messages that one conversation may send"),
    Setting("address_messages_per_minute", _count, "120", "messages that one address may send"),
    Setting("openings_per_minute", _count, "20", "conversations that one address may open"),
    Setting(
        "log_level", _one_of("debug", "info", "warning", "error"), "info", "how much is logged"
    ),
    Setting("log_format", _one_of("console", "json"), "console", "for people or for machines"),
)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read all settings.

    Raises:
        SettingError: a value that cannot be used, or a name with our prefix that is no setting.
    """
    environ = os.environ if environ is None else environ
    _refuse_unknown(environ)
    values = {setting.name: _read(setting, environ) for setting in SETTINGS}
    project = Path(environ.get(PREFIX + "PROJECT") or PROJECT)
    var = project / values["var"]
    values |= {
        "project": project,
        "var": var,
        "keys": project / values["keys"] if values["keys"] else var / "keys",
        "anchor": project / values["anchor"] if values["anchor"] else var / "anchor.db",
        "database_url": values["database_url"] or f"sqlite:///{var / 'helder.db'}",
        "shop_url": values["shop_url"] or f"sqlite:///{var / 'shop.db'}",
    }
    return Settings(**{field.name: values[field.name] for field in fields(Settings)})


def _read(setting: Setting, environ: Mapping[str, str]) -> Any:
    name = PREFIX + setting.name.upper()
    value = environ.get(name) or setting.default
    if value is None:
        return None
    try:
        return setting.read(value)
    except SettingError as error:
        raise SettingError(f"The setting {name} {error}.") from None


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    # A misspelt setting that is silently ignored would leave the default standing unseen.
    known = {PREFIX + setting.name.upper() for setting in SETTINGS}
    known |= {PREFIX + name for name in ("PROJECT", "ACTIONS_URL", "INTERNAL_SECRET")}
    for name in environ:
        if name.startswith(PREFIX) and name not in known:
            raise SettingError(
                f"There is no setting {name}; `helder settings` lists those that there are."
            )


def rasa_environment(settings: Settings, internal_secret: str) -> dict[str, str]:
    """What Rasa's own files (endpoints.yml, credentials.yml) ask the environment for."""
    return {
        PREFIX + "ACTIONS_URL": settings.actions_url,
        PREFIX + "INTERNAL_SECRET": internal_secret,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def process_environment(settings: Settings, internal_secret: str) -> dict[str, str]:
    """The environment of a process that we start: this one's, with exactly these settings."""
    environment = {n: value for n, value in os.environ.items() if not n.startswith(PREFIX)}
    environment[PREFIX + "PROJECT"] = str(settings.project)
    for setting in SETTINGS:
        value = getattr(settings, setting.name)
        if value not in (None, ()):
            environment[PREFIX + setting.name.upper()] = _written(value)
    return environment | rasa_environment(settings, internal_secret)


def _written(value: Any) -> str:
    """A value as it is written in the environment: the opposite of `Setting.read`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ",".join(value) if isinstance(value, tuple) else str(value)
