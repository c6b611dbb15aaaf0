"""What is asked first: shares, flows, transitions, turnover, paths, drop-out, response error."""
