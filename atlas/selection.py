"""What the reader chose <-> the query of the URL. Pure: codes in, codes out; no Streamlit, no labels, so a link opens in every language."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from babel import negotiate_locale

MOST_COUNTRIES = 6
EVIDENCE = ("official", "reported", "estimated", "planned")
SCALES = ("absolute", "per-capita", "per-gdp")
LANGUAGES = ("en", "fr", "ko")
MOST_CHARACTERS = 200
HERE = "here"  # marks a link from a page to itself, see ui.follow_url
EMBEDDING = ("embed", "embed_options")  # of Streamlit: a page inside another one, and how it looks there


@dataclass(frozen=True)
class Parameter:
    """A choice that has a name in the URL: one code, or several where `most` is above 1. `allowed` is None for free text, of `longest` characters at most."""

    name: str
    default: tuple[str, ...]
    allowed: Collection[str] | None
    most: int = 1
    longest: int = MOST_CHARACTERS

    def parse(self, raw: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The codes that hold, in the reader's order, and what had to be dropped. Where several may be chosen, an empty value means none."""
        raw = list(raw)
        if not raw:
            return self.default, ()
        if self.allowed is None:
            text = raw[-1][: self.longest]
            return ((text,) if text else ()), ()
        codes = [code.strip() for value in raw for code in value.split(",") if code.strip()]
        kept: list[str] = []
        dropped: list[str] = []
        for code in codes:
            room = len(kept) < self.most and code in self.allowed and code not in kept
            (kept if room else dropped).append(code)
        if not kept and (codes or self.most == 1):
            return self.default, tuple(dropped)
        return tuple(kept), tuple(code for code in dropped if code not in kept)

    def write(self, chosen: tuple[str, ...]) -> str | None:
        """The value for the URL; None where it is the default and stays out of it."""
        return None if chosen == self.default else ",".join(chosen)


class WholeNumbers(Collection):
    """The codes of the whole numbers from 1 on, for a parameter that counts."""

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and code.isascii() and code.isdigit() and len(code) < 10 and not code.startswith("0")

    def __iter__(self):
        return map(str, range(1, 10**9))

    def __len__(self) -> int:
        return 10**9 - 1


@dataclass(frozen=True)
class Weights(Parameter):
    """`most` numbers from 0 to `highest` with commas between them, not all of them zero: anything else is dropped as a whole."""

    highest: float = 10.0

    def parse(self, raw: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        texts = [value for one in raw for value in one.split(",")]
        if not texts:
            return self.default, ()
        try:
            numbers = [float(text) for text in texts]
        except ValueError:
            numbers = []
        if len(numbers) != self.most or not all(0 <= number <= self.highest for number in numbers) or not any(numbers):
            return self.default, (",".join(texts)[:MOST_CHARACTERS],)
        return tuple(f"{round(number, 2) + 0:g}" for number in numbers), ()


class Language(Parameter):
    """The language, by default that of the browser. Only English stays out of the address: a link from a French reader opens in French for every other one."""

    def write(self, chosen: tuple[str, ...]) -> str | None:
        return None if chosen == self.default == LANGUAGES[:1] else ",".join(chosen)


def language_of(accepted: str | None) -> str:
    """The language that a browser would rather read, of those that the Atlas speaks, from its header Accept-Language (RFC 9110); English where it names none."""
    named = re.findall(r"([A-Za-z]{2,3}(?:-\w+)*)(?:\s*;\s*q=([01](?:\.\d+)?))?", accepted or "")
    ranked = sorted(((tag, float(quality or 1)) for tag, quality in named), key=lambda one: -one[1])
    return negotiate_locale([tag for tag, quality in ranked if quality], LANGUAGES, sep="-") or LANGUAGES[0]


# A page to be put on paper: nothing to press, tables and sources as text.
PRINT = Parameter("print", (), ("yes",))


def global_parameters(countries: Collection[str], browser_lang: str = LANGUAGES[0]) -> tuple[Parameter, ...]:
    """The choices that every page shares; `countries` are the codes that the data knows."""
    return (
        Parameter("countries", ("KOR", "USA", "CHN"), countries, MOST_COUNTRIES),
        Parameter("evidence", EVIDENCE, EVIDENCE, len(EVIDENCE)),
        Parameter("scale", (SCALES[0],), SCALES),
        Language("lang", (browser_lang,), LANGUAGES),
    )


@dataclass(frozen=True)
class Selection:
    """The whole choice on one page. `page` holds the parameters of that page alone, by name; `browser_lang` is what the reader's browser would have chosen."""

    countries: tuple[str, ...]
    evidence: tuple[str, ...]
    scale: str
    lang: str
    page: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    browser_lang: str = LANGUAGES[0]

    def one(self, name: str) -> str:
        """The single code of a page parameter; empty where none is chosen."""
        return next(iter(self.page.get(name, ())), "")

    @property
    def key(self) -> tuple:
        """All that a figure may depend on, hashable."""
        return (self.countries, self.evidence, self.scale, self.lang, tuple(sorted(self.page.items())))


GLOBAL_NAMES = ("countries", "evidence", "scale", "lang")


def parse(query: Mapping[str, list[str]], parameters: Iterable[Parameter]) -> tuple[dict[str, tuple[str, ...]], list[tuple[str, str]]]:
    """Codes per parameter, and (name, value) of everything that was dropped."""
    values, dropped = {}, []
    for parameter in parameters:
        values[parameter.name], lost = parameter.parse(query.get(parameter.name, []))
        dropped += [(parameter.name, value) for value in lost]
    known = {*values, *EMBEDDING, HERE}
    dropped += [
        (name, ",".join(raw)) for name, raw in query.items() if name not in known and not name.startswith("utm_")
    ]  # utm: marks of newsletters
    return values, dropped


def to_query(values: Mapping[str, tuple[str, ...]], parameters: Iterable[Parameter]) -> dict[str, str]:
    """The shortest query that says the same: defaults are left out, names and order are fixed."""
    written = ((parameter.name, parameter.write(values[parameter.name])) for parameter in parameters)
    return {name: value for name, value in written if value is not None}


def to_selection(values: Mapping[str, tuple[str, ...]], browser_lang: str = LANGUAGES[0]) -> Selection:
    return Selection(
        countries=values["countries"],
        evidence=values["evidence"],
        scale=values["scale"][0],
        lang=values["lang"][0],
        page={name: codes for name, codes in values.items() if name not in GLOBAL_NAMES},
        browser_lang=browser_lang,
    )


def shared_query(chosen: Selection) -> dict[str, str]:
    """The part of the query that all pages share."""
    shared = {"countries": chosen.countries, "evidence": chosen.evidence, "scale": (chosen.scale,), "lang": (chosen.lang,)}
    return to_query(shared, global_parameters((), chosen.browser_lang))
