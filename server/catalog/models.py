"""The parameters that every picture has, as pydantic models; those of an animation's function are added to them."""

from pydantic import BaseModel, ConfigDict, Field


class Parameters(BaseModel):
    """Named values that a client may write; each field is one."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        validate_default=True,
        protected_namespaces=(),
        # A parameter may have any name; its field carries an underscore so that none hides a method of the model.
        alias_generator=lambda name: name.removesuffix("_"),
    )


class Drawing(Parameters):
    """Parameters of any picture. Sizes are in pixels."""

    dpi: float | None = Field(default=None, ge=10, le=600, description="Dots per inch: how large text and lines are.")
    width: int | None = Field(default=None, ge=16, le=8192, description="Width in pixels.")
    height: int | None = Field(default=None, ge=16, le=8192, description="Height in pixels.")


class Playback(Drawing):
    """Parameters of an animation."""

    fps: float | None = Field(default=None, ge=0.01, le=240, description="Frames a second.")
    loop: int = Field(default=0, ge=0, le=65535, description="How many times it plays; 0 is for ever.")


class Still(Drawing):
    """Parameters of a still picture."""

    frame: int = Field(default=0, ge=0, le=1_000_000, description="Number of the frame, from 0.")


RESERVED = frozenset({*Playback.model_fields, *Still.model_fields, "format", "expires", "key", "signature"})
"""Names that no parameter can have: those above, that of the format in the address of a page, and those that sign an
address."""
