# Golden values for two items at once, by R's survey package.
#
#   Rscript tests/golden/make_two_items_golden.R         (from the repository root)
#
# Writes a made-up panel of two waves, one row per person (two_items_people.csv): two items s and p,
# with blanks; a weight for each wave, strata, PSUs, sex. From that file, two_items_golden.csv for
# four designs: people without weights; strata and PSUs; these post-stratified by sex; and their
# replicates (JKn). Rows:
#
#   joint row column    shares of s × p at w1 (weight of w1); label: answer to s, answer to p
#   independence        svychisq of s and p at w1; estimate and std_error hold F and its first df
#   by                  s at w2 by p at w1, of those with both answers (weight of w2)
#   moved               moved on both, on s only, on p only, on neither, of those with all answers
#   index               phi and the log odds ratio of the two moves
#   moves               svychisq of the two moves
#   given               s at w2 by s and p at w1; label: item, earlier s, earlier p, later s
#   standardized        the same with earlier s as everybody has it; label: item, earlier p, later s
#   difference          first minus last state of p of these
#   lagged              Rao–Scott test that later s and earlier p are unrelated given earlier s
#
# and from `given` on likewise with s and p changed over. The test that svychisq does not have is
# written down as it computes its own, which the script checks with a single table.

suppressPackageStartupMessages(library(survey))
options(warn = 2, survey.lonely.psu = "fail")
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

folder <- "tests/golden"
if (!dir.exists(folder)) stop("run from the repository root")
digits <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))

# ---- the panel -------------------------------------------------------------------------------

set.seed(20262)
n <- 900
psu <- sort(sample(24, n, replace = TRUE))
lean <- rnorm(24, sd = 0.4)[psu]
draw <- function(shift) c("a", "b", "c")[1 + (shift + rnorm(n) > -0.3) + (shift + rnorm(n) > 0.3)]
s1 <- draw(lean)
p1 <- draw(ifelse(s1 == "a", 0.3, -0.2))
mover <- runif(n) < 0.6
s2 <- ifelse(mover, draw(ifelse(p1 == "a", 0.4, 0)), s1)
p2 <- ifelse(runif(n) < ifelse(mover, 0.7, 0.4), draw(0), p1)
weight <- exp(rnorm(n, sd = 0.4))
blank <- function(x, rate) ifelse(runif(n) < rate, "", x)
people <- data.frame(person = sprintf("p%03d", seq_len(n)), stratum = 1 + (psu - 1) %/% 6,
                     psu = psu, sex = sample(c("m", "f"), n, replace = TRUE),
                     w1 = digits(weight), w2 = digits(weight * exp(rnorm(n, sd = 0.3))),
                     s1 = blank(s1, 0.04), p1 = blank(p1, 0.05), s2 = blank(s2, 0.06),
                     p2 = blank(p2, 0.03))
path <- file.path(folder, "two_items_people.csv")
write.csv(people, path, row.names = FALSE, quote = FALSE, eol = "\n", na = "")

# ---- the designs -----------------------------------------------------------------------------

x <- read.csv(path, na.strings = "", stringsAsFactors = TRUE)
x$first <- !is.na(x$s1) & !is.na(x$p1)
x$later <- !is.na(x$s2) & !is.na(x$p1)
x$all <- x$first & !is.na(x$s2) & !is.na(x$p2)
stopifnot(all(table(x[x$all, c("s1", "p1", "s2")]) > 2), all(table(x[x$all, c("p1", "s1", "p2")]) > 2))
x$one <- 1
# Where an answer is blank the person is in no base: any category will do.
for (name in c("s1", "p1", "s2", "p2")) x[[name]][is.na(x[[name]])] <- "a"
x$ms <- as.integer(x$s1 != x$s2)
x$mp <- as.integer(x$p1 != x$p2)
states <- c("a", "b", "c")
population <- data.frame(sex = c("f", "m"), Freq = c(520, 480))

designs <- function(weight) {
  clustered <- svydesign(id = ~psu, strata = ~stratum, weights = weight, data = x)
  list(people = svydesign(id = ~person, weights = ~one, data = x), clustered = clustered,
       calibrated = postStratify(clustered, ~sex, population),
       jkn = as.svrepdesign(clustered, type = "JKn"))
}

