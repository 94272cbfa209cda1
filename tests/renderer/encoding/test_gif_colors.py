from collections.abc import Callable
from io import BytesIO

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from tests.media import Film, assert_shows, decoded_by_pillow, encoded
from tests.renderer.encoding.gif_files import (
    BOTH,
    HUNDREDTH,
    WHITE,
    Decoded,
    by_pillow,
    error,
    noise,
    pictures_in,
    spots,
)


@BOTH
def test_a_few_colors_are_exact(decoded: Decoded) -> None:
    pictures = spots(20)
    assert_shows(decoded(encoded("gif", pictures)), pictures, [0.1] * 20, unit=HUNDREDTH)


@BOTH
def test_255_colors_are_exact(decoded: Decoded) -> None:
    picture = WHITE.copy()
    picture.reshape(-1, 4)[:254, 0] = np.arange(254)  # and white
    film = decoded(encoded("gif", [picture, WHITE]))
    np.testing.assert_array_equal(film.at(0.05), picture)


def photos(count: int) -> list[np.ndarray]:
    """Return smooth shades with the grain of a photograph."""
    random, (y, x) = np.random.default_rng(7), np.mgrid[0:1:90j, 0:1:120j]
    pictures = np.full((count, 90, 120, 4), 255, np.uint8)
    for index, pixels in enumerate(pictures):
        shades = np.stack([np.sin(6 * x + index / 5), np.cos(5 * y - index / 7), np.sin(3 * x * y)], axis=-1)
        pixels[..., :3] = np.clip(128 + 100 * shades + random.normal(0, 12, shades.shape), 0, 255)
    return list(pictures)


@BOTH
@pytest.mark.parametrize("pictures", [noise(3), photos(3)], ids=["noise", "photos"])
def test_more_colors_than_a_table_holds_are_within_21_and_smaller_than_pillows(
    decoded: Decoded, pictures: list[np.ndarray]
) -> None:
    data = encoded("gif", pictures)
    assert len(list(pictures_in(data))) == len(pictures)
    film = decoded(data)
    assert all(error(film.at(index / 10 + 0.05), picture) <= 21 for index, picture in enumerate(pictures))
    assert len(data) < len(by_pillow(pictures))


@BOTH
@pytest.mark.parametrize("colors", [65, 128, 129, 254, 255])
def test_noise_takes_hardly_more_than_its_bits(decoded: Decoded, colors: int) -> None:
    levels = np.random.default_rng(colors).integers(0, colors, (301, 400), np.uint8)
    levels.flat[:colors] = np.arange(colors)
    picture = np.stack([levels, levels, levels, np.full_like(levels, 255)], axis=-1)
    data = encoded("gif", [picture])
    np.testing.assert_array_equal(decoded(data).shots[0].pixels, picture)
    (drawn,) = pictures_in(data)
    assert len(data) < levels.size * (drawn.code_bits + 1) / 8 * 1.025 + 900


@pytest.mark.parametrize("colors", [2, 5, 64])
@pytest.mark.parametrize("dither", [False, True])
def test_colors_are_no_more_than_asked_for(colors: int, dither: bool) -> None:
    data = encoded("gif", noise(2), colors=colors, dither=dither)
    for shot in decoded_by_pillow(data).shots:
        assert len(np.unique(shot.pixels.reshape(-1, 4), axis=0)) <= colors


def test_dither_mixes_what_the_palette_lacks_and_stands_still() -> None:
    ramp = np.broadcast_to(np.arange(256, dtype=np.uint8)[:, None], (64, 256, 3))
    pictures = []
    for index in range(6):
        pixels = np.concatenate([ramp, np.full((64, 256, 1), 255, np.uint8)], axis=2)
        pixels[:, 100:120] = (index * 40, 0, 0, 255)
        pictures.append(pixels)
    plain, mixed = (decoded_by_pillow(encoded("gif", pictures, colors=8, dither=on)) for on in (False, True))

    def mean_error(film: Film) -> float:
        shown, expected = film.shots[0].pixels[:, :96, :3], pictures[0][:, :96, :3]
        blocks = [each.reshape(8, 8, 12, 8, 3).mean((1, 3)) for each in (shown.astype(float), expected.astype(float))]
        return float(np.abs(blocks[0] - blocks[1]).mean())

    assert mean_error(mixed) < mean_error(plain) / 3
    for shot in mixed.shots[1:]:
        np.testing.assert_array_equal(shot.pixels[:, 130:], mixed.shots[0].pixels[:, 130:])


