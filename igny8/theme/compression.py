"""What a page weighs on its way: pages and their files are compressed, live parts are not."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class Compressed(GZipMiddleware):
    """A live part is a few kilobytes, asked for all the time: it would cost more than it saves."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if "HX-Request" in request.headers or response.headers.get("Content-Type") in PACKED:
            return response
        return super().process_response(request, response)


PACKED = ("font/woff2", "image/webp")
