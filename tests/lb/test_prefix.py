"""nginx writes into its prefix and nowhere else: so it runs without root and on a read-only file system."""

import re

from tests.lb.balancer import TEMPLATE
from tests.lb.conftest import OpenShop


async def test_all_that_nginx_writes_is_in_its_prefix(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    await shop.lb.get("/products/42")
    await shop.lb.log(lines=1)
    written = {path.name for path in shop.lb.folder.iterdir()} - {"nginx.conf", "upstreams.conf", "error.log"}
    temporary = {f"{kind}_temp" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")}
    assert written == {"nginx.pid", "access.log"} | temporary


def test_the_configuration_names_no_path_outside_of_the_prefix() -> None:
    """Another build of nginx has other defaults: what is written must be named, and relative."""
    directives = re.findall(r"^\s*(pid|error_log|include|\w+_temp_path) (\S+)", TEMPLATE.read_text(), re.MULTILINE)
    assert {name for name, _ in directives} >= {"pid", "error_log", "client_body_temp_path", "proxy_temp_path"}
    # A log that is not kept is written to no folder.
    assert {path for _, path in directives if path.startswith("/")} <= {"/dev/null;"}
