"""A Streamlit page with a matplotlib animation that is drawn anew when a control changes.

Run ``pip install streamlit 'figreel[video]'`` and ``streamlit run streamlit_app.py``, and open http://localhost:8501.
Show pictures with ``st.html(clip.html())``, and a player with ``components.html``. ``st.image`` makes a still of WebP
and AVIF, and of GIF and APNG when it is told a width smaller than the picture's. Streamlit runs the whole script after
each change, so the clip is cached.
"""

import numpy as np
import streamlit as st
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure
from streamlit.components import v1 as components

from renderer import Clip, render


@st.cache_data(max_entries=50)
def lissajous(ratio: int, file_format: str) -> Clip:
    figure = Figure(figsize=(3.2, 3.2))
    axes = figure.add_subplot(xlim=(-1.1, 1.1), ylim=(-1.1, 1.1), aspect="equal", title=f"x : y = 1 : {ratio}")
    time = np.linspace(0, 2 * np.pi, 500)
    (curve,) = axes.plot([], [], color="tab:purple", linewidth=2)

    def update(frame: int) -> None:
        curve.set_data(np.sin(time), np.sin(ratio * time + 2 * np.pi * frame / 20))

    return render(FuncAnimation(figure, update, frames=20), file_format, fps=15)


st.title("Lissajous figures")
ratio = st.slider("Ratio", 1, 5, 3)
clip = lissajous(ratio, st.radio("Format", ["webp", "gif", "apng", "avif", "mp4", "html"], horizontal=True))
if clip.format == "mp4":
    st.video(clip.data, autoplay=True, loop=True, muted=True, width=clip.width)
elif clip.format == "html":
    components.html(clip.data.decode(), height=clip.height + 130)
else:
    st.html(clip.html(alt=f"A Lissajous figure of ratio {ratio}"))
