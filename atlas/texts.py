"""Words: key + language -> text with its values filled in, numbers, dates and country names. The only place that knows a language."""

import math
from collections.abc import Mapping

from babel import Locale

# The words that cannot come from texts.csv: they are for the case that there is no database to read any from.
APP_NAME = "Sovereign AI Atlas"
NO_DATA = "The Atlas has no data to show at the moment. Please come back later."

SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SEPARATORS = {"en": (".", ","), "fr": (",", "\u202f"), "ko": (".", ",")}


class Words:
    """The words of one language, from the texts of the database; a text without a translation is shown in English."""

    def __init__(self, lang: str, texts: Mapping[str | tuple[str, str], Mapping[str, str | None]]):
        self.lang = lang
        self._texts = texts
        self._decimal, self._thousands = SEPARATORS[lang]

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
        return self._decimal + self._thousands

    def number(self, value: float | None, digits: int | None = None) -> str:
        """A number for reading: three significant digits at most where `digits` is not given. Unknown is the word for it, never zero."""
        if value is None or not math.isfinite(value):
            return self("unknown")
        if digits is None:
            digits = 0 if value == 0 else max(0, 2 - math.floor(math.log10(abs(value))))
            text = f"{value:,.{digits}f}"
            text = text.rstrip("0").rstrip(".") if digits else text
        else:
            text = f"{value:,.{digits}f}"
        return text.replace(",", "\0").replace(".", self._decimal).replace("\0", self._thousands)

    def percent(self, value: float | None, digits: int = 0) -> str:
        """A share with its sign, set as the language sets it."""
        if value is None or not math.isfinite(value):
            return self("unknown")
        return self.number(value, digits) + ("\u202f%" if self.lang == "fr" else "%")

    def short(self, value: float | None) -> str:
        """A large number in few characters: 45.3k, 11.1M."""
        if value is None or not math.isfinite(value):
            return self("unknown")
        if abs(value) >= 1e15:  # beyond the words for numbers
            power = math.floor(math.log10(abs(value)))
            mantissa = round(value / 10.0**power, 1)
            return ("" if mantissa == 1 else f"{self.number(mantissa)} × ") + "10" + str(power).translate(SUPERSCRIPT)
        for size, key in ((1e9, "number.billion"), (1e6, "number.million"), (1e3, "number.thousand")):
            if abs(value) >= size:
                scaled = value / size
                return self(key, n=self.number(scaled, 0 if abs(scaled) >= 100 or scaled == int(scaled) else 1))
        return self.number(value)

    def amount(self, value: float) -> str:
        """A number for a small space: written out while it is short."""
        return self.short(value) if abs(value) >= 10000 else self.number(value)

    def listing(self, items) -> str:
        """Several names in a sentence: a, b and c."""
        items = list(items)
        return items[0] if len(items) == 1 else self("list.and", first=", ".join(items[:-1]), last=items[-1]) if items else ""

    def country_spellings(self, iso3: str, iso2: str) -> list[str]:
        """The names of a country in every language of the Atlas, the reader's own first, as the Unicode CLDR writes them."""
        names = [Locale(lang).territories.get(iso2) for lang in (self.lang, *SEPARATORS)]
        return list(dict.fromkeys(name for name in (self.country(iso3), *names) if name))

    def country(self, iso3: str) -> str:
        return self.or_code("country", iso3)


def escape(text: str) -> str:
    """Text from the data as plain text in Markdown."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>#+-!|~$:" else char for char in text)
