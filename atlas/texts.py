"""Words: key + language -> text with its values filled in, numbers, dates and country names. The only place that knows a language."""

import datetime
import math
import re
import unicodedata
from collections.abc import Mapping

from babel import Locale, dates, numbers

# The words that cannot come from texts.csv: they are for the case that there is no database to read any from.
APP_NAME = "Sovereign AI Atlas"
NO_DATA = "The Atlas has no data to show at the moment. Please come back later."

SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LOCALES = {"en": Locale("en", "GB"), "fr": Locale("fr"), "ko": Locale("ko")}
# What large numbers are counted in where there is little room. The short forms of the CLDR are not those of a newspaper: 45K, 2.5B, and 1천 for 1,000.
COUNTED_IN = {
    "en": ((1e12, "tn"), (1e9, "bn"), (1e6, "M"), (1e3, "k")),
    "fr": ((1e9, "\u202fMd"), (1e6, "\u202fM"), (1e3, "\u202fk")),
    "ko": ((1e12, "조"), (1e8, "억"), (1e4, "만")),
}
AS_EXACT = re.compile(r"(?P<year>[12]\d{3})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>\d\d)(?:-(?P<day>\d\d))?))?")
HANGUL = re.compile("[가-힣]")


class Words:
    """The words of one language, from the texts of the database; a text without a translation is shown in English."""

    def __init__(self, lang: str, texts: Mapping[str | tuple[str, str], Mapping[str, str | None]]):
        self.lang = lang
        self._texts = texts
        self._locale = LOCALES[lang]

    def __call__(self, key: str, **values) -> str:
        """The text of a key with its {placeholders} filled.

        A key that is not there stands for itself, and a text that names what the code does not fill in is shown as it is: no reader loses a page over a word.
        """
        text = self._texts.get(key, {"en": key})
        text = (text.get(self.lang) or text["en"]).replace("\\n", "\n")
        try:
            return text.format(**values)
        except (KeyError, IndexError, ValueError):
            return text

    def has(self, key: str) -> bool:
        return key in self._texts

    def or_code(self, key: str, code: str) -> str:
        """The word for a code of the data, or the code itself for data newer than the words."""
        return self(f"{key}.{code}") if self.has(f"{key}.{code}") else code

    def said(self, table: str, row_id: str, english: str) -> str:
        """What a row of the data is called, from the table of translations; a row without one is called what it is in English."""
        return self._texts.get((table, row_id), {}).get(self.lang) or english

    @property
    def separators(self) -> str:
        """Decimal sign and thousands separator, as Plotly wants them."""
        return numbers.get_decimal_symbol(self._locale) + numbers.get_group_symbol(self._locale)

    def number(self, value: float | None, digits: int | None = None) -> str:
        """A number for reading: three significant digits at most where `digits` is not given. Unknown is the word for it, never zero."""
        if value is None or not math.isfinite(value):
            return self("unknown")
        if digits is None:
            return self._written(value, 0 if value == 0 else max(0, 2 - math.floor(math.log10(abs(value)))), "#")
        return self._written(value, digits)

    def _written(self, value: float, digits: int, sign: str = "0") -> str:
        """With so many digits behind the decimal sign; where `sign` is "#", without zeros at its end."""
        return numbers.format_decimal(value, f"#,##0.{sign * digits}", self._locale)

    def percent(self, value: float | None, digits: int = 0) -> str:
        """A share in per cent with its sign, set as the language sets it."""
        if value is None or not math.isfinite(value):
            return self("unknown")
        pattern = self._locale.percent_formats[None].pattern
        return numbers.format_percent(value / 100, pattern.replace("0", f"0.{'0' * digits}"), self._locale)

    def short(self, value: float | None) -> str:
        """A large number in few characters, three significant digits at most: 45.3k, 11.1M; 4.5만, 1,110만."""
        if value is None or not math.isfinite(value):
            return self("unknown")
        if abs(value) >= 1e15:  # beyond the words for numbers
            power = math.floor(math.log10(abs(value)))
            mantissa = round(value / 10.0**power, 1)
            return ("" if mantissa == 1 else f"{self.number(mantissa)} × ") + "10" + str(power).translate(SUPERSCRIPT)
        rounded = float(f"{value:.3g}")
        for size, sign in COUNTED_IN[self.lang]:
            if abs(rounded) >= size:
                return self._written(*((rounded / size, 0) if abs(rounded) >= 100 * size else (value / size, 1)), "#") + sign
        return self.number(value)

    def dollars(self, usd: float | None) -> str:
        """An amount of US dollars in few characters: $17.3bn, 17,3 Md $, 173억 달러."""
        return self("dollars", amount=self.amount(usd)) if usd is not None and math.isfinite(usd) else self("unknown")

    def date(self, value: str | datetime.date) -> str:
        """A day, or a date as exact as it is known (2025, 2025-Q3, 2025-08, 2025-08-04), written out for a sentence; any other text stays as it is."""
        parts = AS_EXACT.fullmatch(str(value)[:10])
        if not parts or (not parts["month"] and not parts["quarter"]):
            return str(value)
        day = datetime.date(int(parts["year"]), int(parts["month"] or 3 * int(parts["quarter"])), int(parts["day"] or 1))
        if parts["day"]:
            return dates.format_date(day, "long", self._locale)
        return dates.format_skeleton("yMMMM" if parts["month"] else "yQQQ", day, locale=self._locale)

    def amount(self, value: float) -> str:
        """A number for a small space: written out while it is short."""
        return self.short(value) if abs(value) >= 10000 else self.number(value)

    def is_own_script(self, name: str | None) -> bool:
        """Whether a name is written as the language is and English is not."""
        return self.lang == "ko" and isinstance(name, str) and bool(HANGUL.search(name))

    def sort_key(self, name: str) -> tuple[bool, str]:
        """By which names stand in order for the eye: É beside E, capitals beside small letters, Korean names before others where the language is Korean."""
        plain = "".join(char for char in unicodedata.normalize("NFD", name) if not unicodedata.combining(char)).casefold()
        return self.lang == "ko" and not HANGUL.match(name), plain

    def sort_keys(self, names):
        """The same for a column of names, as pandas asks for it."""
        return names.map(self.sort_key)

    def listing(self, items) -> str:
        """Several names in a sentence: a, b and c."""
        items = list(items)
        return items[0] if len(items) == 1 else self("list.and", first=", ".join(items[:-1]), last=items[-1]) if items else ""

    def country_spellings(self, iso3: str, iso2: str) -> list[str]:
        """The names of a country in every language of the Atlas, the reader's own first, as the Unicode CLDR writes them."""
        names = [Locale(lang).territories.get(iso2) for lang in (self.lang, *LOCALES)]
        return list(dict.fromkeys(name for name in (self.country(iso3), *names) if name))

    def country(self, iso3: str) -> str:
        return self.or_code("country", iso3)


def escape(text: str) -> str:
    """Text from the data as plain text in Markdown."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>#+-!|~$:" else char for char in text)
