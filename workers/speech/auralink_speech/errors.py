"""Refusals, in the shape of OpenAI's API."""

from aiohttp import web


class Refusal(Exception):
    """An answer other than success, with a code that callers may compare."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def busy() -> Refusal:
    return Refusal(429, "busy", "too much work is waiting; try again later")


def answer(refusal: Refusal) -> web.Response:
    kind = "invalid_request_error" if refusal.status < 500 else "server_error"
    headers = {"Retry-After": "2"} if refusal.status in (429, 503) else {}
    body = {"error": {"message": str(refusal), "type": kind, "code": refusal.code, "param": None}}
    return web.json_response(body, status=refusal.status, headers=headers)
