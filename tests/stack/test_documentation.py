"""What the gateway's documentation offers to try works on a stack as it starts, through the load balancer."""

import json
from typing import Any
from urllib.parse import urlencode

import httpx

from stack.runtime import Runtime


def example_of(parameter: dict[str, Any]) -> Any:
    shown = [example["value"] for example in parameter.get("examples", {}).values()]
    return (shown or parameter["schema"].get("examples") or [None])[0]


def tries(document: dict[str, Any]) -> list[tuple[str, str, dict[str, str], Any]]:
    """Each operation with the values that the documentation fills in: method, target, headers, body."""
    found = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            target = path
            headers: dict[str, str] = {}
            query: dict[str, str] = {}
            for parameter in operation.get("parameters", ()):
                name, example = parameter["name"], example_of(parameter)
                assert example is not None or not parameter["required"], f"{method} {path}: {name} has no example"
                if parameter["in"] == "path":
                    target = target.replace(f"{{{name}}}", str(example))
                elif example is not None:
                    (headers if parameter["in"] == "header" else query)[name] = str(example)
            body = None
            if "requestBody" in operation:
                reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
                body = document["components"]["schemas"][reference.rpartition("/")[2]]["examples"][0]
            found.append((method.upper(), f"{target}?{urlencode(query)}" if query else target, headers, body))
    return found


async def test_every_example_of_the_documentation_can_be_tried(main_runtime: Runtime) -> None:
    url = main_runtime.status().url
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        page = await client.get("/api/docs")
        assert (page.status_code, "swagger-ui" in page.text) == (200, True)
        document = json.loads((await client.get("/api/openapi.json")).content)
        tried = {}
        for method, target, headers, body in tries(document):
            answer = await client.request(method, target, headers=headers, json=body)
            tried[f"{method} {target}"] = answer.status_code
    assert len(tried) == 7
    assert {request: status for request, status in tried.items() if status not in (200, 201)} == {}
