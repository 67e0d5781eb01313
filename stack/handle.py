"""What every runtime holds of the stack that it is to run."""

from collections.abc import Mapping

from stack.runtime import Announce, Scheduler, silent
from stack.settings import StackSettings, services_environment
from stack.state_folder import StateFolder


class Handle:
    """The settings; the environment of the services, the user's unless told otherwise; whom to tell what is done."""

    scheduler: Scheduler | None = None
    can_cut = False

    def __init__(
        self, settings: StackSettings, environment: Mapping[str, str] | None = None, announce: Announce = silent
    ) -> None:
        self.settings = settings
        given = services_environment() if environment is None else environment
        # A service by itself takes no faults; a stack is there to be broken.
        self._environment = {"AFLOAT_FAULTS_ENABLED": str(settings.faults_enabled).lower(), **given}
        self._announce = announce
        self._state = StateFolder(settings.state_dir)
