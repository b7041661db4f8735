"""`python -m atlas build | check`: the commands of a data editor. Progress in, one line; every wrong row out, one line each; exit code 0 or 1."""

import argparse
import sys
import time

from atlas import store


def progress_line(stream):
    """A function that shows the step at work: in place where a person is watching, as a row of names in a log."""

    def show(step: str) -> None:
        stream.write(f"\r\x1b[K{step} ..." if stream.isatty() else f"{step} ")
        stream.flush()

    return show


def run(command: str, stream=sys.stderr) -> int:
    """Do one command; its exit code."""
    started = time.perf_counter()
    show = progress_line(stream)
    end = "\r\x1b[K" if stream.isatty() else "\n"
    try:
        if command == "build":
            version, path = store.build(store.DATA_DIR, store.build_dir(), show)
            done = f"data version {version} is built: {path.name}"
        else:
            connection, tables = store.load_tables(store.DATA_DIR, show)
            connection.close()
            done = f"checked {len(tables)} tables: every row holds"
    except store.DataError as error:
        print(f"{end}{error}\n{len(error.problems)} wrong: nothing was built, what was built before still serves", file=stream)
        return 1
    print(f"{end}{done} ({time.perf_counter() - started:.1f} s)", file=stream)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m atlas", description="The data of the Sovereign AI Atlas.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="check data/*.csv and build the database from them")
    commands.add_parser("check", help="check data/*.csv and build nothing")
    return run(parser.parse_args().command)


if __name__ == "__main__":
    sys.exit(main())
