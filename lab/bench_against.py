"""`make bench-against COMMIT=1172a29`: the search of this checkout beside the search of an earlier commit.

A replica of Products of each version runs beside a stack that is up on plain processes, with the database of that stack
and the same Python environment. The two take turns, so that a busy machine slows both alike. docs/clarity.md has the
table.
"""

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import typer
import uvloop
from rich.console import Console
from rich.table import Table

from lab.bench_report import Spread
from lab.closed_loop import closed_loop
from lab.plain_apps import search_path
from lab.process import process, wait_for
from lab.request import WANTED
from stack import running_runtime
from stack.errors import StackError
from stack.local.folder import LocalFolder
from stack.local.ports import free_port
from stack.local.postgres import DATABASE
from stack.settings import ROOT, StackSettings

ROUNDS = 6
ROUND_S = 2.0
CONNECTIONS = 4
# Name, unit and digits of the figures of a turn.
FIGURES = (("processor time of a search", " ms", 2), ("searches a second", "", 0), ("resident memory", " MiB", 0))

Turn = tuple[float, float, float]


@contextmanager
def checked_out(commit: str) -> Iterator[Path]:
    """A git worktree of the commit, for the length of the block."""
    with TemporaryDirectory(prefix="afloat-against-") as folder:
        path = Path(folder, "checkout")
        _git("worktree", "add", "--detach", str(path), commit)
        try:
            yield path
        finally:
            _git("worktree", "remove", "--force", str(path))


def _git(*arguments: str) -> None:
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True)
    if done.returncode:
        raise StackError(done.stderr.strip())


def database_url(settings: StackSettings) -> str:
    """The database of the stack that is up."""
    folder = LocalFolder(settings.state_dir / "local")
    topology = folder.topology()
    if running_runtime(settings).name != "local" or topology is None:
        raise StackError("This needs a stack on plain processes: make up RUNTIME=local.")
    return f"postgresql://products:{folder.passwords()['products']}@{topology.place('postgres-1').address}/{DATABASE}"


def measure(checkouts: Sequence[Path], database: str) -> list[tuple[Turn, ...]]:
    """Rounds, in each of which the replica of every checkout has its turn."""
    with ExitStack() as running:
        replicas: list[tuple[psutil.Process, int]] = []
        for checkout in checkouts:
            port = free_port([port for _, port in replicas])
            settings = {
                "AFLOAT_REPLICA": "products-1",
                "AFLOAT_DATABASE_URL": database,
                "AFLOAT_LISTEN_PORT": str(port),
            }
            pid = running.enter_context(process("services.products", environment=settings, checkout=checkout))
            wait_for(f"http://127.0.0.1:{port}/readyz")
            replicas.append((psutil.Process(pid), port))
        rounds = [tuple(_turn(*replica) for replica in replicas) for _ in range(1 + ROUNDS)]
    return rounds[1:]  # the first one warms up


def _turn(replica: psutil.Process, port: int) -> Turn:
    targets = [search_path(words) for words in WANTED]
    before = replica.cpu_times()
    tally = uvloop.run(closed_loop("127.0.0.1", port, targets, connections=CONNECTIONS, seconds=ROUND_S))
    after = replica.cpu_times()
    if tally.errors:
        raise StackError(f"{len(tally.errors)} searches failed, the first with: {tally.errors[0]}")
    searches, cpu_s = len(tally.latencies_s), after.user + after.system - before.user - before.system
    return cpu_s / searches * 1000, searches / ROUND_S, replica.memory_info().rss / 2**20


def table(commit: str, rounds: Sequence[tuple[Turn, ...]]) -> Table:
    """Medians and ranges. A ratio is of the two turns of one round."""
    shown = Table("", commit, "this checkout", "ratio", title=f"A replica of Products, {len(rounds)} rounds of 2 turns")
    for number, (name, unit, digits) in enumerate(FIGURES):
        pairs = [(then[number], now[number]) for then, now in rounds]
        columns = [Spread.of(figures).show(digits, unit) for figures in zip(*pairs, strict=True)]
        shown.add_row(name, *columns, Spread.of(now / then for then, now in pairs).show(2))
    return shown


def main(commit: str) -> None:
    # SIGTERM does what Ctrl-C does: the replicas end, and the worktree is removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        database = database_url(StackSettings.load())
        with checked_out(commit) as earlier:
            rounds = measure([earlier, ROOT], database)
    except StackError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    Console().print(table(commit, rounds))


if __name__ == "__main__":
    typer.run(main)
