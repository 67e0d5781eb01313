"""pgbench, running what the service sends for some searches, on the database of a stack of plain processes."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote_plus

from stack.errors import StackError
from stack.local.folder import LocalFolder
from stack.local.postgres import DATABASE, binary
from stack.local.topology import HOST


def sent_for(words: str) -> dict[str, Any]:
    """What the service sends for a search: `sql`, in which `:name` stands for each of the `arguments`."""
    command = [sys.executable, "-m", "services.products.sql", f"q={quote_plus(words)}"]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


class Pgbench:
    """Takes the searches in no order, each as often as the others."""

    def __init__(self, folder: LocalFolder, port: int, searches: Sequence[str], connections: int) -> None:
        self._folder = folder
        self._defines: list[str] = []
        scripts = [f"--file={self._script(number, words)}" for number, words in enumerate(searches)]
        fixed = [f"--client={connections}", "--jobs=2", "--protocol=prepared", "--no-vacuum"]
        where = [f"--host={HOST}", f"--port={port}", "--username=products", DATABASE]
        self._command = [str(binary("pgbench")), *fixed, *self._defines, *scripts, *where]
        self._environment = {
            "PGPASSWORD": folder.passwords()["products"],
            "PGOPTIONS": "-c plan_cache_mode=force_generic_plan -c jit=off",
        }

    def per_s(self, seconds: int) -> float:
        """Transactions a second, over so many seconds."""
        command = [*self._command[:-1], f"--time={seconds}", self._command[-1]]
        ended = subprocess.run(command, env=self._environment, check=False, capture_output=True, text=True)
        found = re.search(r"tps = ([\d.]+)", ended.stdout)
        if ended.returncode or found is None:
            raise StackError(f"pgbench failed: {ended.stderr.strip()}")
        return float(found[1])

    def _script(self, number: int, words: str) -> str:
        """The path of what the service sends for a search, as a pgbench script."""
        described = sent_for(words)
        sql = re.sub(r"\s*\n", " ", described["sql"])
        for name, value in described["arguments"].items():
            sql = sql.replace(f":{name}::", f":{name}_{number}::")
            self._defines.append(f"--define={name}_{number}={value}")
        script = self._folder.path / f"search-{number}.sql"
        script.write_text(f"{sql};\n")
        return str(script)
