"""What the tests in Python have in common: the program as a child process, databases, and people who use it by HTTP."""
