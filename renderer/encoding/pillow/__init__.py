"""Formats that Pillow encodes: WebP and AVIF."""
