"""Where the outside meets the stages: pages, commands, HTTP, and the worker."""
