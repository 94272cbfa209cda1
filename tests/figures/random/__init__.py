"""Figures and changes to them, built from numbers, so that hypothesis can search and shrink them.

The same recipe always makes the same figure, and changes it in the same way.
"""