def test_a_clear_frame_can_be_dithered() -> None:
    pictures = [np.zeros_like(WHITE), WHITE, np.zeros_like(WHITE)]
    data = encoded("gif", pictures, dither=True)
    assert data == encoded("gif", pictures)


def test_dither_leaves_exact_colors_alone() -> None:
    pictures = spots(5)
    film = decoded_by_pillow(encoded("gif", pictures, dither=True))
    assert_shows(film, pictures, [0.1] * 5, unit=HUNDREDTH)


def plots(draw: Callable[[Figure, int], None]) -> list[np.ndarray]:
    pictures = []
    for index in range(12):
        figure = Figure(figsize=(4, 3), dpi=80)
        draw(figure, index)
        buffer = BytesIO()
        figure.savefig(buffer, format="rgba", dpi=80)
        pictures.append(np.frombuffer(buffer.getvalue(), np.uint8).reshape(240, 320, 4))
    return pictures


def line(figure: Figure, index: int) -> None:
    x = np.linspace(0, 10, 300)
    axes = figure.subplots()
    axes.plot(x, np.sin(x + index / 5))
    axes.grid()
    axes.set_title(f"frame {index}")


def bars(figure: Figure, index: int) -> None:
    figure.subplots().barh(
        list("abcde"), np.abs(np.sin(np.arange(5) + index / 7)), color=plt.colormaps["tab10"](range(5))
    )


def picture(figure: Figure, index: int) -> None:
    y, x = np.mgrid[0:100, 0:100] / 12
    axes = figure.subplots()
    figure.colorbar(axes.imshow(np.sin(x + index / 5) * np.cos(y - index / 9)))


def scatter(figure: Figure, index: int) -> None:
    x, y, c = np.random.default_rng(2).random((3, 600))
    figure.subplots().scatter((x + index / 50) % 1, y, c=c, alpha=0.7)


@pytest.mark.parametrize("draw", [line, bars, picture, scatter])
def test_plots_are_smaller_than_pillows_and_as_true(draw: Callable[[Figure, int], None]) -> None:
    pictures = plots(draw)
    ours = encoded("gif", pictures)
    theirs = by_pillow(pictures)
    assert len(ours) < len(theirs)

    def errors(data: bytes) -> np.ndarray:
        film = decoded_by_pillow(data)
        shown = [film.at(index / 10 + 0.05) for index in range(len(pictures))]
        difference: np.ndarray = np.abs(np.stack(shown).astype(int) - np.stack(pictures))
        return difference

    our_errors = errors(ours)
    assert our_errors.max() <= 16
    assert our_errors.max() <= 4 or (our_errors**2).mean() <= 10**0.2 * (errors(theirs) ** 2).mean()  # two decibels


@pytest.mark.parametrize("colors", [16, 32, 64])
@pytest.mark.parametrize("seed", range(4))
def test_an_area_that_comes_back_has_its_color(colors: int, seed: int) -> None:
    """It was hidden when the palette was chosen anew, with errors that show on an area."""
    chance = np.random.default_rng(seed)
    area = np.array([242, 142, 43], np.uint8)
    pictures = []
    for number in range(6):
        picture = np.full((60, 80, 4), 255, np.uint8)
        ramp = np.linspace(0, 255, 80).astype(np.uint8)
        picture[:20, :, number % 3] = ramp  # other colors each time
        picture[:20, :, (number + 1) % 3] = chance.permutation(ramp)
        if number % 3 != 1:
            picture[30:50, 10:60, :3] = area
        pictures.append(picture)
    film = decoded_by_pillow(encoded("gif", pictures, colors=colors))
    for number, picture in enumerate(pictures):
        shown = film.at(number / 10 + 0.05)[30:50, 10:60, :3].astype(int)
        assert np.abs(shown - picture[30:50, 10:60, :3]).max() <= 16
