# Golden values for regressions within people (conditional logit), by R's survey.
#
#   Rscript tests/golden/make_within_golden.R        (from the repository root)
#
# Makes up a panel of three waves (within_people.csv), with a mood that differs between them, and
# computes, from that file, within_golden.csv.
#
# Two waves: svyglm of the later answer on the differences of the columns, without an intercept,
# among those who changed. Three waves: the conditional likelihood with all sets of waves written
# down, by Newton's method, and svytotal of the influence of people. With replicates everything is
# fitted again under each (withReplicates). Everyone is in the design, with the weight of the last
# wave, 0 where there was no interview.

suppressPackageStartupMessages(library(survey))
options(warn = 2, survey.lonely.psu = "fail")
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

folder <- "tests/golden"
if (!dir.exists(folder)) stop("run from the repository root")
digits <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))

make_people <- function() {
  set.seed(21)
  n <- 300
  psu <- sample(24, n, replace = TRUE)
  sex <- sample(c("f", "m"), n, replace = TRUE)
  level <- rnorm(n, 0, .7) + rnorm(24, 0, .5)[psu]
  mood <- matrix(sample(c("good", "mixed", "bad"), 3 * n, replace = TRUE), n)
  odds <- level + .3 * col(mood) * (sex == "f") - .8 * (mood == "bad") + .5 * (mood == "good")
  answer <- ifelse(matrix(runif(3 * n), n) < plogis(odds - .4), "yes",
                   ifelse(matrix(runif(3 * n), n) < .7, "no", "unsure"))
  answer[runif(3 * n) < .04] <- ""
  mood[runif(3 * n) < .02] <- ""
  weight <- matrix(digits(exp(rnorm(3 * n, 0, .5))), n)
  left <- cbind(FALSE, runif(n) < .05, FALSE)
  left[, 3] <- left[, 2] | runif(n) < .1
  weight[left] <- answer[left] <- mood[left] <- ""
  colnames(answer) <- paste0("answer", 1:3)
  colnames(mood) <- paste0("mood", 1:3)
  colnames(weight) <- paste0("weight", 1:3)
  data.frame(person = sprintf("p%03d", seq_len(n)), stratum = sprintf("s%d", (psu - 1) %% 6 + 1),
             psu = sprintf("c%02d", psu), sex, region = c("north", "south")[1 + psu %% 2], weight,
             answer, mood)
}
write.csv(make_people(), file.path(folder, "within_people.csv"), row.names = FALSE, quote = FALSE,
          eol = "\n")
people <- read.csv(file.path(folder, "within_people.csv"), colClasses = "character",
                   na.strings = character())

designs <- function(data) {
  clustered <- function(data) svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = data)
  list(
    "unweighted" = svydesign(ids = ~person, weights = ~one, data = data),
    "strata, people" = svydesign(ids = ~person, strata = ~stratum, weights = ~w, data = data),
    "strata, PSUs" = clustered(data),
    "JKn" = as.svrepdesign(clustered(data), type = "JKn", mse = FALSE),
    "strata, PSUs; post-stratified" = postStratify(
      clustered(subset(data, w > 0)), ~sex, data.frame(sex = c("f", "m"), Freq = c(530, 470))))
}

# The columns of "wave * sex + mood" of everyone at each wave, as a list by wave.
columns <- function(data, waves) lapply(1:waves, function(t) {
  mood <- data[[paste0("mood", t)]]
  X <- cbind("mood[T.mixed]" = mood == "mixed", "mood[T.good]" = mood == "good") + 0
  for (s in 2:waves) {
    own <- cbind((t == s) + 0 * X[, 1])
    colnames(own) <- sprintf("wave[T.w%d]", s)
    X <- cbind(X, own)
    own <- own * (data$sex == "m")
    colnames(own) <- sprintf("wave[T.w%d]:sex[T.m]", s)
    X <- cbind(X, own)
  }
  X
})

