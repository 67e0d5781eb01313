"""Run the dashboard: `python -m services.dashboard`."""

from chassis.app import serve
from services.dashboard.app import build
from services.dashboard.settings import DashboardSettings

if __name__ == "__main__":
    settings = DashboardSettings.load()
    serve(build(settings), settings)
