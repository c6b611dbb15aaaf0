"""One wave: its file, labels, declared missing codes and columns."""
