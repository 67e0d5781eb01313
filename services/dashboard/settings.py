"""The settings of the dashboard."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chassis.settings import Seconds, ServiceSettings

BaseUrl = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.\[\]:-]+$")]

_LEAST_RATE = 0.1


def _none_or_some(rate: float) -> float:
    if 0 < rate < _LEAST_RATE:
        raise ValueError(f"Use 0 for none, or at least {_LEAST_RATE}")
    return rate


VisitorsRate = Annotated[
    float,
    Field(ge=0, le=200, allow_inf_nan=False, description="visitors a second that the dashboard sends; 0: none"),
    AfterValidator(_none_or_some),
]
HostName = r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?"


class DashboardSettings(ServiceSettings):
    """Where the stack is, who may change it, and how often to read its state."""

    control_token: str = Field(
        "",
        pattern=r"^([A-Za-z0-9_-]{16,128})?$",
        repr=False,
        description="a request with it may change things; empty: one is made and logged at the start",
    )
    public_url: BaseUrl = Field(
        "http://127.0.0.1:8080", description="where the page is reached, for the printed address"
    )
    dashboard_hosts: str = Field(
        "",
        pattern=rf"^({HostName}( {HostName})*)?$",
        description="host names besides localhost and addresses by which the page may be reached, a space between them",
    )
    topology_file: str = Field("", description="where plain processes listen; empty: names that DNS resolves")
    lb_url: BaseUrl = Field("http://lb:8080", description="the load balancer as visitors reach it")
    visitors_rate: VisitorsRate = 20
    visitors_patience_s: Seconds = Field(2.5, description="longest that a visitor waits before giving up")
    # After 3.5 s the page calls its data stale.
    poll_interval_s: float = Field(1.0, gt=0, le=2, description="seconds between two looks at every service; at most 2")
    poll_timeout_s: Seconds = Field(0.8, description="longest that a service may take to say how it is")
    max_pages: int = Field(200, ge=1, le=1000, description="pages that may be open at once")
