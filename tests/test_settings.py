from __future__ import annotations

from dataclasses import fields

import pytest

from errors import DataError
from settings import PREFIX, ROOT, Settings


def test_defaults_need_no_environment():
    assert Settings.from_env({}) == Settings()


def test_bare_port_and_host_win():
    env = {"PORT": "9001", "CAITU_PORT": "9002", "HOST": "0.0.0.0"}
    settings = Settings.from_env(env)
    assert (settings.host, settings.port) == ("0.0.0.0", 9001)
    assert Settings.from_env({"CAITU_PORT": "9002"}).port == 9002


def test_paths_are_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Settings.from_env({"CAITU_INSTANCE_DIR": "here"}).instance_dir == tmp_path / "here"


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "８０", "80.0"])
def test_a_wrong_port_is_named(port):
    with pytest.raises(DataError, match=f"PORT={port}"):
        Settings.from_env({"PORT": port})


def test_empty_means_default():
    assert Settings.from_env({"PORT": " ", "CAITU_TIANDITU_KEY": ""}) == Settings()


def test_every_setting_has_help_and_is_documented():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for item in fields(Settings):
        assert item.metadata["help"]
        assert f"`{PREFIX}{item.name.upper()}`" in readme
