# Golden values of batteries and of questions that take several answers, by R's survey package.
#
#   Rscript tests/golden/make_batteries_golden.R        (from the repository root)
#
# Makes batteries_people.csv, one row per person, interviewed at both waves: items a and b with the
# states 1, 2, 3 at w1 and w2 (empty: no answer), the options TV, net and papers with 1 or nothing, and
# none for "none of these". Then batteries_golden.csv: every figure is a function of totals over the
# whole design by svycontrast, so that items with bases of their own have their covariance.
#
#   what      item, state (for differences: item b minus item a), estimate, std_error
#   shares    at w1, weight w1
#   turnover  who gave another answer at w2, of those with an answer at both, weight w2
#   options   who selected it, of those who selected anything or none, at w1
#   between   differences: of a share between items, of turnover between items, of net minus TV

suppressPackageStartupMessages(library(survey))
options(warn = 2)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
folder <- "tests/golden"
if (!dir.exists(folder)) stop("run from the repository root")

set.seed(20261130)
psu <- rep(sprintf("c%02d", 1:24), times = sample(6:12, 24, replace = TRUE))
n <- length(psu)
stratum <- sprintf("s%d", (as.integer(sub("c", "", psu)) - 1) %/% 6 + 1)
tilt <- setNames(rnorm(24, 0, .5), unique(psu))[psu]
trait <- rnorm(n) + tilt
cut3 <- function(x) as.integer(cut(x, c(-Inf, -.5, .6, Inf)))
gaps <- function(x, share) ifelse(runif(n) < share, NA, x)
people <- data.frame(
  person = sprintf("p%03d", seq_len(n)), stratum = stratum, psu = psu,
  fpc = c(s1 = 30, s2 = 12, s3 = 6, s4 = 50)[stratum],
  weight1 = round(exp(rnorm(n, 0, .4)), 4), weight2 = round(exp(rnorm(n, 0, .5)), 4))
for (item in c("a", "b")) {
  first <- trait + rnorm(n)
  people[[paste0(item, 1)]] <- gaps(cut3(first), .1)
  people[[paste0(item, 2)]] <- gaps(cut3(first + rnorm(n, .2, .7)), .1)
}
for (option in c("TV", "net", "papers")) {
  people[[option]] <- ifelse(trait * c(TV = -.5, net = .8, papers = 0)[option] + rnorm(n) > .5, 1, NA)
}
nothing <- is.na(people$TV) & is.na(people$net) & is.na(people$papers)
people$none <- ifelse(nothing & runif(n) < .5, 1, NA)
write.csv(people, file.path(folder, "batteries_people.csv"), row.names = FALSE, na = "",
          quote = FALSE, eol = "\n")

is <- function(x, value) as.numeric(!is.na(x) & x == value)
people$base <- pmax(is(people$TV, 1), is(people$net, 1), is(people$papers, 1), is(people$none, 1))
for (option in c("TV", "net", "papers")) people[[paste0("o_", option)]] <- is(people[[option]], 1)
for (item in c("a", "b")) {
  one <- people[[paste0(item, 1)]]; two <- people[[paste0(item, 2)]]
  people[[paste0("n_", item)]] <- as.numeric(!is.na(one))
  for (state in 1:3) people[[paste0("s_", item, state)]] <- is(one, state)
  people[[paste0("both_", item)]] <- as.numeric(!is.na(one) & !is.na(two))
  people[[paste0("moved_", item)]] <- as.numeric(!is.na(one) & !is.na(two) & one != two)
}

designs <- list(
  people = function(w) svydesign(~1, weights = w, data = people),
  stratified = function(w) svydesign(~1, strata = ~stratum, weights = w, data = people),
  clustered = function(w) svydesign(~psu, strata = ~stratum, weights = w, data = people),
  fpc = function(w) svydesign(~psu, strata = ~stratum, weights = w, fpc = ~fpc, data = people),
  jkn = function(w) as.svrepdesign(designs$clustered(w), type = "JKn"))

rows <- list()
figure <- function(design, totals, what, item, state, formula) {
  found <- svycontrast(totals, setNames(list(formula), "x"))
  rows[[length(rows) + 1]] <<- data.frame(design = design, what = what, item = item, state = state,
    estimate = sprintf("%.17g", coef(found)), std_error = sprintf("%.17g", SE(found)))
}
quoted <- function(...) parse(text = sprintf(...))[[1]]
totals_of <- function(design, names) {
  svytotal(reformulate(names), design, return.replicates = TRUE)
}
for (name in names(designs)) {
  cells <- c(t(outer(c("a", "b"), 1:3, function(i, s) paste0("s_", i, s))), "n_a", "n_b",
             "o_TV", "o_net", "o_papers", "base")
  first <- totals_of(designs[[name]](~weight1), cells)
  second <- totals_of(designs[[name]](~weight2), c("moved_a", "moved_b", "both_a", "both_b"))
  for (state in 1:3) {
    for (i in c("a", "b")) {
      figure(name, first, "shares", i, state, quoted("s_%s%d / n_%s", i, state, i))
    }
    figure(name, first, "between", "shares", state,
           quoted("s_b%d / n_b - s_a%d / n_a", state, state))
  }
  for (option in c("TV", "net", "papers")) {
    figure(name, first, "options", option, "", quoted("o_%s / base", option))
  }
  figure(name, first, "between", "options", "", quoted("o_net / base - o_TV / base"))
  for (i in c("a", "b")) {
    figure(name, second, "turnover", i, "", quoted("moved_%s / both_%s", i, i))
  }
  figure(name, second, "between", "turnover", "",
         quoted("moved_b / both_b - moved_a / both_a"))
}
write.csv(do.call(rbind, rows), file.path(folder, "batteries_golden.csv"), row.names = FALSE,
          quote = FALSE, eol = "\n")
