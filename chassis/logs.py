"""JSON logs: one line for each event, with the replica, the request id and the trace id.

The load balancer logs every request. A service logs only unusual events.
"""

import logging
import sys
from typing import Any

import structlog

from chassis.context import current_request


def configure(service: str, replica: str, level: str) -> None:
    """Send structlog and the standard library's loggers (uvicorn's too) to standard output as JSON."""

    def add_context(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        event["service"] = service
        event["replica"] = replica
        request = current_request.get()
        if request is not None:
            event.setdefault("request_id", request.request_id)
            event.setdefault("trace_id", request.trace_id)
        return event

    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_context,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # httpx would log every request. The load balancer already does that.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.captureWarnings(True)
