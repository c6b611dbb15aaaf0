/* Draws the charts of a page once its text is there, and unfolds tables for print. */
(function () {
  "use strict";

  function draw() {
    for (const data of document.querySelectorAll("script.opinionpanel-spec")) {
      const place = document.getElementById(data.dataset.chart);
      window
        .vegaEmbed(place, JSON.parse(data.textContent), window.opinionpanelEmbed)
        .catch(function (error) {
          place.textContent = "This chart could not be drawn: " + error.message;
        });
    }
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", draw);
  } else {
    draw();
  }

  window.addEventListener("beforeprint", function () {
    for (const numbers of document.querySelectorAll("details.opinionpanel-numbers")) {
      numbers.open = true;
    }
  });
})();
