# Golden values for people with gaps and for new entrants, computed by R's survey package.
#
#   Rscript tests/golden/make_gaps_golden.R        (from the repository root, two seconds)
#
# Makes a synthetic panel of four waves (gaps_panel.csv, one row per person and interview, empty for
# no answer) and, from that file, gaps_golden.csv: design, measure, label, estimate, std_error, n.
# People miss waves and come back, and others join at the second and third wave. `first_change`,
# `changes` (how many) and `types` are of people with an answer at the first and the last wave (for types at three or more),
# by the answers that they gave, one compared with the next. `paths` and `flows` are of everyone
# interviewed at the last wave. The weight is that of the last wave. Label: the wave, type, path, or
# wave and flow, after "sex=f;" for women. Indicators are made person by person; everybody else
# stays in the design, outside the domain. `design` is linear (strata and PSUs), people (no PSUs) or
# jkn (JKn replicates of the PSUs).

suppressPackageStartupMessages(library(survey))
options(warn = 2, survey.lonely.psu = "fail", survey.ultimate.cluster = FALSE)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

folder <- "tests/golden"
if (!dir.exists(folder)) stop("run from the repository root")

WAVES <- paste0("w", 1:4)
digits <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))

make_panel <- function() {
  set.seed(20261201)
  n <- 240
  people <- data.frame(
    person = sprintf("p%03d", seq_len(n)), stratum = rep(c("n", "s"), each = n / 2),
    psu = rep(sprintf("u%02d", 1:24), each = 10), sex = sample(c("f", "m"), n, replace = TRUE),
    joined = sample(1:3, n, replace = TRUE, prob = c(.7, .15, .15)))
  state <- sample(c("a", "b"), n, replace = TRUE)
  rows <- list()
  for (wave in 1:4) {
    there <- people$joined == wave | (people$joined < wave & runif(n) < .8)
    answer <- ifelse(runif(n) < .93, state, NA)
    rows[[wave]] <- data.frame(people[c("person", "stratum", "psu", "sex")], wave = WAVES[wave],
                               weight = digits(runif(n, .5, 2)), answer = answer)[there, ]
    state <- ifelse(runif(n) < .75, state, ifelse(state == "a", "b", "a"))
  }
  write.csv(do.call(rbind, rows), file.path(folder, "gaps_panel.csv"), row.names = FALSE,
            quote = FALSE, eol = "\n", na = "")
}

# What is known of a person from their rows: the first change, the type, and where they were.
of_person <- function(rows) {
  where <- vapply(seq_along(WAVES), function(k) {
    here <- rows[rows$wave == WAVES[k], ]
    if (nrow(here)) return(if (is.na(here$answer)) "no answer" else here$answer)
    if (any(match(rows$wave, WAVES) < k)) "not interviewed" else "new entrant"
  }, "")
  given <- which(where %in% c("a", "b"))
  ends <- all(c(1, 4) %in% given)
  moved <- given[-1][where[given[-1]] != where[given[-length(given)]]]
  last <- rows[rows$wave == "w4", ]
  data.frame(
    stratum = rows$stratum[1], psu = rows$psu[1], sex = rows$sex[1],
    weight = if (nrow(last)) last$weight else 0, last = nrow(last) > 0, ends = ends,
    types = ends & length(given) >= 3,
    changes = length(moved), first_change = if (length(moved)) WAVES[moved[1]] else "never",
    type = c("stable", "switched once", "wavering")[min(length(moved), 2) + 1],
    w1 = where[1], w2 = where[2], w3 = where[3], w4 = where[4])
}

rows <- list()

shares <- function(name, measure, domain, column, prefix = "") {
  for (value in sort(unique(column))) {
    domain$variables$x <- as.numeric(column == value)
    found <- svymean(~x, domain)
    rows[[length(rows) + 1]] <<- data.frame(
      design = name, measure = measure, label = paste0(prefix, value),
      estimate = digits(coef(found)[[1]]), std_error = digits(SE(found)[[1]]), n = length(column))
  }
}

measures <- function(name, design, prefix = "") {
  ends <- subset(design, ends)
  shares(name, "first_change", ends, ends$variables$first_change, prefix)
  shares(name, "changes", ends, ends$variables$changes, prefix)
  types <- subset(design, types)
  shares(name, "types", types, types$variables$type, prefix)
  last <- subset(design, last)
  d <- last$variables
  shares(name, "paths", last, paste(d$w1, d$w2, d$w3, d$w4, sep = " > "), prefix)
  for (k in 1:3) {
    shares(name, "flows", last, paste(WAVES[k], d[[WAVES[k]]], d[[WAVES[k + 1]]], sep = " > "), prefix)
  }
}

make_golden <- function() {
  panel <- read.csv(file.path(folder, "gaps_panel.csv"), na.strings = "", stringsAsFactors = FALSE)
  people <- do.call(rbind, lapply(split(panel, panel$person), of_person))
  # The design holds everyone, with the weight of the last wave or 0.
  linear <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = people)
  alone <- svydesign(id = ~1, strata = ~stratum, weights = ~weight, data = people)
  jkn <- as.svrepdesign(linear, type = "JKn")
  measures("linear", linear)
  measures("linear", subset(linear, sex == "f"), "sex=f;")
  measures("people", alone)
  measures("jkn", jkn)
  write.csv(do.call(rbind, rows), file.path(folder, "gaps_golden.csv"), row.names = FALSE,
            quote = FALSE, eol = "\n")
}

make_panel()
make_golden()
