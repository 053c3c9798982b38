// The lines of the reader: of a long episode only those that are near are in the document. Others are brought when the
// end of those comes into view, and those on the far side are let go.

const MOST = 800;
const still = matchMedia("(prefers-reduced-motion: reduce)");

let reader = null;
let lines = [];   // those in the document, in order
let starts = [];  // their seconds
let size = 400;   // lines that the server sends at once
let asked = null;
const coming = new Set();

const list = () => document.getElementById("lines");

/** Begins with the lines of a reader that is shown now. */
export function open(shown) {
  reader = shown;
  if (document.getElementById("later")) size = list().dataset.end - list().dataset.first;
  takeLines();
}

function takeLines() {
  lines = [...list().querySelectorAll(".line")];
  starts = lines.map((line) => Number(line.dataset.start));
  const focused = lines.find((line) => line.contains(document.activeElement)) ?? lines[0];
  for (const line of lines) {
    const say = line.firstElementChild;
    if (reader.dataset.audio) say.setAttribute("role", "button");
    say.tabIndex = line === focused ? 0 : -1;  // one stop for Tab; arrows go from line to line
    say.draggable = false;
  }
  watchEnds();
}

/** Makes a line the one that Tab stops at, and focuses it. */
export function focusLine(line) {
  for (const other of list().querySelectorAll('.say[tabindex="0"]')) other.tabIndex = -1;
  line.firstElementChild.tabIndex = 0;
  line.firstElementChild.focus({ preventScroll: true });
}

/** The line that is `by` after another; the first or the last if there is none; null in an empty transcript. */
export function lineBeside(line, by) {
  const at = lines.indexOf(line) + by;
  return lines[Math.max(0, Math.min(at, lines.length - 1))] ?? null;
}

/** The line of a second: the last that begins before it. Null if that is not in the document. */
export function lineAt(second) {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= second) low = middle + 1;
    else high = middle;
  }
  const isBefore = low === 0 && document.getElementById("earlier");
  const isAfter = low === lines.length && document.getElementById("later") && second >= lines.at(-1)?.dataset.end;
  return isBefore || isAfter ? null : (lines[Math.max(0, low - 1)] ?? null);
}

export function scrollToLine(line, behavior = "smooth") {
  line.scrollIntoView({ block: "center", behavior: still.matches ? "instant" : behavior });
}

/** Scrolls to the line of a second, wherever it is in the episode. Resolves to it, or to null. */
export async function showSecond(second, behavior = "smooth") {
  let line = lineAt(second);
  if (!line && lines.length) {
    const fresh = await fetched(address("episode", { at: Math.floor(second) }), ".transcript");
    if (!fresh) return null;
    reader.querySelector(".transcript").replaceChildren(...fresh.childNodes);
    takeLines();
    line = lineAt(second);
    behavior = "instant";
  }
  if (line) scrollToLine(line, behavior);
  return line;
}

/** An element of a page of this episode; null if it did not come, or another was asked for meanwhile. */
async function fetched(from, selector) {
  asked?.abort();
  const request = (asked = new AbortController());
  const wanted = reader;
  try {
    const answer = await fetch(from, { signal: request.signal });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(selector);
    return answer.ok && wanted === reader && !request.signal.aborted ? fresh : null;
  } catch {
    return null;
  }
}

/** The address of this episode: its page or a piece of its lines. */
function address(what, given) {
  const path = reader.dataset.episode.split("/").map(encodeURIComponent).join("/");
  const query = reader.dataset.query ? { q: reader.dataset.query } : {};
  return `${document.documentElement.dataset.root}/${what}/${path}?${new URLSearchParams({ ...query, ...given })}`;
}

// --- the ends ---

const ends = new IntersectionObserver((seen) => {
  for (const one of seen) if (one.isIntersecting) bring(one.target.id);
}, { rootMargin: "1200px 0px" });

function watchEnds() {
  ends.disconnect();
  for (const name of ["earlier", "later"]) {
    const link = document.getElementById(name);
    if (link) ends.observe(link);
  }
}

/** Brings the lines that #earlier or #later leads to. */
export async function bring(name) {
  const link = document.getElementById(name);
  if (!link || coming.has(name)) return;
  coming.add(name);
  const fresh = await fetched(link.dataset.piece, "#lines");
  coming.delete(name);
  if (!fresh) ends.unobserve(link);  // as a link it still leads there
  else if (link.isConnected) join(fresh, name === "earlier");
}

function join(fresh, isBefore) {
  const items = missing(fresh, isBefore);
  const fixed = isBefore ? lines[0] : lines.at(-1);
  const top = fixed.getBoundingClientRect().top;
  if (isBefore) list().prepend(...items);
  else list().append(...items);
  setEnd(isBefore ? "earlier" : "later", isBefore ? fresh.dataset.before : fresh.dataset.after);
  letGo(!isBefore);
  window.scrollBy({ top: fixed.getBoundingClientRect().top - top, behavior: "instant" });
  takeLines();
}

/** The items of a piece that are not in the document yet. A chapter goes with the line after it. */
function missing(fresh, isBefore) {
  const [first, last] = [Number(lines[0].dataset.index), Number(lines.at(-1).dataset.index)];
  const items = [];
  let heads = [];
  for (const item of [...fresh.children]) {
    if (!item.matches(".line")) {
      heads.push(item);
      continue;
    }
    const index = Number(item.dataset.index);
    if (isBefore ? index < first : index > last) items.push(...heads, item);
    heads = [];
  }
  return items;
}

/** Removes the lines beyond `MOST` at one side of the document. */
function letGo(isAtBeginning) {
  const here = [...list().querySelectorAll(".line")];
  if (here.length <= MOST) return;
  const items = [...list().children];
  const edge = isAtBeginning ? here.at(-MOST) : here[MOST - 1];
  let cut = items.indexOf(edge) + (isAtBeginning ? 0 : 1);
  if (isAtBeginning && items[cut - 1]?.matches(".chapter")) cut -= 1;
  for (const item of isAtBeginning ? items.slice(0, cut) : items.slice(cut)) item.remove();
  const index = Number(edge.dataset.index);
  if (isAtBeginning) setEnd("earlier", address("lines", { first: Math.max(0, index - size) }));
  else setEnd("later", address("lines", { first: index + 1 }));
}

/** Makes #earlier or #later lead to a piece, or removes it. */
function setEnd(name, piece) {
  let link = document.getElementById(name);
  if (!piece) return link?.parentElement.remove();
  if (!link) {
    const place = document.createElement("p");
    place.className = "more";
    link = document.createElement("a");
    link.id = name;
    link.textContent = reader.dataset[name === "earlier" ? "textEarlier" : "textLater"];
    place.append(link);
    if (name === "earlier") list().before(place);
    else list().after(place);
  }
  link.dataset.piece = piece;
  link.setAttribute("href", piece.replace("/lines/", "/episode/"));
}
