/* Draws the charts of a page once its text is there, lets a keyboard scroll what is wider than the
   page, and unfolds tables for print. */
(function () {
  "use strict";

  // Boxes of the theme and of notebooks: a keyboard reaches them only where there is more to see.
  const boxes = new ResizeObserver(function (entries) {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) {
        target.tabIndex = 0;
      } else {
        target.removeAttribute("tabindex");
      }
    }
  });

  function draw() {
    for (const box of document.querySelectorAll("pre, .text_html, .table-wrapper, .math-wrapper")) {
      boxes.observe(box);
    }
    for (const data of document.querySelectorAll("script.opinionpanel-spec")) {
      const place = document.getElementById(data.dataset.chart);
      window
        .vegaEmbed(place, JSON.parse(data.textContent), window.opinionpanelEmbed)
        .catch(function (error) {
          // What it says to those who do not see it is there in the language of the page.
          place.textContent = place.getAttribute("aria-label");
          console.error(error);
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
