"""What docs/hosting.md gives to a host works: the image is made of what it copies, and a real nginx in front of a real server does what its configuration says."""

import getpass
import http.client
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from atlas.upstream.refresh import adapters
from tests.conftest import ROOT
from tests.server import free_port, running, serving

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
NGINX_CONF = (ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
FONTS = sorted("/" + face["url"] for face in THEME["fontFaces"])
NAME = "atlas.example.org"  # the name under which readers know the server
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}


# Image --------------------------------------------------------------------------------------------------------------


def instructions(kind: str) -> list[str]:
    """What stands behind every instruction of a kind in the Dockerfile."""
    return re.findall(rf"^(?:HEALTHCHECK .*)?{kind} (.*)$", DOCKERFILE, re.MULTILINE)


def kept_by_dockerignore(path: str) -> bool:
    """Whether a file gets to the builder of the image: the last line that fits it or a folder above it decides."""
    kept = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.removeprefix("!")
        if line and not line.startswith("#") and any(part.match(pattern) for part in (Path(path), *Path(path).parents[:-1]) if len(part.parts) == len(Path(pattern).parts)):  # fmt: skip
            kept = line.startswith("!")
    return kept


@pytest.fixture(scope="module")
def image(tmp_path_factory) -> Path:
    """The folder of the image: what the Dockerfile copies into it, and nothing else."""
    folder = tmp_path_factory.mktemp("image") / "atlas"
    folder.mkdir()
    for line in instructions("COPY"):
        *sources, target = shlex.split(line)
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, folder / target, ignore=lambda place, names: [name for name in names if not kept_by_dockerignore((Path(place) / name).relative_to(ROOT).as_posix()) and (Path(place) / name).is_file()])  # fmt: skip
            else:
                assert kept_by_dockerignore(source), f"{source} is copied, but .dockerignore leaves it out"
                shutil.copy(ROOT / source, folder / target)
    return folder


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """The variables that the image sets, and the place of the packages that are installed here."""
    given = dict(pair.split("=", 1) for line in instructions("ENV") for pair in shlex.split(line))
    return given | {"PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}", "ATLAS_BUILD_DIR": ""}


