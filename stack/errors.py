"""What can go wrong between the user and the stack.

StackError             a sentence for the user; the command line prints it and exits 1
├── NothingRuns        no stack is up here
├── UnknownTarget      no replica or service has this name
├── NotPossibleHere    this runtime, or this service, cannot do that
├── Refused            a replica was asked for something that it does not do
└── Unanswered         a replica was asked and said nothing
    ├── NotRunning     it is down, or on its way up
    └── BrokeOff       the connection ended in place of an answer
"""


class StackError(Exception):
    """Its text is one or two sentences that say what is wrong and what to do about it."""


class NothingRuns(StackError):
    def __init__(self) -> None:
        super().__init__("No stack is up here: start one with `make up`.")


class UnknownTarget(StackError):
    pass


class NotPossibleHere(StackError):
    pass


class Refused(StackError):
    pass


class Unanswered(StackError):
    pass


class NotRunning(Unanswered):
    pass


class BrokeOff(Unanswered):
    pass
