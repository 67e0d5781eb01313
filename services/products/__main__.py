"""python -m services.products"""

from chassis.app import serve
from services.products.app import build
from services.products.settings import ProductsSettings

if __name__ == "__main__":
    settings = ProductsSettings.load()
    serve(build(settings), settings)
