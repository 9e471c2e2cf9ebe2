"""Every test's tools: databases of both kinds, and the whole desk on a practice workspace."""

pytest_plugins = ["tests.databases", "tests.running"]
