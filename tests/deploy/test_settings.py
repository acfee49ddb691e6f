"""The settings: what they are without any, and what is said about a wrong one."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.refusal import Refusal
from deploy.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("REDRESS_"):
            monkeypatch.delenv(name)


def test_without_any_setting_everything_stays_on_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.load()
    assert settings.data_dir == tmp_path / "var"
    assert settings.database_url == f"sqlite:///{tmp_path}/var/records.db"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.engine_address == "127.0.0.1:7233"
    assert settings.embedded


def test_a_named_cluster_replaces_the_embedded_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDRESS_TEMPORAL_ADDRESS", "temporal.example:7233")
    settings = Settings.load()
    assert not settings.embedded
    assert settings.engine_address == "temporal.example:7233"


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDRESS_WEB_PORT", "")
    assert Settings.load().web_port == 8000


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("REDRESS_WEB_PORT", "eighty"),
        ("REDRESS_WEB_PORT", "70000"),
        ("REDRESS_TEMPORAL_UI_PORT", "-1"),
        ("REDRESS_TEMPORAL_ADDRESS", "https://temporal.example"),
        ("REDRESS_DATABASE_URL", "mysql://localhost/redress"),
        ("REDRESS_SMTP_TLS", "ssl"),
        ("REDRESS_SMTP_TIMEOUT", "-3"),
        ("REDRESS_RETENTION_DAYS", "-7"),
        ("REDRESS_PUBLIC_URL", "redress.example"),
        ("REDRESS_MAIL_FROM", "redress"),
        ("REDRESS_LOG_LEVEL", "chatty"),
        ("REDRESS_TEMPORAL_TLS", "perhaps"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence_without_its_value(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(Refusal) as refused:
        Settings.load()
    assert refused.value.exit_code == 2
    assert f"设置 {variable} 应为" in refused.value.zh
    assert f"The setting {variable} must be" in refused.value.en
    assert value not in refused.value.en.split()
    assert "\n" not in str(refused.value)


def test_passwords_do_not_show_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDRESS_SMTP_PASSWORD", "correct-horse")
    monkeypatch.setenv("REDRESS_TEMPORAL_API_KEY", "battery-staple")
    monkeypatch.setenv("REDRESS_DATABASE_URL", "postgresql://redress:tr0ub4dor@localhost/redress")
    printed = repr(Settings.load())
    for secret in ("correct-horse", "battery-staple", "tr0ub4dor"):
        assert secret not in printed


def test_a_wrong_setting_ends_a_start_with_code_2_and_no_traceback(tmp_path: Path) -> None:
    started = subprocess.run(
        [sys.executable, "-m", "deploy.local"],
        cwd=tmp_path,
        env={"REDRESS_WEB_PORT": "x", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert started.returncode == 2
    assert "REDRESS_WEB_PORT" in started.stderr
    assert "Traceback" not in started.stderr
    assert not (tmp_path / "var").exists()


def test_only_the_settings_read_the_environment() -> None:
    """But for the command line: it is a person's tool, speaks the language of their terminal and starts processes."""
    readers = []
    for package in ("complaints", "workflows", "activities", "notifications", "records", "api", "deploy"):
        for path in (ROOT / package).rglob("*.py"):
            words = {
                node.attr if isinstance(node, ast.Attribute) else node.name
                for node in ast.walk(ast.parse(path.read_text("utf-8")))
                if isinstance(node, ast.Attribute | ast.alias)
            }
            if words & {"environ", "environb", "getenv", "BaseSettings"} and "cli" not in path.parts:
                readers.append(str(path.relative_to(ROOT)))
    assert readers == ["deploy/settings.py"]
