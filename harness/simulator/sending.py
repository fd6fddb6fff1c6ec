"""Sends an answer as it was decided, good or bad."""

import asyncio
import socket
import struct

from aiohttp import web

from harness.simulator.answering import Delivery

_AT_ONCE = struct.pack("ii", 1, 0)


async def send(request: web.BaseRequest, delivery: Delivery) -> web.StreamResponse:
    """Send it; an answer that hangs does so until the client leaves or the server stops, which cancels it."""
    if delivery.ending == "hang":
        await asyncio.Event().wait()
    if delivery.wait:
        await asyncio.sleep(delivery.wait)
    if delivery.ending == "reset" and not delivery.parts:
        return _reset(request)
    if delivery.ending == "whole" and delivery.length is not None and len(delivery.parts) == 1:
        return web.Response(
            status=delivery.status or 200,
            body=delivery.parts[0],
            content_type=delivery.content_type,
            headers=delivery.headers,
        )
    return await _piece_by_piece(request, delivery)


async def _piece_by_piece(request: web.BaseRequest, delivery: Delivery) -> web.StreamResponse:
    response = web.StreamResponse(status=delivery.status or 200, headers=delivery.headers)
    response.content_type = delivery.content_type
    if delivery.length is None:
        response.enable_chunked_encoding()
    else:
        response.content_length = delivery.length
    await response.prepare(request)
    # Without a pause there is nothing to see between the pieces, and one write is many times faster.
    for part in delivery.parts if delivery.pause else (b"".join(delivery.parts),):
        await response.write(part)
        if delivery.pause:
            await asyncio.sleep(delivery.pause)
    if delivery.ending == "reset":
        _reset(request)
    else:
        await response.write_eof()
    return response


def _reset(request: web.BaseRequest) -> web.StreamResponse:
    """End the connection the hard way: the client sees a reset, not an end."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        transport.abort()
    return web.Response()
