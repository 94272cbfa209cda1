"""Figreel behind the interfaces of other libraries."""
