"""The example is a package of its own: its test runs where it is installed (tests/flow/test_example_channel.py)."""

collect_ignore = ["acme-sms"]
