"""Downloads against a local server: a good file arrives whole, everything else is a sentence and leaves the last good file alone."""

import gzip
import hashlib
import itertools
import re
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from atlas.upstream.fetch import FetchError, Limits, fetch
from atlas.upstream.layer import Drift
from atlas.upstream.web import follow
from tests.upstream.server import Server, reply

DATA = b"chip_id,memory_gb\nh100,80\n"
GOOD = b"the last good file\n"
LOOK = "look for the file on the publisher's page, and give its address or the file with --from"
MEGABYTE = bytes(1_000_000)
PATIENT = Limits(connect_seconds=5, read_seconds=10, total_seconds=30, size_bytes=3_000_000, tries=2, redirects=3, backoff_seconds=0.001)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def server():
    with Server() as server:
        yield server


@pytest.fixture
def path(tmp_path):
    return tmp_path / "source" / "chips.csv"


def failure(path, *urls, limits=PATIENT, **options) -> str:
    """The sentence of a failed refresh, beside a good file that it must leave alone, and leave alone in its folder."""
    path.parent.mkdir()
    path.write_bytes(GOOD)
    with pytest.raises(FetchError) as raised:
        fetch(urls, path, limits=limits, **options)
    assert path.read_bytes() == GOOD
    assert list(path.parent.iterdir()) == [path]
    return str(raised.value)


def test_a_file_arrives_whole_with_what_is_known_of_it(server, path):
    url = server.script("/chips.csv", reply(DATA, headers={"ETag": '"v1"', "Last-Modified": "Wed, 01 Oct 2025 00:00:00 GMT"}))
    fetched = fetch([url], path, limits=PATIENT)
    assert path.read_bytes() == DATA
    assert list(path.parent.iterdir()) == [path]
    assert (fetched.url, fetched.path, fetched.is_new, fetched.size) == (url, path, True, len(DATA))
    assert (fetched.etag, fetched.last_modified) == ('"v1"', "Wed, 01 Oct 2025 00:00:00 GMT")
    assert fetched.sha256 == hashlib.sha256(DATA).hexdigest()
    assert timedelta(0) <= datetime.now(UTC) - datetime.fromisoformat(fetched.retrieved) < timedelta(minutes=1)


def test_the_project_names_itself_and_takes_compressed_answers(server, path):
    fetch([server.script("/chips.csv", reply(DATA))], path, limits=PATIENT)
    assert server.requests[0].headers["User-Agent"].startswith("SovereignAIAtlas/")
    assert server.requests[0].headers["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize(
    "answer",
    [
        reply(gzip.compress(DATA), headers={"Content-Encoding": "gzip"}),
        reply(gzip.compress(DATA[:9]) + gzip.compress(DATA[9:]), headers={"Content-Encoding": "gzip"}),
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n", DATA[:9], b"\r\n11\r\n", DATA[9:], b"\r\n0\r\n\r\n"],
        [b"HTTP/1.0 200 OK\r\n\r\n", DATA],
    ],
    ids=["gzip", "gzip in two members", "chunked", "until the line ends"],
)
def test_a_body_is_the_same_file_however_it_is_sent(server, path, answer):
    fetch([server.script("/chips.csv", answer)], path, limits=PATIENT)
    assert path.read_bytes() == DATA


def test_a_file_of_many_pieces_arrives_whole_and_tells_its_progress(server, path):
    body = MEGABYTE + b"\x01" * 1_500_000
    told = []
    url = server.script("/chips.csv", reply(body))
    fetch([url], path, limits=PATIENT, progress=told.append)
    assert path.read_bytes() == body
    assert told[0] == f"chips.csv: asking {url}"
    assert told[1:] == ["chips.csv: 1.0 MB, 40%", "chips.csv: 2.0 MB, 80%", "chips.csv: 2.5 MB, 100%"]


def test_a_folder_that_is_missing_is_made_and_one_that_cannot_be_is_a_sentence(server, tmp_path):
    url = server.script("/chips.csv", reply(DATA))
    (tmp_path / "file").write_bytes(GOOD)
    with pytest.raises(FetchError, match=r"was not saved, .*chips.csv cannot be written \(.+\); free or permit the place"):
        fetch([url], tmp_path / "file" / "chips.csv", limits=PATIENT)
    assert (tmp_path / "file").read_bytes() == GOOD


