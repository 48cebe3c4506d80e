"""Words aloud: one child process per utterance."""
