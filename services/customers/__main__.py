"""Run a replica: `python -m services.customers`."""

from chassis.low_priority import import_with_low_priority

if __name__ == "__main__":
    import_with_low_priority("services.customers.app")
    from chassis.app import serve
    from services.customers.app import build
    from services.customers.settings import CustomersSettings

    settings = CustomersSettings.load()
    serve(build(settings), settings)
