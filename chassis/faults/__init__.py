"""Faults that can be injected into a running service, to see how it reacts. Each fault has one file.

They act outside the service's own code. `active.py` has the faults that are on, `routes.py` has the HTTP interface.
"""
