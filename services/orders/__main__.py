"""Run a replica: `python -m services.orders`."""

from chassis.low_priority import import_with_low_priority

if __name__ == "__main__":
    import_with_low_priority("services.orders.app")
    from chassis.app import serve
    from services.orders.app import build
    from services.orders.settings import OrdersSettings

    settings = OrdersSettings.load()
    serve(build(settings), settings)
