# Estimates one transition table whenever asked; the design is declared before.
suppressPackageStartupMessages(library(survey))

arguments <- commandArgs(trailingOnly = TRUE)
people <- as.integer(arguments[2])
read <- function(name, kind) readBin(file.path(arguments[1], name), kind, people)
answers <- data.frame(
  a = factor(read("a", "integer")), b = factor(read("b", "integer")),
  psu = read("psu", "integer"), stratum = read("stratum", "integer"),
  weight = read("weight", "double")
)
design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = answers)
calls <- list(
  svyby = function() svyby(~b, ~a, design, svymean),
  covmat = function() svyby(~b, ~a, design, svymean, covmat = TRUE)
)

numbers <- function(values) paste0("[", paste(sprintf("%.17g", values), collapse = ","), "]")
found <- calls$covmat()
cat(sprintf(
  '{"share": %s, "error": %s, "covariance": %s}\n',
  numbers(coef(found)), numbers(unlist(SE(found))), numbers(vcov(found))
))
asked <- file("stdin", "r")
while (length(line <- readLines(asked, 1)) > 0) {
  cat(system.time(calls[[line]]())[["elapsed"]], "\n")
}
