"""A real Chromium against a real server, with every way out of the machine shut and noted."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.server import serving

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]  # fmt: skip
# The script has run and the charts stand, for a while: a click or a step back takes a moment to start it. Before: window.quietSince = null.
SETTLED = """() => {
  const runs = !document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]');
  const waits = document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]');
  window.quietSince = runs || waits ? null : (window.quietSince ?? performance.now());
  return window.quietSince !== null && performance.now() - window.quietSince > 300;
}"""


def chromium_path() -> str:
    names = (os.environ.get("CHROMIUM") or "", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    assert found, "the browser tests need Chromium: `make test` installs it, or set CHROMIUM to its path"
    return found


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a server that has answered no reader yet."""
    with serving(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


class Reader:
    """One reader with a fresh profile: a browser page, and what it asked other hosts for."""

    def __init__(self, chromium, server, **options):
        self.server = server
        self.context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}} | options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.outside: list[str] = []
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("websocket", lambda websocket: self._note(websocket.url))

    def _note(self, url: str) -> None:
        if not url.startswith((self.server, self.server.replace("http", "ws", 1), "data:", "blob:")):
            self.outside.append(url)

    def open(self, path: str) -> None:
        self.page.goto(self.server + path)
        self.settle()

    def settle(self) -> None:
        """Wait until the page stands as SETTLED says."""
        self.page.evaluate("() => { window.quietSince = null; }")
        self.page.wait_for_function(SETTLED)

    @property
    def query(self) -> str:
        return self.page.evaluate("() => decodeURIComponent(location.search)")

    @property
    def title(self) -> str:
        return self.page.locator("h1").first.inner_text()


@pytest.fixture
def reader(chromium, server):
    readers = []

    def make(**options) -> Reader:
        readers.append(Reader(chromium, server, **options))
        return readers[-1]

    yield make
    for one in readers:
        one.context.close()
        assert one.outside == []
