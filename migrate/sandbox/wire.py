"""The wire: JSON in, answers out; whole, half or not at all."""

from typing import Any

import orjson
from aiohttp import web

from migrate.sandbox.call import Answer
from migrate.sandbox.problem import Problem


async def send(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Send as much of the answer as is to be sent; return what the server takes for the response."""
    if answer.sent == "nothing":
        cut(request)
        return web.Response()  # goes nowhere
    is_page = isinstance(answer.body, str)
    body = b"" if answer.body is None else answer.body.encode() if is_page else orjson.dumps(answer.body)
    content_type = "text/html" if is_page else "application/json"
    if answer.sent == "whole":
        given = None if answer.body is None else content_type
        return web.Response(status=answer.status, body=body, headers=answer.headers, content_type=given)
    response = web.StreamResponse(status=answer.status, headers={**answer.headers, "Content-Type": content_type})
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


def cut(request: web.Request) -> None:
    """Cut the connection."""
    if request.transport is not None:
        request.transport.abort()


def parsed(body: bytes) -> Any:  # noqa: ANN401 - JSON
    """Return what a body says; raises Problem where it isn't JSON."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Problem(400, "the body is not JSON") from None
