# Mover-stayer models by direct maximisation of the likelihood, plain chains by markovchain.
#
#   Rscript tests/golden/make_mover_stayer_golden.R
#
# Weighted fits give the people of pattern r (from 0) the weight 1 + (r mod 4) / 2.
suppressMessages(library(markovchain))

# Counts of the patterns, the last wave changing fastest; states are 1, 2, ...
tables <- list(
  nes_ideology = list(k = 3, waves = 3, counts = c(
    68, 9, 3, 9, 7, 1, 6, 2, 5, 10, 10, 3, 6, 35, 15, 1, 11, 22, 3, 1, 0, 4, 9, 9, 4, 14, 141
  )),
  women_labour_1967_71 = list(k = 2, waves = 5, counts = c(
    559, 35, 24, 36, 28, 6, 16, 54, 24, 5, 3, 9, 17, 7, 11, 73,
    43, 5, 3, 8, 9, 0, 7, 21, 28, 12, 2, 11, 47, 16, 38, 426
  ))
)

negative <- function(theta, paths, weight, k) {
  s <- plogis(theta[1:k])
  m <- t(apply(cbind(matrix(theta[-(1:k)], k), 0), 1, function(row) exp(row) / sum(exp(row))))
  likelihood <- numeric(nrow(paths))
  for (r in seq_len(nrow(paths))) {
    path <- paths[r, ]
    moving <- prod(m[cbind(head(path, -1), tail(path, -1))])
    likelihood[r] <- s[path[1]] * all(path == path[1]) + (1 - s[path[1]]) * moving
  }
  start <- tapply(weight, factor(paths[, 1], levels = 1:k), sum)
  -sum(weight * log(likelihood)) - sum(start * log(start / sum(start)))
}

rows <- list()
add <- function(name, weights, parameter, value) {
  rows[[length(rows) + 1]] <<- data.frame(data = name, weights, parameter, value)
}

for (name in names(tables)) {
  k <- tables[[name]]$k
  count <- tables[[name]]$counts
  paths <- as.matrix(expand.grid(rep(list(1:k), tables[[name]]$waves)))
  paths <- unname(paths[, ncol(paths):1])
  for (weights in c("none", "by row")) {
    weight <- count
    if (weights == "by row") weight <- count * (1 + (seq_along(count) - 1) %% 4 / 2)
    weight <- weight * sum(count) / sum(weight)
    kept <- weight > 0
    best <- list(value = Inf)
    for (start in c(-1, 0, 1)) {
      theta <- c(rep(start, k), rep(0, k * (k - 1)))
      for (again in 1:4) {
        found <- optim(theta, negative, paths = paths[kept, ], weight = weight[kept], k = k,
                       method = "BFGS", control = list(maxit = 2000, reltol = 1e-15))
        theta <- found$par
      }
      if (found$value < best$value) best <- found
    }
    m <- t(apply(cbind(matrix(best$par[-(1:k)], k), 0), 1, function(row) exp(row) / sum(exp(row))))
    add(name, weights, "loglik", -best$value)
    for (i in 1:k) add(name, weights, paste0("s", i), plogis(best$par[i]))
    for (i in 1:k) for (j in 1:k) add(name, weights, paste0("m", i, j), m[i, j])
  }
  each <- paths[rep(seq_len(nrow(paths)), count), ]
  fit <- markovchainFit(data = lapply(seq_len(nrow(each)), function(r) as.character(each[r, ])))
  chain <- fit$estimate@transitionMatrix[as.character(1:k), as.character(1:k)]
  first <- table(factor(each[, 1], levels = 1:k))
  moves <- cbind(c(each[, -ncol(each)]), c(each[, -1]))
  add(name, "none", "loglik_chain", sum(log(chain[moves])) + sum(first * log(first / sum(first))))
}

golden <- do.call(rbind, rows)
# What the optimiser leaves open stands behind the sixth decimal.
golden$value <- sprintf("%.6f", golden$value)
write.csv(golden, "tests/golden/mover_stayer_golden.csv", row.names = FALSE, quote = FALSE)
