"""The mail that tells a member of staff, once a day and in codes only, what waits for her."""
