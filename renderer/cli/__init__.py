"""The ``figreel`` command."""
