"""`python -m auralink_speech`: the service as a process. README.md names its variables."""

import logging
import os

from .settings import read_settings


def main() -> None:
    settings = read_settings()
    # Read when the libraries of the models are loaded; threads that wait must not keep a processor busy.
    os.environ["OMP_NUM_THREADS"] = str(settings.threads)
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
    # Nothing is fetched: models are installed, or missing.
    os.environ["HF_HUB_OFFLINE"] = "1"
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")

    from aiohttp import web

    from .server import Server

    # Work for a caller that has left would only keep others waiting.
    options = {"handler_cancellation": True, "access_log": None, "print": None}
    web.run_app(Server(settings).build(), host=settings.host, port=settings.port, **options)


if __name__ == "__main__":
    main()
