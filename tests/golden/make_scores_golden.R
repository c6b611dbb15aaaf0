# Golden values for scores: means, their change, quantiles, correlations and alpha, by R's survey.
#
#   Rscript tests/golden/make_scores_golden.R        (from the repository root, two seconds)
#
# scores_people.csv: one row per person. x1 x2 x3: a score at three waves, empty where there is no
# number; a1 b1 c1 d1 …: four questions of a scale; w1 w2 w3: weights by wave, 0 for people who were
# not interviewed then; w: one weight for designs whose people were interviewed at every wave; rep_*:
# replicates of w by JKn. Quantiles are of x plus some thousandths, so that no two people have the
# same number: of ties the library thinks otherwise.
#
# Designs of scores_golden.csv: srs (no weights, people as PSUs), people (strata, people as PSUs,
# w1 w2 w3), clustered (strata, PSUs, w1 w2 w3), raked (as clustered with w, raked to sex and
# region), replicates (rep_*). With weights by wave the design holds everyone, weight 0 kept
# (METHODS 1.4); what rests on two waves is computed from totals of weight times amount in the
# design of everyone with weight 1. Rows of changes are of the pair wave and to; a difference is of
# wave 3 minus wave 1, or of men minus women at wave 1, as `what` says.

suppressPackageStartupMessages(library(survey))
options(warn = 2, survey.lonely.psu = "fail")
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
set.seed(20)
folder <- "tests/golden"
if (!dir.exists(folder)) stop("run from the repository root")

# ---- people ----------------------------------------------------------------------------------
n <- 144
psu <- rep(1:24, each = 6)
people <- data.frame(
  person = sprintf("p%03d", 1:n), stratum = paste0("s", (psu - 1) %/% 8 + 1),
  psu = sprintf("u%02d", psu), sex = sample(c("f", "m"), n, TRUE),
  region = sample(c("north", "south"), n, TRUE)
)
ability <- rnorm(24)[psu] / 2 + rnorm(n) + (people$sex == "m") / 2
for (t in 1:3) {
  ability <- ability + rnorm(n, .1, .5)
  x <- pmin(pmax(round(50 + 18 * ability + rnorm(n, 0, 6)), 0), 100)
  x[runif(n) < .08] <- NA
  people[[paste0("x", t)]] <- x
  for (part in letters[1:4]) {
    y <- pmin(pmax(round(3 + ability + rnorm(n)), 1), 5)
    # A question that is turned.
    if (part == "d") y <- 6 - y
    y[runif(n) < .04] <- NA
    people[[paste0(part, t)]] <- y
  }
  people[[paste0("w", t)]] <- round(rlnorm(n, 0, .4), 3) * (runif(n) < c(1, .85, .8)[t])
}
people$w <- round(rlnorm(n, 0, .5), 3)
base <- svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = people)
jackknife <- as.svrepdesign(base, type = "JKn")
replicates <- weights(jackknife, "analysis")
colnames(replicates) <- sprintf("rep_%d", seq_len(ncol(replicates)))
written <- cbind(people, as.data.frame(replicates))
numeric <- vapply(written, is.numeric, TRUE)
written[numeric] <- lapply(written[numeric], function(x) ifelse(is.na(x), "", sprintf("%.17g", x)))
write.csv(written, file.path(folder, "scores_people.csv"), row.names = FALSE, quote = FALSE)

# A calibrated design keeps the rows that are not in a domain, and takes no NA there.
# Quantiles are of v, of which no two people have the same.
for (t in 1:3) {
  people[[paste0("y", t)]] <- ifelse(is.na(people[[paste0("x", t)]]), 0, people[[paste0("x", t)]])
  people[[paste0("v", t)]] <- people[[paste0("y", t)]] + (seq_len(n) * 7) %% 1000 / 1000
}
base <- svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = people)

# ---- designs ---------------------------------------------------------------------------------
everyone <- list(all = rep(TRUE, n), f = people$sex == "f", m = people$sex == "m")
by_wave <- function(weights, ids, strata) {
  make <- function(weight) {
    svydesign(ids = ids, strata = strata, weights = weight, data = people)
  }
  list(weight = function(t) weights[[t]], at = function(t) make(weights[[t]]),
       joint = make(rep(1, n)))
}
fixed <- function(design) {
  list(weight = function(t) rep(1, n), at = function(t) design, joint = design)
}
present <- lapply(1:3, function(t) as.numeric(people[[paste0("w", t)]] > 0))
unequal <- lapply(1:3, function(t) people[[paste0("w", t)]])
raked <- calibrate(base, ~sex + region, calfun = "raking", epsilon = 1e-12, maxit = 100,
                   population = c(`(Intercept)` = 200, sexm = 90, regionsouth = 120))
