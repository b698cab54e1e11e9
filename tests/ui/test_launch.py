"""What the app refuses to start with, where it listens, who may log in, and what it offers."""

import socket
from pathlib import Path

import pytest

from sparrow_lite.config import Settings
from sparrow_lite.errors import ConfigError
from sparrow_lite.ui.launch import build_app, check_binding, is_loopback, listen, offered, read_people


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_only_loopback_needs_no_login(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
    if loopback:
        check_binding(host, {})
    else:
        with pytest.raises(ConfigError, match="SPARROW_LITE_AUTH"):
            check_binding(host, {})
    check_binding(host, {"ann": "secret"})


def test_the_app_is_not_even_built_for_an_open_address(tmp_path: Path, scripted: object) -> None:
    settings = Settings(host="0.0.0.0", data_dir=tmp_path)
    with pytest.raises(ConfigError, match=r"0\.0\.0\.0 can be reached by other machines"):
        build_app(settings, lambda model, search: scripted)  # type: ignore[arg-type,return-value]
    assert not (tmp_path / "conversations.sqlite").exists()


@pytest.mark.parametrize(
    ("auth", "people"),
    [
        (None, {}),
        ("ann:one", {"ann": "one"}),
        ("ann:o:ne  bob:two", {"ann": "o:ne", "bob": "two"}),
    ],
)
def test_people_are_read_from_pairs(auth: str | None, people: dict[str, str]) -> None:
    assert read_people(Settings(auth=auth)) == people


@pytest.mark.parametrize("auth", ["ann", "ann:", ":secret", "ann:one bob"])
def test_a_malformed_pair_is_refused_without_printing_it(auth: str) -> None:
    with pytest.raises(ConfigError, match="name:password") as caught:
        read_people(Settings(auth=auth))
    assert auth not in str(caught.value)


def test_a_taken_port_gives_the_next_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with listen("127.0.0.1", port) as listener:
            assert port < listener.getsockname()[1] < port + 20


def test_an_address_of_another_machine_is_named_in_the_error() -> None:
    with pytest.raises(ConfigError, match=r"192\.0\.2\.1:7860 cannot be bound"):
        listen("192.0.2.1", 7860)


def test_the_settings_own_names_come_first_and_none_twice() -> None:
    choices = offered(Settings(model_name="hf:x", search_name="wikipedia", models=("hf:x", "ollama:y")))
    assert choices.models == ("hf:x", "embedded", "ollama:y")
    assert choices.searches == ("wikipedia", "auto", "duckduckgo", "starter", "none")
