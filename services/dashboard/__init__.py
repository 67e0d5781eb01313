"""The dashboard: sends visitors, watches every service, shows what both see, and passes on what the operator does."""
