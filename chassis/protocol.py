"""HTTP/1.1 as uvicorn speaks it, except that what is not HTTP at all is answered with a problem document too."""

import json

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chassis.problems import CONTENT_TYPE


class ProblemProtocol(HttpToolsProtocol):
    """Such a request never becomes one: it has no id, and no middleware sees it."""

    def send_400_response(self, msg: str) -> None:
        body = json.dumps({"type": "about:blank", "title": "Bad Request", "status": 400, "detail": msg}).encode()
        head = f"HTTP/1.1 400 Bad Request\r\ncontent-type: {CONTENT_TYPE}\r\ncontent-length: {len(body)}\r\n"
        self.transport.write(f"{head}connection: close\r\n\r\n".encode() + body)
        self.transport.close()
