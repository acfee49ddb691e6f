"""What is looked at before anything is started."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.preflight import check_ports, find_temporal, own_data_folder
from deploy.refusal import Refusal
from deploy.settings import Settings
from tests.support.temporal import free_port


def settings(tmp_path: Path, **given: object) -> Settings:
    ports = {"web_port": free_port(), "temporal_port": free_port(), "temporal_ui_port": 0}
    return Settings.model_validate({"data_dir": tmp_path, **ports, **given})


@pytest.mark.parametrize("setting", ["web_port", "temporal_port", "temporal_ui_port"])
def test_a_taken_port_is_named_with_its_setting(tmp_path: Path, setting: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refusal) as refused:
            check_ports(settings(tmp_path, **{setting: port}))
    assert f"{port} (REDRESS_{setting.upper()})" in refused.value.en
    assert f"{port}（REDRESS_{setting.upper()}）" in refused.value.zh


def test_free_ports_are_fine(tmp_path: Path) -> None:
    check_ports(settings(tmp_path))


def test_two_settings_may_not_name_one_port(tmp_path: Path) -> None:
    port = free_port()
    with pytest.raises(Refusal, match="REDRESS_WEB_PORT and REDRESS_TEMPORAL_PORT"):
        check_ports(settings(tmp_path, web_port=port, temporal_port=port))


def test_with_a_cluster_the_embedded_ports_do_not_matter(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        check_ports(settings(tmp_path, temporal_port=port, temporal_address="temporal.example:7233"))


def test_an_address_that_is_not_ours_is_named_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="REDRESS_WEB_HOST"):
        check_ports(settings(tmp_path, web_host="192.0.2.1"))


def test_a_data_folder_serves_one_redress_at_a_time(tmp_path: Path) -> None:
    holding = (
        "import sys; from deploy.settings import Settings; from deploy.preflight import own_data_folder\n"
        "with own_data_folder(Settings(data_dir=sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", holding, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Refusal, match=r"REDRESS_DATA_DIR.*in use"), own_data_folder(settings(tmp_path)):
            pass
    finally:
        other.kill()
        other.communicate()
    with own_data_folder(settings(tmp_path)):
        pass


def test_a_data_folder_that_cannot_be_made_is_named_with_its_setting(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(Refusal, match="REDRESS_DATA_DIR"), own_data_folder(settings(file / "var")):
        pass


def test_the_installed_temporal_is_new_enough(tmp_path: Path) -> None:
    assert find_temporal(settings(tmp_path)).name == "temporal"


def test_a_program_that_is_no_temporal_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="REDRESS_TEMPORAL_BIN"):
        find_temporal(settings(tmp_path, temporal_bin="/bin/true"))


def test_an_old_temporal_is_refused(tmp_path: Path) -> None:
    old = tmp_path / "temporal"
    old.write_text("#!/bin/sh\necho 'temporal version 1.1.0 (Server 1.25.0, UI 2.30.3)'\n")
    old.chmod(0o755)
    with pytest.raises(Refusal, match=r"is not Temporal 1\.32 or newer"):
        find_temporal(settings(tmp_path, temporal_bin=old))


def test_a_missing_temporal_is_named_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="REDRESS_TEMPORAL_BIN"):
        find_temporal(settings(tmp_path, temporal_bin=tmp_path / "none"))
