"""Figures and changes to them, built from numbers, so that hypothesis can search and shrink them.

Everything is a function of what it is given: the same recipe makes the same figure, and changes it in the same
way, as often as one likes.
"""
