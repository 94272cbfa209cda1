"""An e-mail with an animation in its text.

Run it with ``python mail.py you@example.org`` after ``pip install figreel``; the mail is handed to the SMTP server that
the environment variable SMTP names, by default ``localhost:25``. ``max_bytes`` is the size that the GIF is fitted into,
with fewer colors, then fewer frames. In the mail it takes a third more, since attachments are sent as text. Send GIF:
few mail programs play another format. Outlook on Windows shows only its first frame, so let that one say what matters.
"""

import os
import smtplib
import sys
from email.message import EmailMessage
from email.utils import make_msgid

import numpy as np
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

from renderer import Clip, render


def make_animation() -> FuncAnimation:
    x, y = np.meshgrid(np.linspace(-9, 9, 240), np.linspace(-6, 6, 160))
    distance = np.hypot(x + 4, y)
    other = np.hypot(x - 4, y)
    figure = Figure(figsize=(4.8, 3.2))
    axes = figure.add_axes((0, 0, 1, 1), frame_on=False, xticks=[], yticks=[])
    image = axes.imshow(np.sin(distance) + np.sin(other), vmin=-2, vmax=2, cmap="ocean", aspect="auto")

    def update(phase: float) -> None:
        image.set_data(np.sin(2 * distance - phase) + np.sin(2 * other - phase))

    return FuncAnimation(figure, update, frames=np.linspace(0, 2 * np.pi, 16, endpoint=False), interval=80)


def make_message(clip: Clip, to: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Two drops on a lake"
    message["From"] = "pictures@example.org"
    message["To"] = to
    message.set_content("This mail shows an animation, in programs that show HTML.")
    name = make_msgid()
    message.add_alternative(f'<p>Two drops:</p><img src="cid:{name[1:-1]}" alt="Rings that meet">', subtype="html")
    kind, _, subtype = clip.media_type.partition("/")
    html = message.get_payload(1)
    html.add_related(clip.data, kind, subtype, cid=name, filename=f"drops.{clip.format}", disposition="inline")
    return message


if __name__ == "__main__":
    clip = render(make_animation(), "gif", max_bytes=400_000)
    with smtplib.SMTP(os.environ.get("SMTP", "localhost:25")) as server:
        server.send_message(make_message(clip, sys.argv[1]))