designs <- list(
  srs = by_wave(present, ~person, NULL), people = by_wave(unequal, ~person, ~stratum),
  clustered = by_wave(unequal, ~psu, ~stratum), raked = fixed(raked),
  replicates = fixed(svrepdesign(weights = ~w, repweights = replicates, data = people,
                                 type = "JKn", scale = 1, combined.weights = TRUE,
                                 rscales = jackknife$rscales))
)

# ---- estimates -------------------------------------------------------------------------------
rows <- list()
note <- function(...) rows[[length(rows) + 1]] <<- data.frame(..., stringsAsFactors = FALSE)
put <- function(design, measure, estimate, error, group = "all", wave = NA, to = NA, what = "",
                low = NA, high = NA, df = NA) {
  note(design, measure, group, wave, to, what, estimate = as.numeric(estimate),
       std_error = as.numeric(error), conf_low = as.numeric(low), conf_high = as.numeric(high),
       df = as.numeric(df))
}
same <- function(a, b) {
  stopifnot(isTRUE(all.equal(as.numeric(a), as.numeric(b), tolerance = 1e-10)))
}

# Functions of totals of amounts, which are NA for people who are not in the base.
derived <- function(design, amounts, expressions) {
  amounts <- as.matrix(as.data.frame(lapply(amounts, function(u) ifelse(is.na(u), 0, u))))
  if (inherits(design, "svyrep.design")) {
    found <- withReplicates(design, function(w, data) {
      totals <- as.list(colSums(w * amounts))
      vapply(expressions, function(one) eval(one, totals), 0)
    })
    return(structure(setNames(c(found), names(expressions)), var = vcov(found),
                     class = "svrepstat", statistic = "function"))
  }
  svycontrast(svytotal(amounts, design), expressions)
}

