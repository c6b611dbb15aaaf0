# Estimates one transition table whenever asked; the design is declared before.
suppressPackageStartupMessages(library(survey))
source("peer.R")

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
found <- calls$covmat()
serve(list(share = coef(found), error = unlist(SE(found)), covariance = vcov(found)), calls)
