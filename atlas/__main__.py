"""`python -m atlas build | check`: the commands of a data editor. Progress in, one line; every wrong row out, one line each; exit code 0 or 1."""

import argparse
import sys
import time

from atlas import store


def progress_line(stream):
    """A function that shows the step at work on one line, where a person is watching."""

    def show(step: str) -> None:
        if stream.isatty():
            stream.write(f"\r\x1b[K{step} ...")
            stream.flush()

    return show


def run(command: str, stream=sys.stderr) -> int:
    """Do one command; its exit code."""
    started = time.perf_counter()
    show = progress_line(stream)
    try:
        if command == "build":
            version, path = store.build(store.DATA_DIR, store.build_dir(), show)
            done = f"built data version {version} as {path.name}"
        else:
            connection, tables = store.load_tables(store.DATA_DIR, show)
            connection.close()
            done = f"checked {len(tables)} tables: every row holds"
    except store.DataError as error:
        clear = "\r\x1b[K" if stream.isatty() else ""
        print(f"{clear}{error}\n{len(error.problems)} wrong: nothing was built, what was built before still serves", file=stream)
        return 1
    except OSError as error:
        print(
            f"{store.build_dir()} cannot be written ({error.strerror}): free or permit it, or set ATLAS_BUILD_DIR to another folder",
            file=stream,
        )
        return 1
    clear = "\r\x1b[K" if stream.isatty() else ""
    print(f"{clear}{done} ({time.perf_counter() - started:.1f} s)", file=stream)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m atlas", description="The data of the Sovereign AI Atlas.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="check data/*.csv and build the database from them")
    commands.add_parser("check", help="check data/*.csv and build nothing")
    return run(parser.parse_args().command)


if __name__ == "__main__":
    sys.exit(main())