for (name in names(designs)) {
  d <- designs[[name]]
  x <- lapply(1:3, function(t) people[[paste0("x", t)]])
  inside <- function(t, group) !is.na(x[[t]]) & everyone[[group]]
  domain <- function(t, group) subset(d$at(t), inside(t, group))
  for (t in 1:3) for (group in names(everyone)) {
    within <- domain(t, group)
    variable <- as.formula(paste0("~y", t))
    mean <- svymean(variable, within)
    put(name, "mean", coef(mean), SE(mean), group, t, df = degf(within))
    found <- svyquantile(as.formula(paste0("~v", t)), within, c(.25, .5, .75), interval.type = "mean")[[1]]
    for (p in rownames(found)) {
      put(name, "quantile", found[p, 1], found[p, 4], group, t, what = p,
          low = found[p, 2], high = found[p, 3], df = degf(within))
    }
  }

  # Differences of two means, of two waves and of two groups.
  sides <- function(one, two, f) {
    u <- list()
    for (side in list(c("1", one), c("2", two))) {
      t <- as.integer(side[2]); k <- inside(t, side[3]) * d$weight(t)
      u[[paste0("s", side[1])]] <- f(t, side[3]) * k
      u[[paste0("n", side[1])]] <- k
    }
    u
  }
  ratio <- quote(s2 / n2 - s1 / n1)
  for (pair in list(list(c(1, "all"), c(3, "all"), "wave"), list(c(1, "f"), c(1, "m"), "sex"))) {
    found <- derived(d$joint, sides(pair[[1]], pair[[2]], function(t, g) x[[t]]), list(d = ratio))
    put(name, "difference of means", coef(found), SE(found), what = pair[[3]])
    # Of medians: the shares below vary together, and each has its own slope.
    median <- function(t, g) {
      svyquantile(as.formula(paste0("~v", t)), domain(t, g), .5, interval.type = "mean")[[1]]
    }
    m <- list(median(as.integer(pair[[1]][1]), pair[[1]][2]),
              median(as.integer(pair[[2]][1]), pair[[2]][2]))
    key <- function(t, g) if (all(c(t, g) == pair[[1]])) m[[1]][1] else m[[2]][1]
    side <- function(t, g) people[[paste0("v", t)]] <= key(t, g)
    below <- derived(d$joint, sides(pair[[1]], pair[[2]], side),
                     list(one = quote(s1 / n1), two = quote(s2 / n2)))
    slope <- c(-m[[1]][4], m[[2]][4]) / sqrt(diag(vcov(below)))
    put(name, "difference of medians", m[[2]][1] - m[[1]][1],
        sqrt(slope %*% vcov(below) %*% slope), what = pair[[3]])
  }

  for (t in 1:2) for (group in c("all", "f")) {
    both <- inside(t, group) & inside(t + 1, group) & d$weight(t) > 0
    k <- both * d$weight(t + 1)
    one <- x[[t]]; two <- x[[t + 1]]; step <- two - one
    change <- derived(d$joint, list(
      n = k, before = k * one, after = k * two, change = k * step, upward = k * pmax(step, 0),
      downward = k * pmax(-step, 0), up = k * (step > 0), same = k * (step == 0),
      down = k * (step < 0)
    ), list(before = quote(before / n), after = quote(after / n), change = quote(change / n),
            upward = quote(upward / n), downward = quote(downward / n), up = quote(up / n),
            same = quote(same / n), down = quote(down / n)))
    for (what in names(coef(change))) {
      put(name, "change", coef(change)[what], sqrt(diag(vcov(change)))[what], group, t, t + 1, what)
    }
    moments <- derived(d$joint, list(n = k, a = k * one, b = k * two, aa = k * one^2,
                                     bb = k * two^2, ab = k * one * two),
                       list(r = quote((ab / n - a * b / n^2) /
                                        sqrt((aa / n - a^2 / n^2) * (bb / n - b^2 / n^2)))))
    pair <- subset(d$at(t + 1), both)
    covariance <- as.matrix(svyvar(as.formula(sprintf("~y%d + y%d", t, t + 1)), pair))[1:2, 1:2]
    same(coef(moments), covariance[1, 2] / sqrt(covariance[1, 1] * covariance[2, 2]))
    half <- qt(.975, degf(pair)) * SE(moments) / (1 - coef(moments)^2)
    put(name, "correlation", coef(moments), SE(moments), group, t, t + 1,
        low = tanh(atanh(coef(moments)) - half), high = tanh(atanh(coef(moments)) + half),
        df = degf(pair))
  }

  for (t in 1:3) {
    parts <- lapply(letters[1:4], function(part) people[[paste0(part, t)]])
    parts[[4]] <- 6 - parts[[4]]
    answered <- Reduce(`&`, lapply(parts, function(part) !is.na(part)))
    k <- answered * d$weight(t)
    total <- Reduce(`+`, parts)
    amounts <- c(list(n = k, s = k * total, ss = k * total^2))
    for (i in 1:4) {
      amounts[[paste0("p", i)]] <- k * parts[[i]]
      amounts[[paste0("q", i)]] <- k * parts[[i]]^2
    }
    alpha <- derived(d$joint, amounts, list(alpha = quote(
      4 / 3 * (1 - (q1 / n - p1^2 / n^2 + q2 / n - p2^2 / n^2 + q3 / n - p3^2 / n^2 + q4 / n -
                      p4^2 / n^2) / (ss / n - s^2 / n^2)))))
    full <- lapply(parts, function(part) ifelse(is.na(part), 0, part))
    turned <- update(d$at(t), pa = full[[1]], pb = full[[2]], pc = full[[3]], pd = full[[4]])
    same(coef(alpha), svycralpha(~pa + pb + pc + pd, subset(turned, answered)))
    put(name, "alpha", coef(alpha), SE(alpha), wave = t)
    # The scale itself: the mean of those answered, of people who answered three or more.
    number <- Reduce(`+`, lapply(parts, function(part) !is.na(part)))
    sum <- Reduce(`+`, lapply(parts, function(part) ifelse(is.na(part), 0, part)))
    y <- ifelse(number >= 3, sum / number, NA)
    k <- (number >= 3) * d$weight(t)
    scale <- derived(d$joint, list(n = k, y = k * y), list(mean = quote(y / n)))
    put(name, "scale", coef(scale), SE(scale), wave = t)
  }
}

golden <- do.call(rbind, rows)
numeric <- vapply(golden, is.numeric, TRUE)
golden[numeric] <- lapply(golden[numeric], function(x) ifelse(is.na(x), "", sprintf("%.17g", x)))
write.csv(golden, file.path(folder, "scores_golden.csv"), row.names = FALSE, quote = FALSE, na = "")
