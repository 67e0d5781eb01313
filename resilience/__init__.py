"""The patterns. They are pure asyncio and import no web, HTTP or database library. Begin with `pipeline.py`."""
