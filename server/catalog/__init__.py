"""What is offered: animations, their typed parameters, and how a request is read."""
