"""The tool that photographs the Atlas: a file for every picture asked for, a sheet of all of them, small pictures in the README."""

import re
import subprocess
import sys

from tests.conftest import ROOT


def size_px(png: bytes) -> tuple[int, int]:
    """Width and height, from the head of the file."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def test_every_picture_that_is_asked_for_is_taken_and_stands_on_the_sheet(server, tmp_path):
    choice = ["--page", "method", "--lang", "en", "ko", "--theme", "dark", "--width", "390"]
    command = [sys.executable, "tools/screenshots.py", *choice, "--address", server, "--out", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=240)
    pictures = {path.name: path.read_bytes() for path in tmp_path.glob("method-*.png")}
    assert set(pictures) == {"method-en-dark-390.png", "method-ko-dark-390.png"}
    assert {size_px(picture)[0] for picture in pictures.values()} == {390}
    assert len(set(pictures.values())) == 2
    sheet = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    assert set(re.findall(r'href="([^"]+)"', sheet)) == set(pictures)
    assert size_px((tmp_path / "sheet.png").read_bytes())[1] > 100


def test_the_pictures_of_the_readme_are_there_and_small():
    shown = re.findall(r"\((docs/[\w./-]+\.png)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(shown) >= 3
    assert {path: size for path in shown if (size := (ROOT / path).stat().st_size) > 200_000} == {}
