"""figreel over HTTP."""
