"""The web: one address in, one answer out, its body unread. Within limits of time and redirects, through the proxy that the environment names."""

import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import unquote, urljoin
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.util import Timeout, make_headers, parse_url

from atlas.upstream.failures import LATER, LOOK, FetchError


@dataclass(frozen=True)
class Limits:
    """What one address may cost, with all its tries."""

    connect_seconds: float = 10
    read_seconds: float = 30  # of silence
    total_seconds: float = 300  # with the pauses between tries
    size_bytes: int = 200_000_000  # unpacked
    tries: int = 4
    redirects: int = 5  # of one try
    backoff_seconds: float = 1  # before the second try; doubles with each try, and up to as much again is added by chance


def follow(url: str, location: str) -> str:
    """Where a redirect leads: from https to https, from http to either. FetchError where it leads elsewhere."""
    try:
        target = parse_url(urljoin(url, location))
    except ValueError:
        raise FetchError(f"redirects to something that is no address; {LOOK}") from None
    before = parse_url(url).scheme
    if target.scheme not in ("http", "https") or (before, target.scheme) == ("https", "http"):
        raise FetchError(f"redirects from {before} to {target.scheme}, which is not followed; {LOOK}")
    return target.url


class Watch:
    """Asks one address: cuts the line when the time is over, and lets no redirect lead into a private network."""

    def __init__(self, limits: Limits):
        self.limits = limits
        self._end = time.monotonic() + limits.total_seconds
        self._timer = threading.Timer(limits.total_seconds, self._cut)
        self._timer.daemon = True
        self._line: socket.socket | None = None
        self._is_redirected = False
        self._named_peers = set()  # whom the address itself led to, without a redirect

    def __enter__(self):
        self._timer.start()
        return self

    def __exit__(self, *error):
        self._timer.cancel()
        self._timer.join()
        if self._line:
            self._line.close()

    def _cut(self) -> None:
        # A limit on silence alone would let a server that drips its headers byte by byte hold us for days.
        if self._line:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def left_seconds(self) -> float:
        return self._end - time.monotonic()

    def confirm_time(self) -> None:
        """FetchError where the time is over: what was read may then be a part of the whole."""
        if self.left_seconds() <= 0:
            raise FetchError(f"did not send the whole file within {self.limits.total_seconds:g} s; {LATER}, or give the file with --from")

    def _admit(self, host: str) -> None:
        """A person may name any peer; a redirect leads to public peers and to those that were named. A name passes here: its peer is judged when it is met."""
        try:
            peer = ip_address(host.strip("[]"))
        except ValueError:
            return
        if not self._is_redirected:
            self._named_peers.add(peer)
        elif not peer.is_global and peer not in self._named_peers:
            raise FetchError(f"redirects into a private network, to {peer}, which is not followed; {LOOK}")

    def take(self, line: socket.socket, is_proxy: bool) -> None:
        """Watch over a connection before anything is sent on it."""
        previous, self._line = self._line, line.dup()  # a copy, which outlives the change of the original into a TLS socket
        if previous:
            previous.close()
        self.confirm_time()
        if not is_proxy:  # which looks up names itself
            self._admit(line.getpeername()[0])

    def _ask(self, url: str, headers: dict[str, str]) -> urllib3.BaseHTTPResponse:
        place = parse_url(url)
        if place.scheme not in ("http", "https") or not place.host:
            raise FetchError("is no web address; give one that begins with https://")
        self._admit(place.host)
        proxy = None if proxy_bypass(place.netloc) else getproxies().get(place.scheme) or getproxies().get("all")
        if proxy:
            proxy = parse_url(proxy if "://" in proxy else f"http://{proxy}")
            manager = urllib3.ProxyManager(proxy.url, proxy_headers=make_headers(proxy_basic_auth=proxy.auth and unquote(proxy.auth)))
        else:
            manager = urllib3.PoolManager()
        pool = manager.connection_from_url(url)
        pool.ConnectionCls = type("Watched", (_Watched, pool.ConnectionCls), {"watch": self})
        timeout = Timeout(connect=self.limits.connect_seconds, read=self.limits.read_seconds)
        return manager.urlopen(
            "GET", url, headers=headers, timeout=timeout, retries=False, redirect=False, preload_content=False, decode_content=False
        )

    def open(self, url: str, headers: dict[str, str]) -> urllib3.BaseHTTPResponse:
        """The answer at the end of the redirects, to be closed. FetchError where it may not be had, HTTPError of urllib3 where the web fails."""
        for hop in range(self.limits.redirects + 1):
            self._is_redirected = hop > 0
            answer = self._ask(url, headers)
            location = answer.get_redirect_location()
            if not location:
                return answer
            answer.close()
            url = follow(url, location)
        raise FetchError(f"redirects more than {self.limits.redirects} times; {LOOK}")


class _Watched:
    """Mixed into the connections of urllib3: `watch` takes the line first."""

    watch: Watch

    def _new_conn(self) -> socket.socket:
        line = super()._new_conn()
        try:
            self.watch.take(line, is_proxy=self.proxy is not None)
        except FetchError:
            line.close()
            raise
        return line