# ---- figures ---------------------------------------------------------------------------------

rows <- list()
keep <- function(design, measure, label, estimate, se = NA) {
  rows[[length(rows) + 1]] <<- data.frame(design = design, measure = measure, label = label,
                                          estimate = estimate, std_error = se)
}

# The standard error in a row and column of svyby, whose names differ between kinds of designs.
error_of <- function(by, row, column) {
  as.matrix(SE(by))[match(row, states), match(column, states)]
}

# A nonlinear function of shares of indicator columns: by the delta method, or on every replicate.
derived <- function(design, columns, expression) {
  if (inherits(design, "svyrep.design")) {
    value <- withReplicates(design, function(w, data) {
      shares <- as.list(colSums(data[columns] * w) / sum(w))
      eval(expression, shares)
    })
    return(c(coef(value)[[1]], SE(value)[[1]]))
  }
  value <- svycontrast(svymean(reformulate(columns), design), expression)
  c(coef(value)[[1]], SE(value)[[1]])
}

# Rao and Scott's second-order test of no association within each of some tables. `parts` are their
# shares, row by row, with `n` people in each; `covariance` is that of all shares.
rao_scott <- function(parts, covariance, n, size) {
  contrast <- kronecker(contr.sum(size[1]), contr.sum(size[2]))
  columns <- matrix(0, length(unlist(parts)), ncol(contrast) * length(parts))
  statistic <- 0
  for (t in seq_along(parts)) {
    table <- matrix(parts[[t]], size[1], size[2], byrow = TRUE)
    expected <- outer(rowSums(table), colSums(table))
    statistic <- statistic + n[t] * sum((table - expected)^2 / expected)
    columns[seq_along(parts[[t]]) + (t - 1) * length(parts[[t]]),
            seq_len(ncol(contrast)) + (t - 1) * ncol(contrast)] <- contrast
  }
  weights <- rep(n, each = prod(size)) / unlist(parts)
  scaled <- columns * weights
  delta <- solve(t(columns) %*% scaled, t(scaled) %*% covariance %*% scaled)
  trace <- sum(diag(delta))
  c(statistic / trace, trace^2 / sum(diag(delta %*% delta)))
}

both_ways <- function(name, design, own, other) {
  earlier <- paste0(own, "1")
  later <- paste0(own, "2")
  beside <- paste0(other, "1")
  by <- svyby(reformulate(later), reformulate(c(earlier, beside)), design, svymean,
              keep.names = FALSE)
  for (r in seq_len(nrow(by))) for (j in states) {
    column <- paste0(later, j)
    keep(name, "given", paste(own, by[[earlier]][r], by[[beside]][r], j), by[[column]][r],
         as.matrix(SE(by))[r, match(j, states)])
  }
  cells <- expand.grid(j = states, a = states, i = states, stringsAsFactors = FALSE)
  cells$name <- paste0("c", cells$i, cells$a, cells$j)
  for (r in seq_len(nrow(cells))) {
    design$variables[[cells$name[r]]] <-
      as.integer(design$variables[[earlier]] == cells$i[r] &
                   design$variables[[beside]] == cells$a[r] &
                   design$variables[[later]] == cells$j[r])
  }
  total <- function(rows) paste0("(", paste(cells$name[rows], collapse = " + "), ")")
  held <- function(a, j) {
    terms <- sapply(states, function(i) {
      paste(total(cells$i == i), "*", total(cells$i == i & cells$a == a & cells$j == j), "/",
            total(cells$i == i & cells$a == a))
    })
    paste0("(", paste(terms, collapse = " + "), ")")
  }
  for (j in states) {
    for (a in states) {
      found <- derived(design, cells$name, str2lang(held(a, j)))
      keep(name, "standardized", paste(own, a, j), found[1], found[2])
    }
    found <- derived(design, cells$name, str2lang(paste(held("a", j), "-", held("c", j))))
    keep(name, "difference", paste(own, j), found[1], found[2])
  }
  # Shares of each earlier answer; svyby has no covariance of calibrated subsets, svycontrast has.
  if (inherits(design, "svyrep.design")) {
    within <- svyby(reformulate(cells$name), reformulate(earlier), design, svymean, covmat = TRUE)
    places <- match(paste0(cells$i, ":", cells$name), names(coef(within)))
    value <- coef(within)[places]
    covariance <- vcov(within)[places, places]
  } else {
    shares <- lapply(seq_len(nrow(cells)), function(r) {
      str2lang(paste(cells$name[r], "/", total(cells$i == cells$i[r])))
    })
    within <- svycontrast(svymean(reformulate(cells$name), design), shares)
    value <- coef(within)
    covariance <- vcov(within)
  }
  parts <- split(as.vector(value), rep(states, each = 9))
  people <- as.vector(table(design$variables[[earlier]][weights(design, "sampling") > 0]))
  test <- rao_scott(parts, covariance, people, c(3, 3))
  keep(name, "lagged", own, test[1], test[2])
}

