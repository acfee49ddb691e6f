"""What open complaints cost while nothing happens to them: `python -m benchmarks.open --cases 1000`.

Complaints are filed under the default policy and left alone. Shown are the memory of server and worker, the bytes that
one case takes in Temporal's database and in the records, and the CPU that both use while they idle. The
worker keeps the newest thousand cases in memory (the SDK's default) and takes any other up again from its history.
"""

import asyncio
from pathlib import Path
from typing import Annotated

import psutil
import typer

from benchmarks.lives import Complainant
from benchmarks.support import (
    REDRESS,
    console,
    cpu,
    database_bytes,
    in_parallel,
    load,
    print_load,
    profiled,
    run,
    running_stack,
    settled,
    start_command,
    table,
)
from deploy import engine
from deploy.policies import load_policy
from workflows.converter import data_converter

AT_ONCE = 16
MEGABYTE = 1024 * 1024


async def hold_open(cases: int, idle_seconds: float, profile: Path | None) -> None:
    """File so many complaints, leave them alone, and print what they take up."""
    before = load()
    async with running_stack() as stack:
        settings = stack.settings
        worker = await stack.worker(REDRESS)
        processes = (stack.server, worker)
        client = await engine.connect(settings, data_converter=data_converter)
        complainant = Complainant(client, settings.task_queue, "open", load_policy("default").pinned())
        # The first cases pay for what is loaded once.
        await in_parallel(AT_ONCE, lambda number: complainant.file(-1 - number), at_once=AT_ONCE)
        await settled(*processes)
        stores = (settings.data_dir / "temporal.db", settings.data_dir / "records.db")
        memory = [each.memory_info().rss for each in processes]
        stored = [database_bytes(path) for path in stores]
        used = [cpu(each) for each in processes]
        async with profiled(worker, profile):
            await in_parallel(cases, complainant.file, at_once=AT_ONCE, doing="登记投诉 · filing")
            await settled(*processes)
        filing = [cpu(each) - then for each, then in zip(processes, used, strict=True)]
        more_memory = [each.memory_info().rss - then for each, then in zip(processes, memory, strict=True)]
        more_stored = [database_bytes(path) - then for path, then in zip(stores, stored, strict=True)]
        with console.status(f"空闲 {idle_seconds:.0f} 秒 · idling for so many seconds"):
            idle = await _idle(processes, idle_seconds)

    shown = table(f"{cases} 件未结投诉 · open complaints", "", "服务器 server", "工作进程 worker")
    shown.add_row("内存 memory, MB", *(_megabytes(a + b) for a, b in zip(memory, more_memory, strict=True)))
    shown.add_row("  每件 per case, KB", *(f"{more / cases / 1024:,.1f}" for more in more_memory))
    shown.add_row("登记一件的 CPU · CPU to file one, ms", *(f"{each / cases * 1000:.0f}" for each in filing))
    shown.add_row("空闲 CPU · idle CPU, % of one core", *(f"{share:.1%}" for share in idle))
    shown.add_section()
    shown.add_row("", "Temporal", "记录库 records")
    shown.add_row("每件字节 · database bytes per case", *(f"{more / cases:,.0f}" for more in more_stored))
    console.print(shown)
    print_load(before)


async def _idle(processes: tuple[psutil.Process, ...], seconds: float) -> list[float]:
    before = [cpu(each) for each in processes]
    await asyncio.sleep(seconds)
    return [(cpu(each) - then) / seconds for each, then in zip(processes, before, strict=True)]


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:,.0f}"


def main(
    cases: Annotated[int, typer.Option(min=1, help="投诉数 · how many complaints")] = 1000,
    idle_seconds: Annotated[
        float, typer.Option(min=1, help="空闲测量的秒数 · how long to watch them idle, seconds")
    ] = 30,
    profile: Annotated[
        Path | None,
        typer.Option(help="把登记时工作进程的采样写入此文件（需要 py-spy） · py-spy's stacks of the filing"),
    ] = None,
) -> None:
    """测量未结投诉占用的内存、存储和 CPU。 / Measure the memory, storage and CPU of open complaints."""
    run(hold_open(cases, idle_seconds, profile))


if __name__ == "__main__":
    start_command(main)
