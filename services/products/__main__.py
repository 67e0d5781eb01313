"""Run a replica: `python -m services.products`."""

from chassis.low_priority import import_with_low_priority

if __name__ == "__main__":
    import_with_low_priority("services.products.app")
    from chassis.app import serve
    from services.products.app import build
    from services.products.settings import ProductsSettings

    settings = ProductsSettings.load()
    serve(build(settings), settings)