# Broken answers


def chunked(*pieces):
    return [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *pieces]


def packed(body):
    return reply(body, headers={"Content-Encoding": "gzip"})


GZIP_HEADER = gzip.compress(b"")[:10]
DAMAGED = bytearray(gzip.compress(DATA))
DAMAGED[-6] ^= 1  # in the check sum


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (
            reply(status=404),
            "answered 404 Not Found; look for the file on the publisher's page, and give its address or the file with --from",
        ),
        (reply(status=403), "answered 403 Forbidden; look"),
        (reply(status=302), "answered 302 Found; look"),
        (reply(status=304), "answered 304 Not Modified; look"),
        (reply(DATA, status=206), "answered 206 Partial Content; look"),
        (reply(status=299), "answered 299; look"),
        (reply(status=500), "answered 500 Internal Server Error (try 2 of 2); try again later"),
        (reply(status=503, headers={"Retry-After": "soon"}), "answered 503 Service Unavailable (try 2 of 2); try again later"),
        (reply(status=429, headers={"Retry-After": "9" * 5000}), "answered 429 Too Many Requests (try 2 of 2); try again later"),
        (reply(DATA, headers={"Content-Length": "400"}), "broke off in the middle of its answer (try 2 of 2); try again later"),
        (chunked(b"9\r\n", DATA[:4]), "broke off in the middle"),
        (chunked(b"9\r\n", DATA[:9], b"\r\n"), "broke off in the middle"),
        (chunked(b"nine\r\n", DATA), "broke off in the middle"),
        ([], "broke off in the middle"),
        ([b"220 mail.example ready\r\n"], "broke off in the middle"),
        (packed(bytes(DAMAGED)), "sent a damaged file, its gzip compression is broken (try 2 of 2); try again later"),
        (packed(gzip.compress(DATA)[:-9]), "sent a damaged file"),
        (packed(GZIP_HEADER + b"\xff" * 99), "sent a damaged file"),
        (packed(DATA), "sent a damaged file"),
        (reply(DATA, headers={"Content-Encoding": "br"}), "sent the file in a compression that was not asked for ('br'); look"),
        (reply(), "sent an empty file; try again later"),
        (packed(gzip.compress(b"")), "sent an empty file"),
        (chunked(b"0\r\n\r\n"), "sent an empty file"),
        (reply(b"<!DOCTYPE html><p>Please log in"), "sent a web page instead of data; open it in a browser, then look"),
        (reply(b"\xef\xbb\xbf\r\n <HTML><body>moved"), "sent a web page"),
        (reply(b'<?xml version="1.0"?>\n<!DOCTYPE html><html>'), "sent a web page"),
        (packed(gzip.compress(b"<html>")), "sent a web page"),
        (reply(b"", headers={"Content-Length": "1000000000"}), "sends more than 3 MB, the limit for one file; look"),
        (packed(gzip.compress(bytes(50_000_000))), "sends more than 3 MB"),
        ([b"HTTP/1.1 200 OK\r\n", *[b"X-More: 1\r\n"] * 200, b"\r\n", DATA], "sent a flood of headers; look"),
        ([b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 100_000, b"\r\n\r\n", DATA], "sent a flood of headers"),
    ],
)
def test_a_broken_answer_is_a_sentence_and_the_last_good_file_stays(server, path, answer, sentence):
    url = server.script("/chips.csv", answer)
    assert failure(path, url).startswith(f"{url} {sentence}")


def test_of_an_endless_body_no_more_is_read_than_the_limit(server, path):
    url = server.script("/chips.csv", lambda request: itertools.chain([b"HTTP/1.1 200 OK\r\n\r\n"], itertools.repeat(MEGABYTE)))
    assert failure(path, url) == f"{url} sends more than 3 MB, the limit for one file; " + LOOK
    assert server.sent_bytes < 20_000_000


