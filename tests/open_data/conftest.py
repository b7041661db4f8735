"""The open data routes on a server of their own, without the dashboard around them."""

import json
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

import pytest
import uvicorn
from starlette.applications import Starlette

from atlas import open_data, store
from tests.server import free_port


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self):
        return json.loads(self.content)


class Client:
    def __init__(self, address: str):
        self.address = address

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        request = urllib.request.Request(self.address + path, method=method, headers={name.replace("_", "-"): value for name, value in headers.items()})  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return Answer(answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, {name.lower(): value for name, value in error.headers.items()}, error.read())


@pytest.fixture(scope="session")
def client(tmp_path_factory):
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("ATLAS_BUILD_DIR", str(tmp_path_factory.mktemp("build")))
    store.current()  # built before the first request, which a client does not wait long for
    port = free_port()
    app = Starlette(routes=open_data.routes(["", "compute"]))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield Client(f"http://127.0.0.1:{port}")
    server.should_exit = True
    thread.join()
    monkeypatch.undo()
