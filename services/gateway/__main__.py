"""Run the gateway: `python -m services.gateway`."""

from chassis.app import serve
from services.gateway.app import build
from services.gateway.settings import GatewaySettings

if __name__ == "__main__":
    settings = GatewaySettings.load()
    serve(build(settings), settings)
