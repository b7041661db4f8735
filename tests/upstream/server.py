"""A web server on 127.0.0.1: scripted answers in, HTTP out, good or broken to the byte. What it was asked is kept.

with Server() as server:
    url = server.script("/chips.csv", reply(status=503), reply(b"chip_id\\n"))
"""

import socketserver
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import parse_headers

Pieces = Iterable[bytes | float]  # bytes are sent, a number is a pause in seconds


@dataclass(frozen=True)
class Request:
    target: str  # path and query; the whole address where the server is asked as a proxy
    headers: Message


def reply(body: bytes = b"", status: int = 200, headers: Mapping[str, str] | None = None) -> Pieces:
    """A whole answer. Its length is right unless `headers` say another."""
    sent = {"Content-Length": str(len(body)), "Connection": "close"} | dict(headers or {})
    head = [f"HTTP/1.1 {status} Scripted", *(f"{name}: {text}" for name, text in sent.items())]
    return ["".join(f"{line}\r\n" for line in [*head, ""]).encode("latin-1"), body]


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """Answers what `script` says, 404 where it says nothing. `requests` and `sent_bytes` grow as it is asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[Request] = []
        self.sent_bytes = 0
        self.is_over = threading.Event()
        self._scripts: dict[str, list[Pieces | Callable[[Request], Pieces]]] = {}

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.is_over.set()
        self.shutdown()
        self.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def script(self, target: str, *answers: Pieces | Callable[[Request], Pieces]) -> str:
        """Give these answers in turn, the last one from then on; the address that gives them. A function makes its answer from the request."""
        self._scripts[target] = list(answers)
        return self.address + target if target.startswith("/") else target

    def answer(self, request: Request) -> Pieces:
        self.requests.append(request)
        answers = self._scripts.get(request.target, [reply(status=404)])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return answer(request) if callable(answer) else answer


class _Handler(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline().decode("latin-1").split()
        if not line:  # whoever connected went away without a word
            return
        try:
            for piece in self.server.answer(Request(line[1], parse_headers(self.rfile))):
                if isinstance(piece, bytes):
                    self.wfile.write(piece)
                    self.server.sent_bytes += len(piece)
                elif self.server.is_over.wait(piece):
                    return
        except ConnectionError:
            pass  # the reader has had enough, as it should of an endless answer
