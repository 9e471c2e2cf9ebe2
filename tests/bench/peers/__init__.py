"""What others offer, each as a program that reads and writes the lines `python -m bot anonymize` does.

They run in an environment of their own (`make peers`), and import nothing of the bot.
"""
