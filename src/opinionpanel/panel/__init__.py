"""The same people at every wave: ids, linking, checks; the panel, and how it is read and summed up."""
