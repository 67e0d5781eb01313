"""What every service bolts on: app factory, settings, health, metrics, errors, logs, drain and database."""
