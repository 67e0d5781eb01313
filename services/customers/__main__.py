"""python -m services.customers"""

from chassis.app import serve
from services.customers.app import build
from services.customers.settings import CustomersSettings

if __name__ == "__main__":
    settings = CustomersSettings.load()
    serve(build(settings), settings)