for (name in c("people", "clustered", "calibrated", "jkn")) {
  wave <- subset(designs(~w1)[[name]], first)
  joint <- svymean(~interaction(s1, p1), wave)
  pair <- expand.grid(s = states, p = states, stringsAsFactors = FALSE)
  stopifnot(names(coef(joint)) == paste0("interaction(s1, p1)", pair$s, ".", pair$p))
  keep(name, "joint", paste(pair$s, pair$p), as.vector(coef(joint)), as.vector(SE(joint)))
  rowwise <- svyby(~p1, ~s1, wave, svymean)
  columnwise <- svyby(~s1, ~p1, wave, svymean)
  for (s in states) for (p in states) {
    label <- paste(s, p)
    keep(name, "row", label, rowwise[s, paste0("p1", p)], error_of(rowwise, s, p))
    keep(name, "column", label, columnwise[p, paste0("s1", s)], error_of(columnwise, p, s))
  }
  test <- svychisq(~s1 + p1, wave, statistic = "F")
  keep(name, "independence", "s p", test$statistic[[1]], test$parameter[[1]])
  # The form that is written down is svychisq's own.
  order <- order(pair$s, pair$p)
  own <- rao_scott(list(coef(joint)[order]), vcov(joint)[order, order], sum(x$first), c(3, 3))
  stopifnot(abs(own - c(test$statistic, test$parameter[[1]])) < 1e-8)

  later <- subset(designs(~w2)[[name]], later)
  by <- svyby(~s2, ~p1, later, svymean)
  for (p in states) for (s in states) {
    keep(name, "by", paste(p, s), by[p, paste0("s2", s)], error_of(by, p, s))
  }

  all <- subset(designs(~w2)[[name]], all)
  all$variables$b <- all$variables$ms * all$variables$mp
  all$variables$o <- all$variables$ms * (1 - all$variables$mp)
  all$variables$t <- (1 - all$variables$ms) * all$variables$mp
  all$variables$n <- (1 - all$variables$ms) * (1 - all$variables$mp)
  moved <- svymean(~b + o + t + n, all)
  keep(name, "moved", c("both", "s only", "p only", "neither"), as.vector(coef(moved)),
       as.vector(SE(moved)))
  columns <- c("b", "o", "t", "n")
  found <- derived(all, columns, quote((b * n - o * t) /
                                         sqrt((b + o) * (t + n) * (b + t) * (o + n))))
  keep(name, "index", "phi", found[1], found[2])
  found <- derived(all, columns, quote(log(b * n / (o * t))))
  keep(name, "index", "log odds ratio", found[1], found[2])
  test <- svychisq(~ms + mp, all, statistic = "F")
  keep(name, "moves", "s p", test$statistic[[1]], test$parameter[[1]])
  both_ways(name, all, "s", "p")
  both_ways(name, all, "p", "s")
}

golden <- do.call(rbind, rows)
for (column in c("estimate", "std_error")) golden[[column]] <- digits(golden[[column]])
write.csv(golden, file.path(folder, "two_items_golden.csv"), row.names = FALSE, quote = FALSE,
          eol = "\n", na = "")
