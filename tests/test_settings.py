"""Settings: typed, and refused with a sentence."""

from pathlib import Path

import pytest

from helder import settings
from helder.settings import SettingError, load

SECRET = "s" * 32


def test_without_any_setting_there_is_a_default_for_one_machine() -> None:
    chosen = load({})
    assert chosen.gateway_port == 8080
    assert chosen.keys == chosen.var / "keys"
    assert chosen.database_url == f"sqlite:///{chosen.var}/helder.db"
    assert chosen.var.is_absolute()
    assert chosen.rasa_url == "http://127.0.0.1:5005"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("GATEWAY_PORT", "0", "must be a port number from 1 to 65535"),
        ("GATEWAY_PORT", "70000", "must be a port number from 1 to 65535"),
        ("GATEWAY_PORT", "٣", "must be a port number from 1 to 65535"),
        ("GATEWAY_PORT", "eighty", "must be a port number from 1 to 65535"),
        ("TURN_TIMEOUT", "soon", "must be a number"),
        ("TURN_TIMEOUT", "-1", "must be a number above 0"),
        ("TURN_TIMEOUT", "nan", "must be a number above 0"),
        ("TRUST_PROXY", "maybe", "must be yes or no"),
        ("LOG_LEVEL", "loud", "must be one of: debug, info, warning, error"),
        ("CORS_ORIGINS", "shop.example", "must list origins such as"),
        ("CORS_ORIGINS", "https://shop.example/path", "must list origins such as"),
        ("IDENTITY_SECRET", "short", "must have at least 32 characters"),
        ("SHOP_API", "ftp://shop.example", "must be an http or https address"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name(name: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingError, match=sentence) as error:
        load({f"HELDER_{name}": value})
    assert f"HELDER_{name}" in str(error.value)


def test_a_wrong_secret_is_not_repeated_in_the_sentence() -> None:
    with pytest.raises(SettingError) as error:
        load({"HELDER_IDENTITY_SECRET": "hunter2"})
    assert "hunter2" not in str(error.value)


def test_a_misspelt_setting_is_refused() -> None:
    with pytest.raises(SettingError, match="There is no setting HELDER_GATEWAY_PROT"):
        load({"HELDER_GATEWAY_PROT": "8080"})


def test_what_is_not_ours_is_left_alone() -> None:
    assert load({"PATH": "/bin", "GATEWAY_PORT": "x"}).gateway_port == 8080


def test_an_empty_value_means_the_default() -> None:
    assert load({"HELDER_GATEWAY_PORT": "", "HELDER_SHOP_API": ""}) == load({})


def test_several_origins_are_separated_by_commas() -> None:
    chosen = load({"HELDER_CORS_ORIGINS": "https://a.example, http://localhost:3000/,"})
    assert chosen.cors_origins == ("https://a.example", "http://localhost:3000")


def test_a_process_that_we_start_reads_the_same_settings(tmp_path: Path) -> None:
    chosen = load(
        {
            "HELDER_VAR": str(tmp_path),
            "HELDER_GATEWAY_PORT": "9000",
            "HELDER_CORS_ORIGINS": "https://a.example,https://b.example",
            "HELDER_TRUST_PROXY": "yes",
            "HELDER_IDENTITY_SECRET": SECRET,
            "HELDER_TURN_TIMEOUT": "2.5",
        }
    )
    assert load(settings.process_environment(chosen, SECRET)) == chosen


def test_settings_around_us_do_not_reach_a_process_that_we_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HELDER_SHOP_API", "https://shop.example")
    environment = settings.process_environment(load({}), SECRET)
    assert "HELDER_SHOP_API" not in environment
    assert environment["HELDER_INTERNAL_SECRET"] == SECRET
    assert environment["RASA_TELEMETRY_ENABLED"] == "false"


def test_every_setting_says_what_it_means() -> None:
    assert all(setting.meaning for setting in settings.SETTINGS)
    assert len({setting.name for setting in settings.SETTINGS}) == len(settings.SETTINGS)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://helder@db/helder",
        "postgresql://helder:p%40ss@db.example:5433/helder?sslmode=verify-full",
        "postgresql:///helder?host=/var/run/postgresql",
    ],
)
def test_an_address_chooses_postgresql(address: str) -> None:
    assert load({"HELDER_DATABASE_URL": address}).database_url == address


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("mysql://helder:s3cret@db/helder", "must be sqlite:///FILE or postgresql://"),
        ("postgres://helder:s3cret@db/helder", "must be sqlite:///FILE or postgresql://"),
        ("postgresql://helder:s3cret@db", "must be like postgresql://"),
        ("postgresql://helder:s3cret/x@db/helder", "special characters"),
        ("postgresql://helder:12/s3cret@db/helder", "special characters"),
        ("postgresql://helder@db:s3cret/helder", "must be like postgresql://"),
        ("postgresql://helder@db/helder?password=s3cret", "before the @"),
    ],
)
def test_an_address_of_a_database_that_cannot_be_used_is_refused_and_not_shown(
    address: str, sentence: str
) -> None:
    with pytest.raises(SettingError, match="HELDER_DATABASE_URL") as refused:
        load({"HELDER_DATABASE_URL": address})
    assert sentence in str(refused.value)
    assert "s3cret" not in str(refused.value)
