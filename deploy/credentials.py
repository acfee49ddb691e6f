"""The keys of the roles and the secret of the customers' links, kept in the data folder."""

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints, TypeAdapter, ValidationError

from deploy.refusal import Refusal

ROLES = ("channel", "agent", "supervisor", "auditor", "administrator")

_Keys = TypeAdapter(dict[str, Annotated[str, StringConstraints(min_length=16, pattern=r"^\S+$")]])


def credentials_path(data_dir: Path) -> Path:
    """Where the keys are: a JSON object, role → key, readable by the owner only."""
    return data_dir / "credentials.json"


def ensure_credentials(data_dir: Path, departments: Iterable[str]) -> dict[str, str]:
    """One key for each role and each department: those already there are kept, missing ones are made.

    Raises Refusal for a file that is not what it should be, and OSError for one that cannot be written.
    """
    path = credentials_path(data_dir)
    wanted = [*ROLES, *(f"department:{name}" for name in sorted(departments))]
    if not path.exists():
        _write_first(path, _as_json({role: _new_key() for role in wanted}))
    keys = load_credentials(data_dir)
    if missing := [role for role in wanted if role not in keys]:
        keys |= {role: _new_key() for role in missing}
        _replace(path, _as_json(keys))
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return keys


def load_credentials(data_dir: Path) -> dict[str, str]:
    """The keys as they are: role → key. Raises Refusal if the file is missing or broken."""
    path = credentials_path(data_dir)
    try:
        keys = _Keys.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        keys = {}
    if not keys or len(set(keys.values())) < len(keys):
        raise Refusal(
            f"密钥文件 {path} 无法读取或内容有误（应为“角色： 密钥”，每个密钥不同）；请修复它，"
            "或删除后重新启动以生成新密钥。",
            f"The key file {path} cannot be read or is broken (role: key, each key another one); repair it, "
            "or delete "
            "it and start again for new keys.",
        )
    return keys


def ensure_secret(data_dir: Path) -> bytes:
    """The 32 random bytes that customers' links are signed with; made at the first start.

    Raises Refusal for a file that does not hold them: another secret would make every link sent so far
    worthless.
    """
    path = data_dir / "secret"
    if not path.exists():
        _write_first(path, secrets.token_hex(32) + "\n")
    try:
        secret = bytes.fromhex(path.read_text("ascii"))
    except (OSError, ValueError):
        secret = b""
    if len(secret) != 32:
        raise Refusal(
            f"文件 {path} 已损坏：应为 64 位十六进制字符；请从备份恢复（删除它会使已发给客户的链接失效）。",
            f"The file {path} is broken: it must hold 64 hexadecimal digits; restore it from a backup ("
            "deleting it ends "
            "every link that customers were sent).",
        )
    return secret


def _new_key() -> str:
    return secrets.token_urlsafe(24)


def _as_json(keys: dict[str, str]) -> str:
    return json.dumps(keys, indent=2, ensure_ascii=False) + "\n"


def _beside(path: Path, content: str) -> Path:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return temporary


def _write_first(path: Path, content: str) -> None:
    """Write the file whole unless another process was first: then that one's stands."""
    temporary = _beside(path, content)
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def _replace(path: Path, content: str) -> None:
    _beside(path, content).replace(path)
