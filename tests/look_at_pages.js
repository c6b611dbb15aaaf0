/* What is wrong with a page as it is shown now: a list of sentences. */
(async () => {
  "use strict";
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const wrong = [];
  while (document.readyState !== "complete") await wait(10);

  // A name by which the element is found again.
  const named = (one) => {
    const classes = (one.getAttribute("class") || "").trim().split(/\s+/).slice(0, 2);
    const text = (one.getAttribute("aria-label") || one.textContent).trim().slice(0, 40);
    return [one.localName, ...classes.filter(Boolean)].join(".") + " " + JSON.stringify(text);
  };

  // What is folded is looked at, too.
  for (const one of document.querySelectorAll("details:not(.vega-embed details)")) one.open = true;

  // Charts: drawn, of numbers, and not blank.
  const places = [...document.querySelectorAll("script.opinionpanel-spec, script.spec")].map(
    (data) => document.getElementById(data.dataset.chart) || data.parentElement,
  );
  const drawn = (place) => place.querySelector("svg.marks");
  for (let turn = 0; turn < 200 && !places.every(drawn); turn++) await wait(50);
  for (const place of places) {
    if ([null, "", "Chart"].includes(place.ariaLabel))
      wrong.push(`a chart does not say what it shows: ${named(place)}`);
    const svg = drawn(place);
    if (!svg) {
      wrong.push(`a chart is not drawn: ${named(place)}`);
      continue;
    }
    const box = svg.getBoundingClientRect();
    if (place.getClientRects().length && !(box.width > 0 && box.height > 0))
      wrong.push(`a chart has no size: ${named(place)}`);
    const marks = svg.querySelectorAll("g.role-mark:not(.mark-group) > :is(path, line, text, image)");
    if (![...marks].some((mark) => mark.getAttribute("d") || mark.textContent))
      wrong.push(`a chart is empty: ${named(place)}`);
    const odd = [...svg.querySelectorAll("*")].find((one) =>
      [...one.attributes].some(
        (attribute) =>
          /^(d|transform|x|y|x1|x2|y1|y2|width|height|points)$/.test(attribute.name) &&
          /NaN|undefined|Infinity/.test(attribute.value),
      ),
    );
    if (odd) wrong.push(`a chart is drawn of what is no number: ${named(odd)} in ${named(place)}`);
  }

  // Nothing leaves the window but in a box that scrolls; those of the theme are the page itself.
  const layout = "html, body, .page, .main, .content, .sidebar-scroll, .toc-scroll";
  const holds = (one) =>
    /auto|scroll/.test(getComputedStyle(one).overflowX) && !one.matches(layout);
  const aside = ".sidebar-drawer, .toc-drawer, .visually-hidden, .skip-to-content, .vega-embed details";
  const outside = (one) => {
    const box = one.getBoundingClientRect();
    if (!box.width || !box.height || (box.right <= innerWidth + 1 && box.left >= -1)) return false;
    for (let above = one.parentElement; above; above = above.parentElement)
      if (holds(above)) return false;
    return !one.closest(aside) && getComputedStyle(one).visibility !== "hidden";
  };
  const beyond = [...document.body.querySelectorAll("*:not(svg *)")].filter(outside);
  // What holds another such thing only says the same again.
  const inmost = beyond.filter((one) => !beyond.some((other) => other !== one && one.contains(other)));
  for (const one of inmost.slice(0, 3)) wrong.push(`leaves the window: ${named(one)}`);
  for (const one of document.querySelectorAll(layout))
    if (one.clientWidth && one.scrollWidth > one.clientWidth + 1 && !one.closest(aside))
      wrong.push(`scrolls sideways: ${named(one).slice(0, 30)}`);

  // Of axe-core's rules those about colours take longest. The width of a page has no part in them,
  // and in the wide one most is seen; the others say the same in dark. Letters of drawings are beyond
  // them all: another test looks at these.
  const colours = ["color-contrast", "link-in-text-block"];
  const off = Object.fromEntries(colours.map((rule) => [rule, { enabled: false }]));
  const runs = [];
  if (innerWidth > 600) runs.push([{ exclude: [["svg"]] }, { runOnly: colours }]);
  if (matchMedia("(prefers-color-scheme: light)").matches) runs.push([document, { rules: off }]);
  if (window.axe) for (const [where, options] of runs) {
    const found = await axe.run(where, { resultTypes: ["violations"], preload: false, ...options });
    for (const { id, impact, nodes } of found.violations)
      if (impact === "serious" || impact === "critical")
        wrong.push(`${id} (${impact}), ${nodes.length} of them, first: ${nodes[0].html.slice(0, 200)}`);
  }
  return wrong;
})();
