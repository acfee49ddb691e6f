"""A web server that takes complaints in as a test tells it: what a caller does when Redress is away."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[str, dict[str, Any]], tuple[int, dict[str, str], dict[str, Any]]]


class Counter:
    """A real HTTP server that answers filings as a test tells it, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.headers: list[dict[str, str]] = []
        self.filed: dict[str, dict[str, Any]] = {}
        self.answer: Answer = lambda key, body: self.accept(key, body)
        counter, lock = self, threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._send(200, {}, {})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                key = self.headers["Idempotency-Key"]
                with lock:
                    counter.asked.append((key, body))
                    counter.headers.append({name.lower(): value for name, value in self.headers.items()})
                    answered = counter.answer(key, body)
                self._send(*answered)

            def _send(self, status: int, headers: dict[str, str], body: dict[str, Any]) -> None:
                content = json.dumps(body).encode()
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(content))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def accept(self, key: str, body: dict[str, Any]) -> tuple[int, dict[str, str], dict[str, Any]]:
        fresh = {"reference": f"C-{len(self.filed)}", "received_at": datetime.now(UTC).isoformat()}
        return 201, {}, self.filed.setdefault(key, fresh)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
