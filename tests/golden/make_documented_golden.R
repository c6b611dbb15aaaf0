# Data of an example in the documentation of R, of which the printed results are known.
#
#   Rscript tests/golden/make_documented_golden.R   (from the repository root, a second)
#
# documented_housing.csv: the data frame `housing` of MASS, satisfaction of 1,681 householders in
# Copenhagen (Venables & Ripley 2002, Modern Applied Statistics with S, section 7.3). Of the model
# polr(Sat ~ Infl + Type + Cont, weights = Freq) their section prints the coefficients.

folder <- "tests/golden"
if (!dir.exists(folder)) stop("run from the repository root")
data(housing, package = "MASS")
names(housing) <- c("satisfaction", "influence", "type", "contact", "people")
write.csv(housing, file.path(folder, "documented_housing.csv"), row.names = FALSE, quote = FALSE,
          eol = "\n")
