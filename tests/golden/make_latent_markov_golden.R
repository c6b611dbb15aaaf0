# Golden values for latent Markov models, by direct maximisation of the likelihood in R.
#
#   Rscript tests/golden/make_latent_markov_golden.R        (from the repository root)
#
# The likelihood is written out as a sum over all latent paths and maximised on logits with optim
# and Newton steps; standard errors are the sandwich with central differences for all derivatives.
# No code and no recursion is shared with the library. Writes latent_markov_golden.csv.
#
# The k-th person of a path (k = 1, 2, ...) has the weight 1 + ((k - 1) mod 4) / 2, or 1.

folder <- "tests/golden"
if (!dir.exists(folder)) stop("run from the repository root")

read_paths <- function(name, states) {
  frame <- read.csv(file.path("data/published", paste0(name, ".csv")), comment.char = "#",
                    stringsAsFactors = FALSE, check.names = FALSE)
  count <- frame$count
  steps <- sapply(frame[setdiff(names(frame), "count")], match, table = states)
  list(steps = steps[count > 0, ], count = count[count > 0])
}

weigh <- function(count, weighted) {
  w <- lapply(count, function(n) if (weighted) 1 + ((seq_len(n) - 1) %% 4) / 2 else rep(1, n))
  list(sum = sapply(w, sum), squares = sapply(w, function(x) sum(x^2)), n = sum(count))
}

# Rows of probabilities from logits, the first entry as the reference.
rows <- function(eta, k) {
  m <- cbind(1, exp(matrix(eta, ncol = k - 1, byrow = TRUE)))
  m / rowSums(m)
}

parts <- function(eta, k, s) {
  a <- k - 1
  b <- a + k * (s - 1)
  list(initial = rows(eta[1:a], k)[1, ], response = rows(eta[(a + 1):b], s),
       transition = rows(eta[(b + 1):length(eta)], k))
}

# A row of `likely` for each latent path, a column for each path of answers.
path_loglik <- function(eta, steps, latent, k, s) {
  p <- parts(eta, k, s)
  prior <- p$initial[latent[, 1]]
  for (t in 2:ncol(steps)) prior <- prior * p$transition[latent[, c(t - 1, t)]]
  likely <- prior
  for (t in seq_len(ncol(steps))) likely <- likely * p$response[latent[, t], steps[, t]]
  # Not colSums(), which keeps more digits: where the likelihood is flat another end would be found.
  total <- 0
  for (r in seq_len(nrow(likely))) total <- total + likely[r, ]
  log(total)
}

central <- function(f, x, h) sapply(seq_along(x), function(j) {
  e <- replace(numeric(length(x)), j, h)
  (f(x + e) - f(x - e)) / (2 * h)
})

# Central differences with one Richardson step.
slopes <- function(f, x, h = 1e-4) (4 * central(f, x, h / 2) - central(f, x, h)) / 3

fit <- function(data, weighted, k, s) {
  w <- weigh(data$count, weighted)
  latent <- unname(as.matrix(expand.grid(rep(list(1:k), ncol(data$steps)))))
  paths <- function(eta) path_loglik(eta, data$steps, latent, k, s)
  loglik <- function(eta) sum(w$sum * paths(eta))
  score <- function(eta) slopes(paths, eta)
  gradient <- function(eta) colSums(w$sum * score(eta))
  size <- (k - 1) + k * (s - 1) + k * (k - 1)
  best <- NULL
  set.seed(1)
  for (try in 1:4) {
    start <- rnorm(size)
    found <- optim(start, loglik, gradient, method = "BFGS",
                   control = list(fnscale = -1, maxit = 1000, reltol = 1e-13))
    if (is.null(best) || found$value > best$value) best <- found
  }
  eta <- best$par
  for (step in 1:4) eta <- eta - solve(slopes(gradient, eta), gradient(eta))
  hessian <- slopes(gradient, eta)
  bread <- solve((hessian + t(hessian)) / 2)
  s_p <- score(eta)
  meat <- t(s_p) %*% (w$squares * s_p) * w$n / (w$n - 1)
  # In the order of the states that the latent states answer, by their mean answer.
  order_of <- order(parts(eta, k, s)$response %*% seq_len(s))
  values <- function(x) {
    p <- parts(x, k, s)
    initial <- p$initial[order_of]
    transition <- p$transition[order_of, order_of]
    turnover <- c()
    for (t in 2:ncol(data$steps)) {
      turnover <- c(turnover, sum(initial * (1 - diag(transition))))
      initial <- as.vector(initial %*% transition)
    }
    c(p$initial[order_of], as.vector(t(p$response[order_of, ])), as.vector(t(transition)),
      turnover)
  }
  jacobian <- slopes(values, eta)
  variance <- jacobian %*% bread %*% meat %*% bread %*% t(jacobian)
  data.frame(part = rep(c("initial", "response", "transitions", "turnover"),
                        c(k, k * s, k * k, ncol(data$steps) - 1)),
             value = values(eta), std_error = sqrt(diag(variance)),
             loglik = best$value * w$n / sum(w$sum))
}

women <- read_paths("women_labour_1967_71", c("no", "yes"))
nes <- read_paths("nes_ideology", c("liberal", "moderate", "conservative"))
cases <- list(list("women_labour_1967_71", women, 2, 2), list("nes_ideology", nes, 2, 3))
result <- NULL
for (case in cases) {
  for (weighted in c(FALSE, TRUE)) {
    found <- fit(case[[2]], weighted, case[[3]], case[[4]])
    result <- rbind(result, cbind(data = case[[1]], weighted = weighted, latent = case[[3]], found))
  }
}
for (column in c("value", "std_error", "loglik")) {
  result[[column]] <- sprintf("%.10g", result[[column]])
}
write.csv(result, file.path(folder, "latent_markov_golden.csv"), row.names = FALSE, quote = FALSE,
          eol = "\n")
