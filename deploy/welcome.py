"""What `redress up` prints: where everything is, and how to sign in."""

import shlex
import sys
from pathlib import Path

from rich.cells import set_cell_size
from rich.console import Console
from rich.markup import escape

from deploy.credentials import credentials_path
from deploy.settings import Settings

_EXAMPLE = (
    '{"channel": "web", "customer": {"name": "测试客户", "email": "customer@example.com"}, '
    '"detail": "包裹三天没有更新，客服电话打不通。"}'
)
_TRY = {
    "channel": ("渠道：提交投诉", "channels: file a complaint", "POST /v1/complaints"),
    "agent": ("客服：处理工单", "agents: work on cases", "GET /v1/complaints"),
    "supervisor": ("主管：处理升级", "supervisors: take escalations", "GET /v1/escalations"),
    "auditor": ("审计：查看流水", "auditors: read the journal", "GET /v1/audit/complaints/REFERENCE/journal"),
    "administrator": ("管理员", "administrators", "GET /v1/complaints"),
}


def print_welcome(console: Console, settings: Settings, policy: str, keys: dict[str, str]) -> None:
    """Print the addresses, the policy in force, the places of the data, and a command to paste for each role.

    The commands read the key from its file, so that no key stands on the screen, in a scroll-back or in a
    system log.
    """
    console.print("\n[bold green]Redress 已就绪 / Redress is ready[/]")
    for zh, en, value in _places(settings, policy):
        console.print(f"  {set_cell_size(f'{zh} {en}', 28)}{escape(value)}", soft_wrap=True)

    path = shlex.quote(str(credentials_path(settings.data_dir)))
    program = "import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])"
    read = f"key() {{ python3 -c '{program}' {path} \"$1\"; }}"
    console.print("\n[bold]登录[/]：每个角色一把密钥；先粘贴第一行。", soft_wrap=True)
    console.print("[bold]Sign in[/]: one key per role; paste the first line first.", soft_wrap=True)
    console.print(f"  {escape(read)}", soft_wrap=True)
    told = ""
    for role in keys:
        zh, en, request = _TRY.get(role, ("部门：自己的任务", "departments: their own tasks", "GET /v1/tasks"))
        method, _, target = request.partition(" ")
        body = f" -H 'Content-Type: application/json' -d '{_EXAMPLE}'" if method == "POST" else ""
        command = f'curl -H "Authorization: Bearer $(key {role})"{body} {settings.local_url}{target}'
        if zh != told:
            console.print(f"  [dim]# {zh} / {en}[/]", soft_wrap=True)
            told = zh
        console.print(f"  {escape(command)}", soft_wrap=True)
    console.print("\n[dim]Ctrl-C 停止 / Ctrl-C stops everything[/]\n")


def _places(settings: Settings, policy: str) -> list[tuple[str, str, str]]:
    engine_ui = (
        [("Temporal 界面", "Temporal's UI", f"http://127.0.0.1:{settings.temporal_ui_port}")]
        if settings.embedded and settings.temporal_ui_port
        else []
    )
    return [
        ("接口", "API", f"{settings.local_url}/docs"),
        *engine_ui,
        ("Temporal", "gRPC", settings.engine_address),
        ("时限规则", "policy", policy),
        ("数据", "data", str(settings.data_dir)),
        ("密钥", "keys", str(credentials_path(settings.data_dir))),
        ("命令行", "command line", f"{Path(sys.executable).parent / 'redress'} --help"),
        ("日志", "logs", str(settings.data_dir / "logs")),
    ]
