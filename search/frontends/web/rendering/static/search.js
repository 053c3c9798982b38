// Searching while typing: the answer replaces the inside of #results, and the address of the page with it.
//
// Nothing is asked while an input method composes. A word that it enters, or that is pasted, is asked for at once; after a
// single key there is a short pause, which is longer where answers take long. What is typed on ends the question before.
// Then what the search itself had no time for is counted, or why it found nothing is asked, and more moments are brought
// while scrolling.

import { go, rename } from "./pages.js";

const PAUSE = { least: 60, most: 300 };  // ms after a key; between them, half of what the last answer took
const QUIET = 700;  // after this, what was found is said to screen readers, and counted in full

const form = document.getElementById("search");
const box = form.elements.q;
const status = document.getElementById("status");
let isComposing = false;
let pause = 0;
let took = 0;    // ms that the last answer took
let length = 0;  // characters in the box
let quiet = 0;
let asked = null;
let counting = null;

const results = () => document.getElementById("results");

/** The address of what the box and the options that it carries ask for. */
function wanted() {
  const given = [...new FormData(form)].filter(([, value]) => value !== "");
  return new URL(`${form.action}?${new URLSearchParams(given)}`);
}

function later() {
  clearTimeout(pause);
  const isKey = Math.abs(box.value.length - length) < 2;
  length = box.value.length;
  if (isComposing) return;
  if (isKey) pause = setTimeout(look, Math.min(PAUSE.most, Math.max(PAUSE.least, took / 2)));
  else look();
}

async function look() {
  const query = box.value.trim();
  if (!query || query === results()?.dataset.query) return asked?.abort();
  asked?.abort();
  counting?.abort();
  if (!results()) return go(wanted(), { isTyping: true });
  const request = (asked = new AbortController());
  const address = wanted();
  const slow = setTimeout(() => results()?.setAttribute("aria-busy", "true"), 250);
  const begun = performance.now();
  try {
    const answer = await piece(address, request.signal);
    if (asked !== request || !results()) return;
    took = performance.now() - begun;
    if (answer.problem) return complain(answer.problem);
    results().replaceChildren(...answer.nodes);
    results().dataset.query = query;
    document.title = results().dataset.titled.replace("{q}", () => query);
    rename(address);
    window.scrollTo({ top: 0, behavior: "instant" });
    arrived();
  } finally {
    clearTimeout(slow);
    if (asked === request) results()?.removeAttribute("aria-busy");
  }
}

/** The inside of #results for an address: its nodes, or the problem in words; neither if it is not wanted any more. */
async function piece(address, signal, more = {}) {
  const url = new URL(address, location.href);
  for (const [name, value] of Object.entries({ part: "results", ...more })) url.searchParams.set(name, value);
  try {
    const answer = await fetch(url, { signal });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok && !fresh.getElementById("main")) return { nodes: [...fresh.body.childNodes] };
    if (answer.status === 401 || answer.redirected) location.reload();  // to sign in again
    const said = fresh.querySelector("#main .warning") ?? fresh.querySelector("#main h1");
    return { problem: said?.textContent ?? answer.statusText };
  } catch (error) {
    if (error.name === "AbortError") return { nodes: [] };
    return { problem: form.dataset.offline };
  }
}

/** Says above the last results what is wrong with the query. */
function complain(problem) {
  const place = results();
  place.querySelector(".complaint")?.remove();
  const said = document.createElement("p");
  said.className = "warning complaint";
  said.textContent = problem;
  place.prepend(said);
  place.dataset.query = "";
  announce(problem);
}

function announce(text) {
  clearTimeout(quiet);
  quiet = setTimeout(() => { status.textContent = text; }, QUIET);
}

/** What follows once results are shown: they are told, counted, and watched for their end. */
function arrived() {
  clearTimeout(quiet);
  const counts = document.getElementById("counts");
  if (!counts) return;
  watchEnd();
  quiet = setTimeout(async () => {
    const recount = document.getElementById("recount");
    if (recount) await countAll(recount.getAttribute("href"));
    status.textContent = document.getElementById("counts")?.textContent.trim() ?? "";
  }, QUIET);
}

async function countAll(address) {
  counting?.abort();
  const request = (counting = new AbortController());
  const answer = await piece(address, request.signal, { counts: "all" });
  if (request.signal.aborted || !answer.nodes || !results()) return;
  const fresh = document.createElement("div");
  fresh.append(...answer.nodes);
  for (const part of ["#counts", ".facets", "#why"]) {
    const [old, other] = [results().querySelector(part), fresh.querySelector(part)];
    if (old && other) old.replaceWith(other);
  }
}

const end = new IntersectionObserver((seen) => {
  if (seen.some((one) => one.isIntersecting)) bringMore();
}, { rootMargin: "0px 0px 600px 0px" });

function watchEnd() {
  end.disconnect();
  const more = document.getElementById("more");
  if (more) end.observe(more);
}

/** Appends the next moments. Resolves to the first of them, if there is one. */
export async function bringMore() {
  const more = document.getElementById("more");
  if (!more || more.hasAttribute("aria-busy")) return null;
  more.setAttribute("aria-busy", "true");
  const answer = await piece(more.getAttribute("href"), null);
  if (!more.isConnected) return null;
  if (!answer.nodes) {
    more.removeAttribute("aria-busy");  // the link still leads to them
    end.disconnect();
    return null;
  }
  const fresh = document.createElement("div");
  fresh.append(...answer.nodes);
  const moments = [...fresh.querySelectorAll(".moment")];
  document.getElementById("moments").append(...moments);
  const next = fresh.querySelector("#more");
  if (next) more.replaceWith(next);
  else more.remove();
  watchEnd();
  return moments[0] ?? null;
}

box.addEventListener("compositionstart", () => { isComposing = true; clearTimeout(pause); });
box.addEventListener("compositionend", () => { isComposing = false; length = -2; later(); });  // a whole word
box.addEventListener("input", (event) => { if (!event.isComposing) later(); });
form.addEventListener("submit", (event) => {
  if (isComposing) return event.preventDefault();
  clearTimeout(pause);
  if (results() && box.value.trim() === results().dataset.query) {
    event.preventDefault();  // it is shown already: go to the first
    document.querySelector(".moment a.open")?.focus();
  }
});
document.addEventListener("click", (event) => {
  const more = event.target.closest?.("#more");
  if (!more || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  bringMore().then((first) => first?.querySelector("a.open")?.focus());
});
document.addEventListener("page", (event) => {
  clearTimeout(pause);
  length = box.value.length;
  asked?.abort();
  end.disconnect();
  if (results()) arrived();
  if (event.detail === "typing" && box.value.trim() !== results()?.dataset.query) later();  // typed on meanwhile
});
