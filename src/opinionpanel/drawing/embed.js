/* Shows tooltips as text, and lets a keyboard reach every mark of a chart. */

/* By itself a tooltip loads what stands in a row named "image", as a group may be. Here it is text. */
const text = (part) =>
  typeof part === "object" && !(part instanceof Date) ? JSON.stringify(part) : part;
const row = (safe) => ([key, part]) =>
  `<tr><td class="key">${safe(key)}</td><td class="value">${safe(text(part))}</td></tr>`;
const formatTooltip = (shown, safe) => {
  if (typeof shown !== "object" || shown === null) return safe(shown);
  const rows = Object.entries(shown).filter(([, part]) => part !== undefined);
  return `<table><tbody>${rows.map(row(safe)).join("")}</tbody></table>`;
};

const send = (mark, ...names) => {
  const box = mark.getBoundingClientRect();
  const at = { bubbles: true, clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 };
  for (const name of names) mark.dispatchEvent(new PointerEvent(name, at));
};

/* Tab enters a chart, arrows go from mark to mark as if a pointer did, Enter pins, Escape lets go. */
const walk = (place) => {
  // The menu is a picture of three dots.
  const menu = place.closest(".vega-embed").querySelector("details");
  menu?.querySelector("summary").setAttribute("aria-label", menu.title);
  // What has no words of its own is no thing to be told of, such as the group that marks are in.
  for (const one of place.querySelectorAll('svg.marks [role^="graphics-"]:not([aria-label])')) {
    one.removeAttribute("role");
    one.removeAttribute("aria-roledescription");
  }
  const marks = [...place.querySelectorAll('svg.marks [role="graphics-symbol"]')];
  for (const mark of marks) {
    mark.setAttribute("tabindex", mark === marks[0] ? "0" : "-1");
    // What kind of shape it is, in English, says nothing to readers.
    mark.removeAttribute("aria-roledescription");
    mark.addEventListener("focus", () => send(mark, "pointerover", "pointermove"));
    // The tooltip goes with the one, and what is lit with the other.
    mark.addEventListener("blur", () => send(mark, "mouseout", "pointerout"));
    mark.addEventListener("keydown", (event) => {
      const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
      const ends = { Home: 0, End: marks.length - 1 };
      const here = marks.indexOf(mark);
      const next = ends[event.key] ?? here + (steps[event.key] ?? 0);
      if (event.key === "Enter" || event.key === " ") send(mark, "click");
      else if (event.key === "Escape") send(mark, "dblclick", "mouseout");
      else if (next === here || !marks[next]) return;
      else {
        mark.setAttribute("tabindex", "-1");
        marks[next].setAttribute("tabindex", "0");
        marks[next].focus();
      }
      event.preventDefault();
    });
  }
};

/* Texts are measured when they are placed: their font, where the page brings it, has to be there. */
const letters = () =>
  Promise.allSettled(["", "bold "].map((face) => document.fonts.load(face + '12px "%s"')));

/* A chart of ours says what its menu is called in its language. */
const menuWords = (spec) =>
  Object.values(spec.datasets ?? {}).flat().find((row) => row.kind === "page")?.menu;

window.vegaEmbed = async (place, spec, options) => {
  await letters();
  const drawn = await vegaEmbed(place, spec, {
    ...options,
    i18n: menuWords(spec),
    tooltip: { formatTooltip },
  });
  walk(drawn.view.container());
  return drawn;
};
