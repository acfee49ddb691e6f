"""`redress up`: one supervisor that starts everything on this machine, keeps it running and stops it.

Looked at first, with nothing started: settings, data folder, policy, ports, the Temporal binary. Then, each
awaited by its readiness: Temporal, its namespace and the tables, the worker, the web server. The later ones
load their code while the earlier ones start, and wait for their turn.
"""

import asyncio
import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

from rich.console import Console

from deploy import preflight
from deploy.child import Child, Spec, end_leftovers, python_module
from deploy.credentials import ensure_credentials, ensure_secret
from deploy.policies import load_policy
from deploy.refusal import Refusal
from deploy.settings import Settings
from deploy.welcome import print_welcome

# Together less than the ten seconds in which everything has to be stopped.
_GRACE = {"web": 1.5, "worker": 4.5, "temporal": 2.5, "prepare": 0.5}
_READY_WITHIN = 60.0


def main() -> int:
    """Run the embedded stack until told to stop; the exit code. Says in one sentence why it cannot start."""
    console = Console(highlight=False)
    # What is kept here tells of people: it is for the owner's eyes only.
    os.umask(0o077)
    try:
        settings = Settings.load()
        with preflight.own_data_folder(settings):
            return _run(settings, console)
    except Refusal as refusal:
        return _refuse(refusal)
    except OSError as error:
        place = error.filename or settings.data_dir
        return _refuse(Refusal(f"无法启动：{place}：{error.strerror}。", f"Cannot start: {place}: {error.strerror}."))
    except KeyboardInterrupt:
        return 0


def _refuse(refusal: Refusal) -> int:
    Console(stderr=True, soft_wrap=True).print(str(refusal), style="bold red", markup=False, highlight=False)
    return refusal.exit_code


def _run(settings: Settings, console: Console) -> int:
    policy = load_policy(settings.policy)
    keys = ensure_credentials(settings.data_dir, policy.departments)
    ensure_secret(settings.data_dir)
    leftovers = end_leftovers(settings.data_dir)
    if leftovers:
        names = ", ".join(leftovers)
        told = f"已结束上次遗留的进程：{names} / Ended what an earlier start had left: {names}"
        console.print(told, style="yellow", soft_wrap=True)
    preflight.check_ports(settings)
    temporal = preflight.find_temporal(settings) if settings.embedded else None
    return asyncio.run(_Supervisor(settings, console, temporal).run(keys))


class _Supervisor:
    def __init__(self, settings: Settings, console: Console, temporal: Path | None) -> None:
        self._settings = settings
        self._console = console
        data = settings.data_dir
        worker = Spec("worker", python_module("deploy.worker", data), _GRACE["worker"])
        web = Spec("web", python_module("deploy.web", data), _GRACE["web"], answers=self._web_answers)
        specs = [worker, web]
        if temporal:
            command = temporal_command(settings, temporal)
            specs.insert(
                0,
                Spec("temporal", command, _GRACE["temporal"], lifeline=False, answers=self._temporal_answers),
            )
        self._children = [Child(spec, data, self._say) for spec in specs]
        prepare = Spec("prepare", python_module("deploy.prepare", data), _GRACE["prepare"])
        self._prepare = Child(prepare, data, self._say)
        self._stop = asyncio.Event()

    async def run(self, keys: dict[str, str]) -> int:
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(name, self._asked_to_stop)
        try:
            if await self._unless_stopped(self._start()):
                print_welcome(self._console, self._settings, self._prepare.outcome, keys)
                await self._unless_stopped(self._keep())
        except Refusal:
            self._print_last_words()
            raise
        finally:
            await self._stop_all()
        return 0

    async def _start(self) -> None:
        everything = [*self._children, self._prepare]
        for child in everything:
            child.rotate_log()
        for child in sorted(everything, key=lambda child: child.spec.name != "temporal"):
            await child.start()
        for child in [self._prepare, *(child for child in self._children if child.spec.lifeline)]:
            with self._console.status(f"正在启动 {child.spec.name}…… / Starting {child.spec.name}…"):
                await self._while_all_live(child.ready(_READY_WITHIN))
        await self._prepare.stop()

    async def _while_all_live(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it; raises Refusal as soon as a child dies: nobody should wait for what cannot come."""
        task = asyncio.create_task(work)
        deaths = {asyncio.create_task(child.finished()): child for child in self._children}
        try:
            await asyncio.wait({task, *deaths}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                # The dead one may be the awaited one, and its last word still on the way.
                await asyncio.wait({task}, timeout=0.5)
            if not task.done():
                raise next(child.did_not_start() for death, child in deaths.items() if death.done())
            await task
        finally:
            for each in (task, *deaths):
                each.cancel()
            await asyncio.gather(task, *deaths, return_exceptions=True)

    async def _keep(self) -> None:
        await asyncio.gather(*(child.keep(_READY_WITHIN) for child in self._children))

    async def _stop_all(self) -> None:
        """The web server first: nothing new is taken in; the engine last: the worker can finish."""
        if self._stop.is_set():
            self._say("正在停止……", "Stopping…")
        await self._prepare.stop()
        for child in reversed(self._children):
            await child.stop()

    async def _unless_stopped(self, work: Coroutine[Any, Any, None]) -> bool:
        """Do it, unless asked to stop before it is done: then False."""
        task, stop = asyncio.create_task(work), asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                await task
                return True
            return False
        finally:
            for each in (task, stop):
                each.cancel()
                with suppress(asyncio.CancelledError, Refusal):
                    await each

    def _asked_to_stop(self) -> None:
        if self._stop.is_set():  # asked again: then without waiting
            for child in [*self._children, self._prepare]:
                child.end_at_once()
        self._stop.set()

    def _print_last_words(self) -> None:
        """Of a child that ended without saying why, its log may know more."""
        for child in [self._prepare, *self._children]:
            if child.ended_without_a_word:
                lines = "\n".join(child.last_lines())
                self._console.print(lines, style="dim", markup=False, soft_wrap=True)

    def _say(self, zh: str, en: str) -> None:
        self._console.print(f"{zh} / {en}", style="yellow", markup=False, soft_wrap=True)

    async def _temporal_answers(self) -> bool:
        host, _, port = self._settings.engine_address.rpartition(":")
        try:
            _, writer = await asyncio.open_connection(host, int(port))
        except OSError:
            return False
        writer.close()
        return True

    async def _web_answers(self) -> bool:
        return await asyncio.to_thread(_is_ready, f"{self._settings.local_url}/readyz")


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def temporal_command(settings: Settings, binary: Path) -> tuple[str, ...]:
    """The command line of the embedded server."""
    screen = ("--ui-port", str(settings.temporal_ui_port)) if settings.temporal_ui_port else ("--headless",)
    return (
        str(binary), "server", "start-dev",
        "--db-filename", str(settings.data_dir / "temporal.db"),
        "--sqlite-pragma", "journal_mode=WAL",
        "--sqlite-pragma", "synchronous=FULL",
        "--ip", "127.0.0.1",
        "--port", str(settings.temporal_port),
        *screen,
        "--log-level", "error",
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
