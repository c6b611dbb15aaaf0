/* What is wrong with a page as it is shown now: a list of sentences. Its colours are looked at, and
   if wanted what it is made of. */
(async (madeOf) => {
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
  // A page may do something of its own as soon as it is painted.
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  // What comes in slowly would be as pale as it is by chance.
  for (const one of document.getAnimations())
    if (one.effect.getComputedTiming().endTime < Infinity) one.finish();

  // Charts: drawn, of numbers, and not blank.
  const places = [...document.querySelectorAll("script.opinionpanel-spec, script.spec")].map(
    (data) => document.getElementById(data.dataset.chart) || data.parentElement,
  );
  const drawn = (place) => place.querySelector("svg.marks");
  for (let turn = 0; turn < 200 && !places.every(drawn); turn++) await wait(50);
  // Where a mark is put: a shape begins there, and all that it stands in is moved there.
  const put = (mark) => {
    let at = /^M[^a-zA-Z]*/.exec(mark.getAttribute("d") || "");
    for (let one = mark; one.localName !== "svg"; one = one.parentElement)
      at += one.getAttribute("transform") || "";
    return at;
  };
  // Marks without a place of their own come to lie on each other.
  const heaped = (marks) => {
    const counts = new Map();
    for (const at of marks.map(put)) counts.set(at, (counts.get(at) || 0) + 1);
    const most = Math.max(...counts.values());
    return most > 3 && most > marks.length / 4;
  };
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
    const all = svg.querySelectorAll("g.role-mark:not(.mark-group) > :is(path, line, text, image)");
    const marks = [...all].filter((mark) => mark.getAttribute("d") || mark.textContent);
    if (!marks.length) wrong.push(`a chart is empty: ${named(place)}`);
    else if (heaped(marks)) wrong.push(`a chart has its marks in a heap: ${named(place)}`);
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

  // Of axe-core's rules that about contrast takes longest: of texts that look alike it is asked about
  // one. They do where they have the same letters and colours, and lie upon the same grounds; what is
  // taken out of its place may lie upon others. Letters of drawings are another test's.
  const known = new Map();
  const number = (text) => known.get(text) || known.set(text, known.size + 1).get(text);
  const grounds = new Map([[null, 0]]);
  const ground = (one) => {
    if (!grounds.has(one)) {
      const { backgroundColor, backgroundImage, opacity, position } = getComputedStyle(one);
      const own = `${backgroundColor} ${backgroundImage} ${opacity}`;
      const taken = /absolute|fixed/.test(position) ? grounds.size : "";
      const plain = own === "rgba(0, 0, 0, 0) none 1" && !taken;
      const below = ground(one.parentElement);
      grounds.set(one, plain ? below : number(`${below} ${own} ${taken}`));
    }
    return grounds.get(one);
  };
  const look = (one) => {
    const { color, fontSize, fontWeight } = getComputedStyle(one);
    return `${ground(one)} ${color} ${fontSize} ${fontWeight}`;
  };
  const seen = new Set();
  for (const one of document.body.querySelectorAll("*:not(svg, svg *, script, style)")) {
    const text = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!text || !one.checkVisibility() || seen.has(look(one))) continue;
    seen.add(look(one));
    one.dataset.lookedAt = "";
  }
  const colours = ["color-contrast", "link-in-text-block"];
  const which = madeOf ? {} : { runOnly: colours };
  const html = (node) => node.html.replace(' data-looked-at=""', "").slice(0, 200);
  if (window.axe) {
    axe.configure({ rules: [{ id: "color-contrast", selector: "[data-looked-at]" }] });
    // Browsers let nobody look into a frame of another origin, as all files on disk are.
    const options = { resultTypes: ["violations"], preload: false, iframes: false, ...which };
    for (const { id, impact, nodes } of (await axe.run(document, options)).violations)
      if (impact === "serious" || impact === "critical")
        wrong.push(`${id} (${impact}), ${nodes.length} of them, first: ${html(nodes[0])}`);
  }
  return wrong;
})
