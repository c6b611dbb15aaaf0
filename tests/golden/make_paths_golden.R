# Golden values of paths over three waves, computed by R's survey package.
#
#   Rscript tests/golden/make_paths_golden.R        (from the repository root, two seconds)
#
# Makes a synthetic panel (paths_panel.csv, one row per person) and, from that file,
# paths_golden.csv: measure, label, estimate, std_error, df, n; label is the path, state, wave or
# number of changes, after "sex=f;" or "sex=m;" where it is by sex. `design` is linear (strata, PSUs,
# numbers of PSUs in the population), jkn (JKn replicates, without those numbers) or post-stratified
# (by sex). Base: an answer at all of the waves and a weight at the last, which is the weight used.
# Everybody else stays in the design, outside the domain.

suppressPackageStartupMessages(library(survey))
options(warn = 2, survey.lonely.psu = "fail", survey.ultimate.cluster = FALSE)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

folder <- "tests/golden"
if (!dir.exists(folder)) stop("run from the repository root")

STATES <- c("a", "b", "c")
POPULATION <- c(f = 260, m = 240)

digits <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))

make_panel <- function() {
  set.seed(20250503)
  psus <- c(5, 4, 6, 3)
  frame <- data.frame(stratum = rep(sprintf("s%d", 1:4), psus), population = rep(c(40, 12, 60, 9), psus))
  frame$psu <- sprintf("p%02d", seq_len(nrow(frame)))
  people <- frame[rep(seq_len(nrow(frame)), sample(14:26, nrow(frame), replace = TRUE)), ]
  n <- nrow(people)
  stay <- rbind(a = c(.75, .15, .10), b = c(.20, .60, .20), c = c(.10, .20, .70))
  people$sex <- sample(c("f", "m"), n, replace = TRUE)
  people$weight <- exp(rnorm(n, 0, .5))
  tilt <- setNames(rnorm(nrow(frame), 0, .5), frame$psu)
  state <- vapply(seq_len(n), function(k) {
    sample(STATES, 1, prob = exp(c(.4 * (people$sex[k] == "m") + tilt[[people$psu[k]]], 0, -.2)))
  }, "")
  for (wave in 1:3) {
    people[[paste0("w", wave)]] <- ifelse(runif(n) < .93, state, NA)
    state <- vapply(state, function(s) sample(STATES, 1, prob = stay[s, ]), "")
  }
  people$weight <- digits(people$weight)
  write.csv(people, file.path(folder, "paths_panel.csv"), row.names = FALSE, quote = FALSE,
            eol = "\n", na = "")
}

rows <- list()

# The mean of a column in a domain, with the degrees of freedom of the domain.
add <- function(design, measure, label, domain, column) {
  # A calibrated subset keeps those outside the domain, with weight 0: any number will do for them.
  domain$variables[[column]][is.na(domain$variables[[column]])] <- 0
  found <- svymean(as.formula(paste("~", column)), domain)
  rows[[length(rows) + 1]] <<- data.frame(
    design = design, measure = measure, label = label, estimate = coef(found)[[1]],
    std_error = SE(found)[[1]], df = degf(domain), n = sum(weights(domain, "sampling") > 0))
}

# All measures in a domain of people with an answer at every wave.
measures <- function(name, domain, prefix = "") {
  for (path in with(domain$variables, sort(unique(path[complete])))) {
    domain$variables$x <- as.numeric(domain$variables$path == path)
    add(name, "paths", paste0(prefix, path), domain, "x")
  }
  add(name, "mean_changes", paste0(prefix, "mean changes"), domain, "changes")
  for (changes in 0:2) {
    domain$variables$x <- as.numeric(domain$variables$changes == changes)
    add(name, "number_of_changes", paste0(prefix, changes), domain, "x")
  }
  for (wave in c("w2", "w3", "never")) {
    domain$variables$x <- as.numeric(domain$variables$first == wave)
    add(name, "first_change", paste0(prefix, wave), domain, "x")
  }
  domain$variables$x <- as.numeric(domain$variables$changes == 0)
  add(name, "stable_core", paste0(prefix, "all"), domain, "x")
  for (state in STATES) {
    domain$variables$x <- as.numeric(with(domain$variables, changes == 0 & w1 == state))
    add(name, "stable_core", paste0(prefix, state), domain, "x")
  }
  domain$variables$x <- as.numeric(with(domain$variables, w3 == w1))
  left <- subset(domain, w2 != w1)
  add(name, "returns", paste0(prefix, "all"), left, "x")
  for (state in STATES) {
    add(name, "returns", paste0(prefix, state), subset(left, w1 == state), "x")
  }
}

make_golden <- function() {
  people <- read.csv(file.path(folder, "paths_panel.csv"), na.strings = "", stringsAsFactors = FALSE)
  people$complete <- complete.cases(people[c("w1", "w2", "w3")])
  people$path <- with(people, paste(w1, w2, w3, sep = " > "))
  people$changes <- with(people, (w1 != w2) + (w2 != w3))
  people$first <- with(people, ifelse(w1 != w2, "w2", ifelse(w2 != w3, "w3", "never")))
  linear <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, fpc = ~population, data = people)
  plain <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = people)
  jkn <- as.svrepdesign(plain, type = "JKn")
  # The weight of the last wave is calibrated, which only those interviewed then have; they are in
  # every PSU, so that the numbers of PSUs stay.
  last <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, fpc = ~population,
                    data = people[!is.na(people$w3), ])
  after <- postStratify(last, ~sex, data.frame(sex = names(POPULATION), Freq = POPULATION))
  for (name in c("linear", "jkn", "post-stratified")) {
    design <- list(linear = linear, jkn = jkn, "post-stratified" = after)[[name]]
    measures(name, subset(design, complete))
    if (name == "linear") {
      measures(name, subset(design, complete & sex == "f"), "sex=f;")
      measures(name, subset(design, complete & sex == "m"), "sex=m;")
    }
  }
  golden <- do.call(rbind, rows)
  for (column in c("estimate", "std_error")) golden[[column]] <- digits(golden[[column]])
  write.csv(golden, file.path(folder, "paths_golden.csv"), row.names = FALSE, quote = FALSE,
            eol = "\n")
}

make_panel()
make_golden()
