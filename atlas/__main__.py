"""`python -m atlas build | check | brief | export | refresh`: the commands of a data editor and of an analyst. Progress in, one line; every wrong row out, one line each.

Exit code 0, 1 where data or disk stand in the way, 2 where the command itself is wrong.
"""

import argparse
import sys
import time
from pathlib import Path

from atlas import store
from atlas.selection import LANGUAGES, MOST_COUNTRIES


def progress_line(stream):
    """A function that shows the step at work: in place where a person is watching, as a row of names in a log."""

    def show(step: str) -> None:
        stream.write(f"\r\x1b[K{step} ..." if stream.isatty() else f"{step} ")
        stream.flush()

    return show


def recorded(database: store.Database) -> str:
    """What the newest version changed, in a sentence."""
    newest = database.read("version_list").iloc[0]
    if newest["base_because"] == "first":
        return "it is the first recorded version, which later ones are compared with"
    if newest["base_because"] == "unreadable":
        return "the build before it is lost or damaged: the history starts anew with this version"
    return f"version {newest['version_no']}; rows added: {newest['added']}, removed: {newest['removed']}, changed: {newest['changed']}"


def run(command: str, stream=sys.stderr, **history) -> int:
    """Do one command; its exit code. `history` is the reason and the earlier file of a build."""
    started = time.perf_counter()
    show = progress_line(stream)
    end = "\r\x1b[K" if stream.isatty() else "\n"
    try:
        if command == "build":
            version, path = store.build(store.DATA_DIR, store.build_dir(), show, **history)
            done = f"data version {version} is built: {path.name} ({recorded(store.Database(version, path))})"
        else:
            connection, tables = store.load_tables(store.DATA_DIR, show)
            connection.close()
            done = f"checked {len(tables)} tables: every row holds"
    except store.DataError as error:
        print(f"{end}{error}\n{len(error.problems)} wrong: nothing was built, what was built before still serves", file=stream)
        return 1
    print(f"{end}{done} ({time.perf_counter() - started:.1f} s)", file=stream)
    return 0


def write_brief(country: str, against: list[str], output: str | None, lang: str, stream=sys.stderr) -> int:
    """Write a briefing on a country beside others; the exit code."""
    from atlas import brief  # Plotly takes a while, which the other commands need not wait for

    codes = list(dict.fromkeys(code.upper() for code in [country, *against]))
    try:
        database = store.Database(*store.build(store.DATA_DIR, store.build_dir()))
    except store.DataError as error:
        print(f"{error}\n{len(error.problems)} wrong: no briefing was written", file=stream)
        return 1
    known = database.read("countries", columns="iso3, kind")
    unknown = [code for code in codes if code not in set(known.loc[known["kind"] != "world", "iso3"])]
    if unknown:
        print(f"the Atlas knows no country {', '.join(unknown)}: give codes of three letters (ISO 3166-1), as KOR, USA or CHN", file=stream)
        return 2
    if len(codes) > MOST_COUNTRIES:
        print(f"a briefing holds {MOST_COUNTRIES} countries at most, these are {len(codes)}: {', '.join(codes)}", file=stream)
        return 2
    page = brief.reading(database, codes, lang)
    path = Path(output or brief.file_name(page))
    try:
        brief.write(page, path)
    except OSError as error:
        print(
            f"the briefing cannot be written to {path} ({error.strerror}): make the folder, permit it, or name another with -o", file=stream
        )
        return 1
    print(f"briefing on {', '.join(codes)} is written: {path} ({path.stat().st_size / 1e6:.1f} MB)", file=stream)
    return 0


def write_export(folder: str, stream=sys.stderr) -> int:
    """Write the whole data package into a folder; the exit code."""
    from atlas import export

    started = time.perf_counter()
    try:
        database = store.Database(*store.build(store.DATA_DIR, store.build_dir()))
        export.export(database, Path(folder))
    except store.DataError as error:
        print(f"{error}\n{len(error.problems)} wrong: nothing was exported", file=stream)
        return 1
    except export.ExportError as error:
        print(error, file=stream)
        return 1
    print(f"data version {database.version} is exported: {folder} ({time.perf_counter() - started:.1f} s)", file=stream)
    return 0


def refresh_sources(names: list[str], given: str, is_dry: bool, is_list: bool, stream=sys.stderr) -> int:
    """Refresh upstream layers, what is new on standard output; the exit code."""
    from atlas.upstream.refresh import command  # readers of spreadsheets and the web, which no other command needs

    def show(step: str) -> None:
        if stream.isatty():
            stream.write(f"\r\x1b[K{step}")
            stream.flush()

    try:
        return command(names, given=given, is_dry=is_dry, is_list=is_list, progress=show)
    except KeyboardInterrupt:
        print("\nstopped: the layer at work is as it was", file=stream)
        return 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m atlas", description="The data of the Sovereign AI Atlas.")
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="check data/*.csv and build the database from them")
    build.add_argument("--reason", metavar="TEXT", help="why the data changed, for the list of changes")
    build.add_argument(
        "--since", type=Path, metavar="FILE", help="earlier database file whose history goes on, where the build folder holds none"
    )
    commands.add_parser("check", help="check data/*.csv and build nothing")
    brief = commands.add_parser("brief", help="write a briefing on a country as one HTML file that prints on A4")
    brief.add_argument("country", help="code of the country that it is about, as KOR")
    brief.add_argument("--against", nargs="*", default=["USA", "CHN"], metavar="CODE", help="countries beside it; USA CHN if not given")
    brief.add_argument("-o", "--output", metavar="FILE", help="file to write; named after the countries if not given")
    brief.add_argument("--lang", choices=LANGUAGES, default=LANGUAGES[0], help="language of the text")
    export = commands.add_parser("export", help="write the whole data package into a folder: CSV, Parquet, DuckDB, datapackage.json")
    export.add_argument("folder", metavar="DIR", help="new or empty folder, or an earlier export to replace")
    refresh = commands.add_parser("refresh", help="download data sets of other publishers and put them beside the curated data")
    refresh.add_argument("sources", nargs="*", metavar="SOURCE", help="names of sources; all that are open data if not given")
    refresh.add_argument(
        "--from", dest="given", default="", metavar="FILE_OR_URL", help="read one source from a file, folder or address instead of its own"
    )
    refresh.add_argument("--dry-run", action="store_true", help="say what is new and write nothing")
    refresh.add_argument("--list", action="store_true", help="list the sources")
    chosen = parser.parse_args()
    if chosen.command == "brief":
        return write_brief(chosen.country, chosen.against, chosen.output, chosen.lang)
    if chosen.command == "export":
        return write_export(chosen.folder)
    if chosen.command == "build":
        return run("build", reason=" ".join((chosen.reason or "").split()) or None, since=chosen.since)
    if chosen.command == "refresh":
        return refresh_sources(chosen.sources, chosen.given, chosen.dry_run, chosen.list)
    return run(chosen.command)


if __name__ == "__main__":
    sys.exit(main())
