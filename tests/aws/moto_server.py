"""`python -m tests.aws.moto_server`: AWS as moto simulates it, on a free port, which it prints; ends with its stdin."""

import sys

from moto.server import ThreadedMotoServer

from tests.aws import moto_gaps


def main() -> None:
    moto_gaps.fill_in()
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    print(server.get_host_and_port()[1], flush=True)
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main()
