"""Run the dashboard: `python -m services.dashboard`."""

from chassis.low_priority import import_with_low_priority

if __name__ == "__main__":
    import_with_low_priority("services.dashboard.app")
    from chassis.app import serve
    from services.dashboard.app import build
    from services.dashboard.settings import DashboardSettings

    settings = DashboardSettings.load()
    serve(build(settings), settings)
