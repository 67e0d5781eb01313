"""The patterns, pure asyncio: no web, HTTP or database library is imported here."""