def test_the_image_builds_the_data_and_serves_it(image, environment):
    """The build of the data, the health check before and after the start, and the start, as the Dockerfile has them."""
    (build,) = [line for line in instructions("RUN") if line.startswith("python -m atlas")]
    built = subprocess.run(
        shlex.split(build), cwd=image, env=os.environ | environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert built.returncode == 0, built.stderr
    files = sorted(path.name for path in (image / "build").glob("*.duckdb"))
    assert len(files) == 1
    port = free_port()
    check, start = (json.loads(line.replace("8501", str(port))) for line in instructions("CMD"))

    def health() -> int:
        return subprocess.run(check, cwd=image, env=os.environ | environment, capture_output=True, timeout=30, check=False).returncode

    assert health() != 0
    with running(start, image / "log", f"http://127.0.0.1:{port}/_stcore/health", cwd=image, **environment):
        assert health() == 0
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
            assert b"Sovereign AI Atlas" in answer.read()
        for path in FONTS:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
                assert answer.headers["Content-Type"] == "font/woff2"
    assert sorted(path.name for path in (image / "build").glob("*.duckdb")) == files  # the start found it built


def test_the_start_asks_nobody_for_its_address(environment):
    """Streamlit's greeting would: it looks up the public address of a server that listens on all addresses."""
    assert environment["STREAMLIT_LOGGER_HIDE_WELCOME_MESSAGE"] == "true"


def test_the_image_runs_without_rights_on_pinned_packages():
    assert DOCKERFILE.index("\nUSER ") < DOCKERFILE.index("\nCMD ")
    assert instructions("USER") == ["atlas"]
    assert instructions("FROM") == ["python:3.11-slim"]
    assert [line for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").split() if "==" not in line] == []


def test_the_image_holds_the_layers_that_git_holds():
    kept = {name: kept_by_dockerignore(f"data/upstream/{name}/sites.csv") for name in adapters()}
    assert kept == {name: adapter.is_redistributable for name, adapter in adapters().items()}
    assert kept_by_dockerignore("data/upstream/names.csv")
    assert kept_by_dockerignore("data/sites.csv")
    assert not kept_by_dockerignore("tests/conftest.py")


# Proxy --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def proxy(tmp_path_factory) -> Iterator[int]:
    """The port of an nginx with our configuration, in front of a server of the Atlas."""
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    program = shutil.which("nginx", path=os.pathsep.join([os.environ["PATH"], "/usr/sbin", str(ROOT / ".venv" / "nginx" / "usr" / "sbin")]))
    assert program, "there is no nginx here: `make nginx` fetches Debian's"
    with serving(tmp_path_factory.mktemp("server")) as address:
        site = NGINX_CONF.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("http://127.0.0.1:8501", address)
        assert site.count(str(port)) == 1
        assert site.count(address) == 2
        paths = " ".join(f"{kind}_temp_path {folder / kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (folder / "nginx.conf").write_text(
            f"user {getpass.getuser()};\ndaemon off;\npid {folder / 'pid'};\nevents {{}}\nhttp {{\naccess_log off;\n{paths}\n{site}}}\n",
            encoding="utf-8",
        )
        command = [program, "-p", str(folder), "-c", "nginx.conf", "-e", str(folder / "error.log")]
        with running(command, folder / "log", f"http://127.0.0.1:{port}/readyz"):
            yield port


def ask(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and content of an answer; a WebSocket that opens has the status 101 and is closed again."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Host": NAME} | {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        content = b"" if answer.status == 101 else answer.read()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content
    finally:
        connection.close()


def script(port: int) -> str:
    """The address of the main script of a page."""
    _, _, page = ask(port, "/")
    return "/" + re.search(rb"static/js/index[^\"]*\.js", page)[0].decode()


def test_scripts_are_compressed_to_less_than_half_and_kept_for_a_year(proxy):
    path = script(proxy)
    _, plain_headers, plain = ask(proxy, path)
    _, headers, compressed = ask(proxy, path, Accept_Encoding="gzip")
    assert "content-encoding" not in plain_headers
    assert headers["content-encoding"] == "gzip"
    assert len(compressed) < len(plain) / 2
    assert {"public", "immutable", "max-age=31536000"} <= set(headers["cache-control"].split(", "))


@pytest.mark.parametrize("path", FONTS)
def test_fonts_are_kept_for_a_week(proxy, path):
    status, headers, _ = ask(proxy, path)
    assert (status, headers["content-type"], headers["cache-control"]) == (200, "font/woff2", "max-age=604800")


@pytest.mark.parametrize("path", ["/", "/api/v1/tables/chips.csv", "/api/v1/datapackage.json", "/feed.xml"])
def test_pages_and_data_are_compressed_and_asked_for_again(proxy, path):
    status, headers, _ = ask(proxy, path, Accept_Encoding="gzip")
    assert (status, headers["content-encoding"], headers["cache-control"]) == (200, "gzip", "no-cache")


def test_data_that_a_client_has_is_not_sent_again(proxy):
    _, headers, _ = ask(proxy, "/api/v1/tables/chips.csv", Accept_Encoding="gzip")
    status, _, content = ask(proxy, "/api/v1/tables/chips.csv", Accept_Encoding="gzip", If_None_Match=headers["etag"])
    assert (status, content) == (304, b"")


def test_a_page_opens_its_websocket_and_a_foreign_page_does_not(proxy):
    for scheme in ("http", "https"):
        assert ask(proxy, "/_stcore/stream", Origin=f"{scheme}://{NAME}", **HANDSHAKE)[0] == 101
    assert ask(proxy, "/_stcore/stream", Origin="https://other.example", **HANDSHAKE)[0] == 403


def test_links_begin_with_the_name_that_the_reader_typed(proxy):
    assert f"Sitemap: http://{NAME}/sitemap.xml" in ask(proxy, "/robots.txt")[2].decode()
    assert b"other.example" not in ask(proxy, "/robots.txt", X_Forwarded_Host="other.example")[2]


def test_the_name_that_may_be_used_can_be_limited(tmp_path):
    """`STREAMLIT_SERVER_ALLOWED_HOSTS` in the form that the guide gives it."""
    (listed,) = re.findall(r"`(atlas\.example\.org [^`]*)`", (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8"))
    with serving(tmp_path, STREAMLIT_SERVER_ALLOWED_HOSTS=listed) as address:
        port = int(address.rsplit(":", 1)[1])
        assert ask(port, "/_stcore/stream", **HANDSHAKE)[0] == 101
        assert ask(port, "/_stcore/stream", Host="other.example", **HANDSHAKE)[0] == 403
