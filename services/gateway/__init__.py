"""One door to Products, Customers and Orders: it passes requests on and says clearly when it cannot."""
