"""Settings of the whole suite."""

from hypothesis import settings

settings.register_profile("figreel", deadline=None, print_blob=True)  # machines are shared: time proves nothing
settings.load_profile("figreel")
