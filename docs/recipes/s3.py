"""An animation into a bucket of S3, without a file on the disk.

Run it with ``python s3.py BUCKET waves.gif`` after ``pip install figreel boto3``; it prints a link that shows the
animation for an hour. boto3 finds your keys and the region as it always does, and another service that speaks S3 by the
environment variable AWS_ENDPOINT_URL. Say the content type: without it, browsers save the file instead of showing it.
"""

import sys

import boto3
import numpy as np
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

from renderer import render


def make_animation() -> FuncAnimation:
    x = np.linspace(0, 4 * np.pi, 200)
    figure = Figure(figsize=(5, 2.5))
    axes = figure.subplots()
    lines = axes.plot(x, np.sin(x), x, np.cos(x), linewidth=3)
    axes.set_ylim(-1.2, 1.2)

    def update(phase: float) -> None:
        lines[0].set_ydata(np.sin(x - phase))
        lines[1].set_ydata(np.cos(x + phase))

    return FuncAnimation(figure, update, frames=np.linspace(0, 2 * np.pi, 20, endpoint=False), interval=80)


if __name__ == "__main__":
    bucket, key = sys.argv[1:]
    clip = render(make_animation(), "gif")
    client = boto3.client("s3")
    client.upload_fileobj(clip.open(), bucket, key, ExtraArgs={"ContentType": clip.media_type})
    print(client.generate_presigned_url("get_object", {"Bucket": bucket, "Key": key}, ExpiresIn=3600))
