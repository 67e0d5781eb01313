"""While something is measured the dashboard sends nobody, and afterwards as many as before."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from lab.alone import alone
from lab.hands import Hands
from lab.journal import Journal, Undo
from stack.model import Replica, Status
from tests.lab.fake_stack import FakeRuntime

BEARER = "Bearer of the token"


class WithDashboard(FakeRuntime):
    """A dashboard answers at `url` for whoever has the token."""

    def status(self) -> Status:
        return Status(
            self.name, self.url, BEARER.removeprefix("Bearer "), [Replica("dashboard-1", "dashboard", "ready", pid=1)]
        )


class Dashboard:
    """How many visitors a second it sends, and has sent until now."""

    def __init__(self) -> None:
        self.rates = [20.0]

    @contextmanager
    def serving(self) -> Iterator[str]:
        rates = self.rates

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                assert self.path == "/control/state"
                self._answer({"visitors": {"rate": rates[-1]}})

            def do_PUT(self) -> None:
                assert (self.path, self.headers["Authorization"]) == ("/control/visitors", BEARER)
                rates.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["rate"])
                self._answer({"rate": rates[-1]})

            def _answer(self, body: object) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join(10)


@pytest.fixture
def dashboard() -> Dashboard:
    return Dashboard()


@pytest.fixture
def runtime(dashboard: Dashboard) -> Iterator[FakeRuntime]:
    with dashboard.serving() as url:
        runtime = WithDashboard()
        runtime.url = url
        yield runtime


async def test_they_stay_away_meanwhile_and_come_back(runtime: FakeRuntime, dashboard: Dashboard) -> None:
    async with alone(runtime, Journal()):
        assert dashboard.rates == [20, 0]
    assert dashboard.rates == [20, 0, 20]


async def test_undoing_a_fault_does_not_bring_them_back(runtime: FakeRuntime, dashboard: Dashboard) -> None:
    journal = Journal()
    async with alone(runtime, journal):
        hands = Hands(runtime, journal)
        await hands.pause("products-1")
        await hands.undo()
        assert runtime.calls == ["pause products-1", "resume products-1"]
        assert dashboard.rates == [20, 0]
    assert dashboard.rates == [20, 0, 20]
    assert not journal.entries


async def test_a_lab_that_was_killed_lets_them_come_back(
    runtime: FakeRuntime, dashboard: Dashboard, tmp_path: Path
) -> None:
    async with alone(runtime, Journal(tmp_path / "undo.json")):
        assert Journal(tmp_path / "undo.json").entries == [Undo("visitors", value=20)]
        assert Journal(tmp_path / "undo.json").put_right(runtime) == []
        assert dashboard.rates == [20, 0, 20]


async def test_none_are_let_in_where_there_were_none(runtime: FakeRuntime, dashboard: Dashboard) -> None:
    dashboard.rates = [0]
    async with alone(runtime, Journal()):
        pass
    assert dashboard.rates == [0]


async def test_a_dashboard_that_is_gone_is_no_reason_not_to_measure() -> None:
    runtime, journal = WithDashboard(), Journal()
    with Dashboard().serving() as url:
        runtime.url = url
    async with alone(runtime, journal):
        assert not journal.entries
