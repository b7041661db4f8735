"""Failed downloads: a status or an error of the web in, what happened and what to do about it out, in words of a data editor.

A sentence begins with its address, which `fetch` puts before the words that are raised here.
"""

import ssl
from http.client import HTTPException, LineTooLong, responses

from urllib3 import BaseHTTPResponse, exceptions
from urllib3.util import Retry

LOOK = "look for the file on the publisher's page, and give its address or the file with --from"
LATER = "try again later"
PASSING = {429, 500, 502, 503, 504}  # statuses that another try may not meet


class FetchError(Exception):
    """No address gave a good file: which, what happened, and what to do. The file that was there before is as it was."""


class Passing(Exception):
    """What another try may not meet. `pause_seconds` is what the server asks for, 0 where it does not."""

    def __init__(self, what: str, pause_seconds: float = 0):
        super().__init__(what)
        self.pause_seconds = pause_seconds


def of_status(answer: BaseHTTPResponse) -> FetchError | Passing:
    """What an answer means that gives no file."""
    what = f"answered {answer.status} {responses.get(answer.status, '')}".strip()
    if answer.status not in PASSING:
        return FetchError(f"{what}; {LOOK}")
    try:
        return Passing(what, Retry().get_retry_after(answer) or 0)
    except (exceptions.HTTPError, ValueError, OverflowError):  # Retry-After is neither seconds nor a date
        return Passing(what)


def of_error(error: exceptions.HTTPError) -> FetchError | Passing:
    """What an error means that kept us from an answer or from its end."""
    cause = error.args[-1] if error.args else None
    match error:
        case exceptions.LocationValueError():
            return FetchError(f"is or leads to what is no web address; {LOOK}")
        case exceptions.NameResolutionError():
            return FetchError("names a host that is not found; check the address and the network connection")
        case exceptions.NewConnectionError():
            return Passing("accepts no connection")
        case exceptions.TimeoutError():
            return Passing("was silent for too long")
        case exceptions.ProxyError():
            return FetchError("is out of reach through the proxy; check the proxy that http_proxy or https_proxy names")
        case exceptions.SSLError() if isinstance(cause, ssl.SSLCertVerificationError):
            return FetchError(f"has no valid certificate ({cause.verify_message}); check the date and the certificates of this computer")
    if type(cause) in (HTTPException, LineTooLong):
        return FetchError(f"sent a flood of headers; {LOOK}")
    return Passing("broke off in the middle of its answer")
