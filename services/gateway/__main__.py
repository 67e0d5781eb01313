"""Run the gateway: `python -m services.gateway`."""

from chassis.low_priority import import_with_low_priority

if __name__ == "__main__":
    import_with_low_priority("services.gateway.app")
    from chassis.app import serve
    from services.gateway.app import build
    from services.gateway.settings import GatewaySettings

    settings = GatewaySettings.load()
    serve(build(settings), settings)
