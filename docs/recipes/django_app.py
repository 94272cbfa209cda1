"""A Django project in one file, with an animation in a page, as a file, and as a file that is sent while it is drawn.

Run ``pip install figreel django gunicorn uvicorn`` and one of ``gunicorn --threads 8 django_app:wsgi``,
``uvicorn django_app:asgi`` and ``python django_app.py runserver``, and open http://127.0.0.1:8000. A streamed answer
needs the iterator that fits the server: ``stream`` under WSGI and ``astream`` under ASGI. Django takes the other one
too, but reads it to the end before the first piece leaves, and says so only in a warning.
"""

import sys

import numpy as np
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.handlers.asgi import ASGIRequest
from django.core.management import execute_from_command_line
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template import Context, Template
from django.urls import path
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

from renderer import Limits, astream, render, stream

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="nothing here is signed",  # noqa: S106
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)
wsgi = get_wsgi_application()
asgi = get_asgi_application()

LIMITS = Limits(max_seconds=60)  # clients say how many turns they want
PAGE = Template('<!doctype html><title>Planets</title>{{ clip }}<img src="stream.gif" alt="the same">')


def make_planets(turns: int) -> FuncAnimation:
    """Let two planets go around a sun, 20 frames a turn of the outer one."""
    figure = Figure(figsize=(3, 3), facecolor="black")
    axes = figure.add_axes((0, 0, 1, 1), xlim=(-3, 3), ylim=(-3, 3))
    axes.set_axis_off()
    axes.scatter([0], [0], s=400, color="gold")
    angle = np.linspace(0, 2 * np.pi, 100)
    for radius in (1.2, 2.4):
        axes.plot(radius * np.cos(angle), radius * np.sin(angle), color="dimgray")
    planets = axes.scatter([0, 0], [0, 0], s=[60, 120], c=["tomato", "skyblue"], zorder=3)

    def update(frame: int) -> None:
        angles = 2 * np.pi * np.array([2, 1]) * frame / 20
        planets.set_offsets(np.column_stack([np.cos(angles), np.sin(angles)]) * [[1.2], [2.4]])

    return FuncAnimation(figure, update, frames=20 * turns, interval=100)


def page(request: HttpRequest) -> HttpResponse:
    """Show the animation in a page: its bytes are in the HTML, no second request is made for them."""
    return HttpResponse(PAGE.render(Context({"clip": render(make_planets(turns=1))})))


def whole(request: HttpRequest) -> HttpResponse:
    """Answer when the file is finished."""
    clip = render(make_planets(turns=1))
    return HttpResponse(clip.data, content_type=clip.media_type)


def streamed(request: HttpRequest, turns: int) -> StreamingHttpResponse:
    """Answer with each frame as soon as it is drawn."""
    pieces = astream if isinstance(request, ASGIRequest) else stream
    return StreamingHttpResponse(pieces(make_planets(max(1, turns)), limits=LIMITS), content_type="image/gif")


urlpatterns = [
    path("", page),
    path("planets.gif", whole),
    path("stream.gif", streamed, {"turns": 1}),
    path("stream/<int:turns>.gif", streamed),
]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
