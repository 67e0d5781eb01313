"""Where a Chromium is, and what to do where there is none."""

import os
import shutil

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """Its path, if there is one."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def executable() -> str:
    """Its path; without one the test is skipped, or fails where CI=true."""
    found = find()
    if found is None:
        missing = "no Chromium is installed: on Debian and Ubuntu, apt install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found
