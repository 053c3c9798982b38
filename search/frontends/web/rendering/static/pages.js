// Moves between the pages of an index without loading them anew, so that what plays goes on.
//
// A click on a link, a GET form and Back fetch the page that they lead to and put its <main> in place. Whatever this
// cannot do (another host, another language, an error) the browser does itself. After each page, also the first, a
// "page" event tells the other scripts to look at #main.

const root = document.documentElement.dataset.root;
const main = document.getElementById("main");
const OTHER = /^\/(api|audio|static|login|lines)(\/|$)/;
const MOST_KEPT = 12;

/** Pages that were left, by number: their nodes, with all that was loaded into them, come back with Back. */
const kept = new Map();
let asked = null;
let shown = null;

/** Whether an address is a page that can be put into <main>. */
function isPage(url) {
  if (url.origin !== location.origin || !url.pathname.startsWith(`${root}/`)) return false;
  return !OTHER.test(url.pathname.slice(root.length)) && !url.searchParams.has("lang");
}

function keep() {
  const { page } = shown;
  kept.delete(page);
  const frame = document.querySelector(".top").cloneNode(true);
  kept.set(page, { ...shown, nodes: [...main.childNodes], title: document.title, kind: document.body.className, frame });
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
}

function place(url, page, nodes, title, kind) {
  main.replaceChildren(...nodes);
  document.title = title;
  document.body.className = kind;
  shown = { page, address: url.pathname + url.search };
}

/** What the frame says of the page: the options that the search box carries, and the switch of the language. */
function takeFrame(fresh, isTyping) {
  const form = document.getElementById("search");
  const other = fresh.querySelector("#search");
  for (const old of form.querySelectorAll("input[type=hidden]")) old.remove();
  for (const input of other?.querySelectorAll("input[type=hidden]") ?? []) form.append(document.adoptNode(input));
  if (!isTyping) form.elements.q.value = fresh.querySelector("#q")?.value ?? "";
  const language = document.querySelector("a.language");
  const switched = fresh.querySelector("a.language");
  if (language && switched) language.setAttribute("href", switched.getAttribute("href"));
}

function tell(how) {
  for (const hidden of document.querySelectorAll("[data-needs-script][hidden]")) hidden.hidden = false;
  document.dispatchEvent(new CustomEvent("page", { detail: how }));
}

/** Scrolls to what an address names. */
function scrollToPlace(url, scroll) {
  if (scroll !== undefined) return window.scrollTo({ top: scroll, behavior: "instant" });
  const named = url.hash && document.getElementById(decodeURIComponent(url.hash.slice(1)));
  if (named) named.scrollIntoView({ block: "center", behavior: "instant" });
  else window.scrollTo({ top: 0, behavior: "instant" });
}

/** The scroll position is kept with the entry of the history, for Back and for a reload. */
export function rememberScroll() {
  history.replaceState({ ...history.state, scroll: window.scrollY }, "");
}

/**
 * Shows a page. `push`: as a new entry of the history, else in place of this one. `isTyping`: leaves the focus and the
 * text of the search box alone. Resolves when it is shown, or when it is not wanted any more.
 */
export async function go(address, { push = true, isTyping = false } = {}) {
  const url = new URL(address, location.href);
  asked?.abort();
  const request = (asked = new AbortController());
  document.body.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { signal: request.signal, headers: { accept: "text/html" } });
    if (!answer.headers.get("content-type")?.startsWith("text/html")) return location.assign(url);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const content = fresh.getElementById("main");
    if (!content || fresh.documentElement.dataset.root !== root) return location.assign(url);
    if (request.signal.aborted) return;
    if (answer.redirected) Object.assign(url, { pathname: new URL(answer.url).pathname, search: new URL(answer.url).search });
    rememberScroll();
    keep();
    const page = Date.now();
    history[push ? "pushState" : "replaceState"]({ page }, "", url);
    place(url, page, [...content.childNodes], fresh.title, fresh.body.className);
    takeFrame(fresh, isTyping);
    scrollToPlace(url);
    if (!isTyping) main.focus({ preventScroll: true });
    tell(isTyping ? "typing" : "new");
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
  } finally {
    if (asked === request) document.body.removeAttribute("aria-busy");
  }
}

/** Another address of the page that is shown: of a second of it, or of another query. */
export function rename(address, { push = false } = {}) {
  if (push) rememberScroll();
  history[push ? "pushState" : "replaceState"]({ page: shown.page }, "", address);
  shown.address = location.pathname + location.search;
  const language = document.querySelector("a.language");
  const switched = new URLSearchParams(location.search);
  switched.set("lang", new URLSearchParams(language?.getAttribute("href")).get("lang") ?? "");
  language?.setAttribute("href", `?${switched}`);
}

async function comeBack(event) {
  const url = new URL(location.href);
  const page = event.state?.page;
  if (page === undefined) return history.replaceState({ page: shown.page }, "");  // a link to a place on this page
  asked?.abort();
  const { scroll } = event.state;
  if (page === shown.page) {
    shown.address = url.pathname + url.search;
    return tell("moved");
  }
  const old = kept.get(page);
  if (old && old.address === url.pathname + url.search) {
    keep();
    place(url, page, old.nodes, old.title, old.kind);
    takeFrame(old.frame, true);
    document.getElementById("q").value = url.pathname === `${root}/search` ? (url.searchParams.get("q") ?? "") : "";
    scrollToPlace(url, scroll);
    return tell("back");
  }
  await go(url, { push: false });
  if (scroll !== undefined) scrollToPlace(url, scroll);
}

function clicked(event) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest("a[href]");
  if (!link || link.target || link.hasAttribute("download")) return;
  const url = new URL(link.getAttribute("href"), location.href);  // in a chart, link.href is no text
  if (!isPage(url) || (url.hash && url.pathname + url.search === location.pathname + location.search)) return;
  event.preventDefault();
  go(url);
}

function submitted(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "get") return;
  const url = new URL(form.action);
  const given = [...new FormData(form, event.submitter)].filter(([, value]) => value !== "");
  url.search = new URLSearchParams(given);
  if (!isPage(url)) return;
  event.preventDefault();
  go(url);
}

/** Called by the last script, when all have said what they do with a page. */
export function begin() {
  history.scrollRestoration = "manual";
  const { page = Date.now(), scroll } = history.state ?? {};
  shown = { page, address: location.pathname + location.search };
  history.replaceState({ page }, "");
  if (scroll !== undefined) scrollToPlace(new URL(location.href), scroll);
  document.addEventListener("click", clicked);
  document.addEventListener("submit", submitted);
  window.addEventListener("popstate", comeBack);
  window.addEventListener("pagehide", rememberScroll);
  tell("first");
}
