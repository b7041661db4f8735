"""A real server for tests: settings in, the address of an Atlas that has answered no reader yet out."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT

START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def running(command: list[str], log: Path, address: str, cwd: Path = ROOT, **settings: str) -> Iterator[None]:
    """A server of any kind, from the moment that `address` answers; what it started ends with it. `settings` are variables of its environment."""
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=cwd, env=os.environ | settings, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                urllib.request.urlopen(address, timeout=5).read()
                break
            except OSError:
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.25)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[str]:
    """A server with its build and its log in a folder of its own; `settings` are variables of its environment."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.address", "127.0.0.1", "--server.port", str(port)]
    with running(command, folder / "log", f"{address}/_stcore/health", **{"ATLAS_BUILD_DIR": str(folder / "build")} | settings):
        yield address