@pytest.mark.parametrize(
    "pieces",
    [
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"], [b"x", 0.05]),
        ([b"HTTP/1.1 200 OK\r\n\r\n"], [b"x", 0.05]),
        ([b"HTTP/1.1 200 OK\r\nX-Drip: "], [b"x", 0.05]),
        ([], [b"HTTP/1.1 100 Continue\r\n\r\n", 0.05]),
        ([b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", GZIP_HEADER], [b"\0\0\0\xff\xff", 0.05]),
    ],
    ids=["in a body of known length", "in a body until the line ends", "in a header", "in interim answers", "in empty blocks of gzip"],
)
def test_a_slow_drip_ends(server, path, pieces):
    first, then = pieces
    url = server.script("/chips.csv", lambda request: itertools.chain(first, itertools.cycle(then)))
    started = datetime.now(UTC)
    assert failure(path, url, limits=replace(PATIENT, total_seconds=0.5)) == (
        f"{url} did not send the whole file within 0.5 s; try again later, or give the file with --from"
    )
    assert datetime.now(UTC) - started < timedelta(seconds=15)


def test_where_no_time_is_left_nothing_is_asked(server, path):
    failure(path, server.script("/chips.csv", reply(DATA)), limits=replace(PATIENT, total_seconds=0))
    assert server.requests == []


@pytest.mark.parametrize("before", [[], [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"]], ids=["before", "within"])
def test_silence_is_a_sentence(server, path, before):
    url = server.script("/chips.csv", [*before, 30.0])
    assert failure(path, url, limits=replace(PATIENT, read_seconds=0.2)) == f"{url} was silent for too long (try 2 of 2); try again later"


def test_a_port_where_nobody_listens_is_a_sentence(path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/chips.csv"
    assert failure(path, url) == f"{url} accepts no connection (try 2 of 2); try again later"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://chips.invalid/chips.csv", "names a host that is not found; check the address and the network connection"),
        ("file:///etc/hostname", "is no web address; give one that begins with https://"),
        ("chips.csv", "is no web address"),
        ("http://127.0.0.1:99999/chips.csv", "is or leads to what is no web address"),
    ],
)
def test_an_address_that_leads_nowhere_is_a_sentence(path, url, sentence):
    assert failure(path, url).startswith(f"{url} {sentence}")


# Redirects


def to(location, status=302):
    return reply(status=status, headers={"Location": location})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_the_named_address_is_kept(server, path, status):
    url = server.script("/latest", to("data/chips.csv", status))
    server.script("/data/chips.csv", reply(DATA))
    assert fetch([url], path, limits=PATIENT).url == url
    assert path.read_bytes() == DATA


@pytest.mark.parametrize(
    ("location", "sentence"),
    [
        ("file:///etc/hostname", "redirects from http to file, which is not followed; look"),
        ("ftp://127.0.0.1/chips.csv", "redirects from http to ftp, which is not followed; look"),
        ("http://[::1/chips.csv", "redirects to something that is no address; look"),
        ("http://127.0.0.1:99999/", "redirects to something that is no address; look"),
        ("/chips.csv", "redirects more than 3 times; look"),
    ],
)
def test_a_redirect_that_leads_astray_is_a_sentence(server, path, location, sentence):
    url = server.script("/chips.csv", to(location))
    assert failure(path, url).startswith(f"{url} {sentence}")


def test_a_redirect_never_gives_up_encryption():
    with pytest.raises(FetchError, match="redirects from https to http, which is not followed"):
        follow("https://data.example/chips.csv", "http://data.example/chips.csv")
    assert follow("http://data.example/chips.csv", "https://data.example/new.csv") == "https://data.example/new.csv"
    assert follow("https://data.example/a/chips.csv", "../new.csv") == "https://data.example/new.csv"


def test_a_person_who_names_this_computer_may_stay_on_it_and_not_go_further(server, path):
    with Server() as other:
        url = server.script("/chips.csv", to(other.script("/chips.csv", reply(DATA))))
        fetch([url], path, limits=PATIENT)
        assert path.read_bytes() == DATA
        server.script("/chips.csv", to(f"http://127.0.0.2:{other.server_address[1]}/chips.csv"))
        path.unlink()
        with pytest.raises(FetchError, match=r"redirects into a private network, to 127\.0\.0\.2, which is not followed"):
            fetch([url], path, limits=PATIENT)
        assert len(other.requests) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "[::1]", "[fd00::1]", "[::ffff:7f00:1]"])
def test_no_redirect_leads_from_outside_into_a_private_network(server, path, monkeypatch, host):
    monkeypatch.setenv("http_proxy", server.address)  # through which an outside host answers
    url = server.script("http://data.example/chips.csv", to(f"http://{host}/chips.csv"))
    assert failure(path, url).startswith(f"{url} redirects into a private network, to {host.strip('[]')}, which is not followed; look")
    assert [request.target for request in server.requests] == [url]


def test_a_redirect_from_outside_to_another_public_host_is_followed(server, path, monkeypatch):
    monkeypatch.setenv("http_proxy", server.address)
    url = server.script("http://data.example/chips.csv", to("http://8.8.8.8/chips.csv"))
    server.script("http://8.8.8.8/chips.csv", reply(DATA))
    fetch([url], path, limits=PATIENT)
    assert path.read_bytes() == DATA


def test_no_redirect_leads_from_outside_to_a_name_of_this_computer(server, path, monkeypatch):
    monkeypatch.setenv("http_proxy", server.address)
    monkeypatch.setenv("no_proxy", "localhost")
    with Server() as inside:
        url = server.script("http://data.example/chips.csv", to(f"http://localhost:{inside.server_address[1]}/chips.csv"))
        assert "redirects into a private network, to 127.0.0.1" in failure(path, url)
        assert inside.requests == []


# Proxies


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_the_proxy_of_the_environment_is_used(server, path, monkeypatch, name):
    monkeypatch.setenv(name, server.address.replace("//", "//reader:p%40ss@"))
    fetch([server.script("http://data.example/chips.csv", reply(DATA))], path, limits=PATIENT)
    assert path.read_bytes() == DATA
    assert server.requests[0].headers["Proxy-Authorization"] == "Basic cmVhZGVyOnBAc3M="  # reader:p@ss


def test_a_proxy_that_is_down_is_a_sentence(path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as free:
        monkeypatch.setenv("http_proxy", f"127.0.0.1:{free.getsockname()[1]}")
    assert "is out of reach through the proxy; check the proxy that http_proxy" in failure(path, "http://data.example/chips.csv")


# Tries


def test_a_try_that_fails_is_followed_by_one_that_succeeds(server, path):
    told = []
    url = server.script("/chips.csv", reply(status=503), reply(DATA))
    fetch([url], path, limits=PATIENT, progress=told.append)
    assert path.read_bytes() == DATA
    assert told[1] == f"chips.csv: {url} answered 503 Service Unavailable, next try in 0 s"


def test_a_pause_that_the_server_asks_for_is_kept(server, path):
    told = []
    url = server.script("/chips.csv", reply(status=429, headers={"Retry-After": "1"}), reply(DATA))
    fetch([url], path, limits=PATIENT, progress=told.append)
    assert told[1] == f"chips.csv: {url} answered 429 Too Many Requests, next try in 1 s"


@pytest.mark.parametrize("when", ["3600", format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)], ids=["seconds", "date"])
def test_a_pause_beyond_the_limit_is_left_to_the_reader(server, path, when):
    url = server.script("/chips.csv", reply(status=429, headers={"Retry-After": when}))
    said = re.fullmatch(r"(.+) and asks for a pause of (\d+) s \(try 1 of 2\); try again later", failure(path, url))
    assert said[1] == f"{url} answered 429 Too Many Requests"
    assert 3000 <= int(said[2]) <= 3600
    assert len(server.requests) == 1


def test_tries_are_never_stitched_together(server, path):
    half, whole = reply(b"1,2\n" * 9, headers={"Content-Length": "72"}), reply(b"3,4\n" * 18)
    fetch([server.script("/chips.csv", half, whole)], path, limits=PATIENT)
    assert path.read_bytes() == b"3,4\n" * 18
    assert all("Range" not in request.headers for request in server.requests)


def test_what_another_try_cannot_mend_is_tried_once(server, path):
    failure(path, server.script("/chips.csv", reply(status=404)))
    assert len(server.requests) == 1


# Several addresses, and checks


def must_be_csv(path):
    if not path.read_bytes().startswith(b"chip_id"):
        raise Drift(f"{path.name} has no column chip_id")


def test_the_first_address_that_gives_a_good_file_wins(server, path):
    urls = [
        server.script("/gone", reply(status=404)),
        server.script("/renamed", reply(b"chip,memory\n")),
        server.script("/good", reply(DATA)),
        server.script("/later", reply(b"chip_id\n")),
    ]
    assert fetch(urls, path, limits=PATIENT, check=must_be_csv).url == urls[2]
    assert path.read_bytes() == DATA
    assert [request.target for request in server.requests] == ["/gone", "/renamed", "/good"]


def test_where_no_address_gives_a_good_file_each_has_its_reason(server, path):
    gone, renamed = server.script("/gone", reply(status=404)), server.script("/renamed", reply(b"chip,memory\n"))
    assert failure(path, gone, renamed, check=must_be_csv).splitlines() == [
        "no address gave chips.csv:",
        f"{gone} answered 404 Not Found; {LOOK}",
        f"{renamed} sent a file that is not what it should be: chips.csv has no column chip_id; {LOOK}",
    ]


# Unchanged files


def unless_unchanged(body, name, text, condition):
    return lambda request: reply(status=304) if request.headers.get(condition) == text else reply(body, headers={name: text})


CONDITIONS = [("ETag", 'W/"v1"', "If-None-Match"), ("Last-Modified", "Wed, 01 Oct 2025 00:00:00 GMT", "If-Modified-Since")]


@pytest.mark.parametrize(("name", "text", "condition"), CONDITIONS)
def test_an_unchanged_file_is_not_sent_again(server, path, name, text, condition):
    url = server.script("/chips.csv", unless_unchanged(DATA, name, text, condition))
    first = replace(fetch([url], path, limits=PATIENT), retrieved="2025-10-02T00:00:00+00:00")
    again = fetch([url], path, limits=PATIENT, earlier=first)
    assert again == replace(first, retrieved=again.retrieved, is_new=False)
    assert again.retrieved > first.retrieved
    assert path.read_bytes() == DATA


def test_a_file_that_was_spoilt_or_lost_since_is_sent_again(server, path):
    url = server.script("/chips.csv", unless_unchanged(DATA, *CONDITIONS[0]))
    first = fetch([url], path, limits=PATIENT)
    for spoil in (lambda: path.write_bytes(b"spoilt"), path.unlink):
        spoil()
        assert not fetch([url], path, limits=PATIENT, earlier=first).is_new
        assert path.read_bytes() == DATA


def test_another_address_is_asked_for_the_whole_file(server, path):
    first = fetch([server.script("/chips.csv", unless_unchanged(DATA, *CONDITIONS[0]))], path, limits=PATIENT)
    moved = server.script("/moved.csv", unless_unchanged(DATA + b"h200,141\n", *CONDITIONS[0]))
    assert fetch([moved], path, limits=PATIENT, earlier=first).is_new
    assert path.read_bytes() == DATA + b"h200,141\n"


def test_a_file_that_is_sent_again_with_the_same_bytes_is_not_new(server, path):
    url = server.script("/chips.csv", reply(DATA))
    first = fetch([url], path, limits=PATIENT)
    assert not fetch([url], path, limits=PATIENT, earlier=first).is_new
    server.script("/chips.csv", reply(DATA + b"h200,141\n"))
    assert fetch([url], path, limits=PATIENT, earlier=first).is_new


def test_an_unchanged_file_is_checked_too(server, path):
    url = server.script("/chips.csv", unless_unchanged(b"chip,memory\n", *CONDITIONS[0]))
    first = fetch([url], path, limits=PATIENT)
    with pytest.raises(FetchError, match=r"chips.csv has no column chip_id"):
        fetch([url], path, limits=PATIENT, earlier=first, check=must_be_csv)
