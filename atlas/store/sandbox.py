"""A reader's SQL in, an Answer out: a few locked processes shared by all readers, and the answers kept while there is room.

`ATLAS_SQL=off` switches it off, for a hosted page. What a query may do is said in worker.py; here it is kept from waiting long and from crowding:
a query waits for a free process, and is refused where none comes free. A session of the dashboard runs one script, so it asks one query at a time.
"""

import atexit
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing import Pipe
from pathlib import Path

import pandas as pd
from cachetools import LRUCache

MOST_CHARACTERS = 10_000
MOST_ROWS = 10_000
MOST_ANSWER_MB = 8
MOST_SECONDS = 3
MEMORY_MB = 256  # that DuckDB may use for a query
MOST_RUNNING = 2
MOST_WAIT_SECONDS = 8  # time for a few queries of others
KEPT_MB = 64


def is_on() -> bool:
    return os.environ.get("ATLAS_SQL", "").lower() != "off"


@dataclass(frozen=True)
class Answer:
    """What a query came to: rows, of which `is_cut` says that there were more; or, where `refused` names a reason, none, and the details for a sentence."""

    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    is_cut: bool = False
    seconds: float = 0.0
    refused: str = ""
    details: Mapping[str, str | int] = field(default_factory=dict)


class _Process:
    """One locked process that reads one built file."""

    def __init__(self, path: Path):
        self.path = path
        self._channel, theirs = Pipe()
        # Nothing of the environment is handed on but where the modules are: what is not there cannot be read.
        environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "atlas.store.worker", str(theirs.fileno()), str(path)],
            env=environment,
            cwd=Path(__file__).parent.parent.parent,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        theirs.close()

    def ask(self, sql: str) -> bytes:
        """The answer as it was sent. Raises EOFError or OSError where the process ended over the query."""
        self._channel.send_bytes(sql.encode(errors="replace"))
        return self._channel.recv_bytes()

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def close(self) -> int:
        """End the process; the signal that ended it before, if one did."""
        self._channel.close()  # it waits for a query, and ends when none can come
        try:
            return -self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return -self._process.wait()


def _renewed(process: _Process | None, path: Path | None = None) -> _Process | None:
    if process is not None:
        process.close()
    return path and _Process(path)


class Sandbox:
    """Up to `most_running` processes, started when they are needed; a query that finds none free waits `wait_seconds`."""

    def __init__(self, most_running: int = MOST_RUNNING, wait_seconds: float = MOST_WAIT_SECONDS):
        self._places: queue.LifoQueue[_Process | None] = queue.LifoQueue()
        for _ in range(most_running):
            self._places.put(None)
        self._wait_seconds = wait_seconds
        self._kept: LRUCache = LRUCache(KEPT_MB << 20, getsizeof=len)
        self._lock = threading.Lock()

    def ask(self, version: str, path: Path, sql: str) -> Answer:
        """What the query comes to in this version of the data."""
        if not is_on():
            return Answer(refused="off")
        with self._lock:
            sent = self._kept.get((version, sql))
        if sent is not None:
            return pickle.loads(sent)
        try:
            process = self._places.get(timeout=self._wait_seconds)
        except queue.Empty:
            return Answer(refused="busy")
        try:
            if process is None or process.path != path or process.has_ended:
                process = _renewed(process, path)
            sent = process.ask(sql)
            answer = pickle.loads(sent)
            if answer.refused == "memory":  # what it allocated may be in the way of the next query
                process = _renewed(process)
        except (EOFError, OSError):
            ended_by, process = process.close(), None
            if ended_by == signal.SIGALRM:
                return Answer(refused="time", details={"seconds": MOST_SECONDS})
            return Answer(refused="crash")
        finally:
            self._places.put(process)
        if answer.refused != "time":  # on a less busy machine it may come to more
            with self._lock:
                self._kept[(version, sql)] = sent
        return answer

    def close(self) -> None:
        """End the processes that wait for a query."""
        waiting = [self._places.get_nowait() for _ in range(self._places.qsize())]
        for process in waiting:
            if process is not None:
                process.close()
            self._places.put(None)


_sandbox = Sandbox()
ask = _sandbox.ask
atexit.register(_sandbox.close)
