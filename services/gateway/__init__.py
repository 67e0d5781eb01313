"""The gateway: one entrance to Products, Customers and Orders, with the patterns around every call.

Begin with `routes.py`. A call goes through five files, in this order:

1. `routes.py`: the public routes. They check a request and say which dependency to call.
2. `dependency.py`: a dependency and its pipeline of patterns (`resilience/pipeline.py`).
3. `transport.py`: one attempt, a request over HTTP.
4. `answer.py`: the dependency's answer, and the response that the client gets.
5. `problems.py`: how a call fails, and the problem document that the client then gets.

`app.py` builds the gateway. `storefront.py` is the page that calls all three dependencies at the same time.
`patterns.py` has the routes for the operator. The other files are options, settings, metrics, traces and log lines.
"""
