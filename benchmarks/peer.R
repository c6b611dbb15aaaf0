# What the peers in R share: they read plain columns, say what they found, and then time what
# they are asked for.
arguments <- commandArgs(trailingOnly = TRUE)
people <- as.integer(arguments[2])
read <- function(name, kind) readBin(file.path(arguments[1], name), kind, people)
numbers <- function(values) paste0("[", paste(sprintf("%.17g", values), collapse = ","), "]")

# Named lists: of vectors of numbers, and of functions.
serve <- function(found, calls) {
  parts <- sprintf('"%s": %s', names(found), vapply(found, numbers, ""))
  cat(sprintf("{%s}\n", paste(parts, collapse = ", ")))
  asked <- file("stdin", "r")
  while (length(line <- readLines(asked, 1)) > 0) {
    cat(system.time(calls[[line]]())[["elapsed"]], "\n")
  }
}
