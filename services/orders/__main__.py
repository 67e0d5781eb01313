"""python -m services.orders"""

from chassis.app import serve
from services.orders.app import build
from services.orders.settings import OrdersSettings

if __name__ == "__main__":
    settings = OrdersSettings.load()
    serve(build(settings), settings)
