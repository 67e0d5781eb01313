"""Faults that can be injected into a running service, to see what it does then: one fault, one file.

They act around the service and know nothing of what it does. `active` keeps those that are on, `routes` takes them in.
"""