# Newton's method over all sets of as many waves as were chosen; also the influence of each person.
conditional <- function(X, Y, w) {
  sets <- as.matrix(expand.grid(rep(list(0:1), length(X))))
  added <- function(set) Reduce(`+`, Map(`*`, X, set))
  # The columns added up over the waves of each set, and over those that were chosen.
  possible <- apply(sets, 1, added, simplify = FALSE)
  as_many <- outer(rowSums(Y), rowSums(sets), `==`)
  chosen <- Reduce(`+`, Map(function(x, y) x * c(y), X, asplit(Y, 2)))
  beta <- rep(0, ncol(chosen))
  for (again in 1:30) {
    share <- exp(sapply(possible, function(x) drop(x %*% beta))) * as_many
    share <- share / rowSums(share)
    mean <- Reduce(`+`, Map(function(x, p) x * c(p), possible, asplit(share, 2)))
    score <- chosen - mean
    information <- Reduce(`+`, Map(function(x, p) crossprod(x - mean, (x - mean) * (w * c(p))),
                                   possible, asplit(share, 2)))
    step <- drop(solve(information, colSums(w * score)))
    beta <- beta + step
    if (max(abs(step)) < 1e-13) break
  }
  list(beta = beta, influence = score %*% solve(information))
}

later_given_change <- function(X, y, w) {
  keep <- w != 0
  beta <- NULL
  for (again in 1:3) beta <- suppressWarnings(glm.fit(
    X[keep, ], y[keep], w[keep], start = beta, family = quasibinomial(), intercept = FALSE,
    control = glm.control(epsilon = 1e-15, maxit = 100)))$coefficients
  beta
}

rows <- list()
for (waves in 2:3) {
  weight <- people[[paste0("weight", waves)]]
  data <- cbind(people, w = ifelse(weight == "", 0, as.numeric(weight)),
                one = as.numeric(weight != ""))
  said <- as.matrix(data[paste0("answer", 1:waves)])
  felt <- as.matrix(data[paste0("mood", 1:waves)])
  yes <- rowSums(said == "yes")
  data$changed <- apply(said != "" & felt != "", 1, all) & yes > 0 & yes < waves & data$one == 1
  data$later <- as.numeric(said[, waves] == "yes")
  all_designs <- designs(data)
  for (name in names(all_designs)) {
    base <- subset(all_designs[[name]], changed)
    own <- base$variables
    X <- columns(own, waves)
    Y <- (as.matrix(own[paste0("answer", 1:waves)]) == "yes") + 0
    # Calibrated designs keep those outside the base, with the weight 0.
    Y[!own$changed, ] <- c(1, rep(0, waves - 1))
    if (name == "JKn") {
      refit <- if (waves == 2) function(w, data) later_given_change(X[[2]] - X[[1]], own$later, w)
               else function(w, data) conditional(X, Y, w)$beta
      found <- withReplicates(base, refit)
      estimate <- coef(found)
      V <- vcov(found)
    } else if (waves == 2) {
      difference <- X[[2]] - X[[1]]
      base <- do.call(update, c(list(base), setNames(
        lapply(seq_len(ncol(difference)), function(j) difference[, j]),
        paste0("d", seq_len(ncol(difference))))))
      model <- reformulate(paste0("d", seq_len(ncol(difference))), "later", intercept = FALSE)
      # Weights of 0 do not count in the dispersion, which is not used.
      fit <- suppressWarnings(svyglm(model, base, family = quasibinomial(),
                                     control = glm.control(epsilon = 1e-15, maxit = 100)))
      estimate <- coef(fit)
      V <- vcov(fit)
    } else {
      fit <- conditional(X, Y, weights(base))
      estimate <- fit$beta
      V <- vcov(svytotal(fit$influence, base))
    }
    rows[[length(rows) + 1]] <- data.frame(
      design = name, waves, term = colnames(X[[1]]), estimate = digits(as.vector(estimate)),
      std_error = digits(sqrt(diag(as.matrix(V)))), people = sum(data$changed),
      answered = sum(apply(said != "" & felt != "", 1, all) & data$one == 1))
  }
}
write.csv(do.call(rbind, rows), file.path(folder, "within_golden.csv"), row.names = FALSE,
          quote = TRUE, eol = "\n")
