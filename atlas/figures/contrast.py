"""Colours that can be told apart: tones (#RRGGBB) in, their contrast, their lightness and their readable forms out, by WCAG 2.2 and CIE 1976."""

from collections.abc import Sequence
from functools import cache

TEXT, MARK = 4.5, 3.0  # least contrast of text and of marks with what they stand on
GREY_APART = 9  # steps of lightness, from 0 to 100, that grey print keeps apart
BLACK, WHITE = "#000000", "#FFFFFF"


@cache
def luminance(tone: str) -> float:
    channels = [int(tone[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def lightness(tone: str) -> float:
    """L*, from 0 (black) to 100 (white): what is left of a tone in grey print."""
    part = luminance(tone)
    return 116 * part ** (1 / 3) - 16 if part > 0.008856 else 903.3 * part


def over(tone: str, ground: str, opacity: float) -> str:
    """What a tone looks like over a ground that shows through."""
    parts = (int(tone[place : place + 2], 16) * opacity + int(ground[place : place + 2], 16) * (1 - opacity) for place in (1, 3, 5))
    return "#" + "".join(f"{round(part):02X}" for part in parts)


def pale(tone: str, opacity: float) -> str:
    """A tone that lets its ground show through, as CSS writes it."""
    return f"rgba({','.join(str(int(tone[place : place + 2], 16)) for place in (1, 3, 5))},{opacity:g})"


def text_on(ground: str, *preferred: str) -> str:
    """The first of some tones, of white and of black that can be read on a ground; one of the last two always can."""
    return next(tone for tone in (*preferred, WHITE, BLACK) if contrast(tone, ground) >= TEXT)


@cache
def legible(tone: str, page: str) -> str:
    """A tone as text on a page: darker or lighter by as little as makes it readable."""
    end = max((BLACK, WHITE), key=lambda end: contrast(end, page))
    return next(moved for step in range(51) if contrast(moved := over(end, tone, step / 50), page) >= TEXT)


def apart(tones: Sequence[str], styles: Sequence[str]) -> list[str]:
    """A style (a dash, a shape, a pattern) for each tone, so that tones too close for grey print differ in it; the last one where there are too many."""
    chosen: list[str] = []
    for tone in tones:
        taken = {style for other, style in zip(tones, chosen, strict=False) if abs(lightness(other) - lightness(tone)) < GREY_APART}
        chosen.append(next((style for style in styles if style not in taken), styles[-1]))
    return chosen
