// The reader: the line that is spoken is lit and scrolls along until someone scrolls; lines play from their second;
// matches and chapters are visited one after the other.

import { bring, focusLine, lineAt, lineBeside, open, scrollToLine, showSecond } from "./lines.js";
import { rename } from "./pages.js";
import { clock, isPlaying, play, playing, second, soundOf, toggle } from "./player.js";

const NEAR = 60;  // seconds from what a page was opened at within which it follows what plays already
const follow = document.getElementById("player-follow");

let reader = null;  // #reader of the page that is shown
let rail = null;
let lit = null;
let isFollowing = false;
let isMoving = false;

const episodeIsPlaying = () => reader !== null && playing()?.episode === reader.dataset.episode;

function light(line) {
  if (line === lit) return;
  lit?.removeAttribute("aria-current");
  lit = line;
  lit?.setAttribute("aria-current", "true");
}

// --- following the voice ---

function setFollowing(wanted) {
  isFollowing = wanted;
  follow.hidden = !episodeIsPlaying() || isFollowing;
}

async function sounded() {
  setFollowing(isFollowing);
  if (!episodeIsPlaying() || isMoving) return;
  drawRail();
  let line = lineAt(second() + 0.05);
  if (!line && isFollowing && isPlaying()) {
    isMoving = true;
    line = await showSecond(second());
    isMoving = false;
  }
  const isNew = line !== lit;
  light(line);
  if (line && isNew && isFollowing) scrollToLine(line);
}

const SCROLLING = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"]);
const stopFollowing = () => { if (isFollowing) setFollowing(false); };
window.addEventListener("wheel", stopFollowing, { passive: true });
window.addEventListener("touchmove", stopFollowing, { passive: true });
window.addEventListener("keydown", (event) => {
  if (SCROLLING.has(event.key) && !event.target.closest?.("input, select, textarea, dialog")) stopFollowing();
});
follow.addEventListener("click", async () => {
  setFollowing(true);
  light(await showSecond(second()));
});
document.addEventListener("sound", sounded);

// --- lines, matches and chapters ---

/** This page at a second. */
function addressOf(at) {
  const url = new URL(location.href);
  url.searchParams.delete("first");
  url.searchParams.set("at", Math.floor(at));
  url.hash = `t=${Math.floor(at)}`;
  return url;
}

/** Plays from a line, or from the second that the page was opened at. False if there is no audio. */
export function playFrom(line) {
  const sound = reader && soundOf(reader);
  if (!sound) return false;
  play(sound, Number(line ? line.dataset.start : reader.dataset.at));
  setFollowing(true);
  if (!line) showSecond(second()).then(light);
  return true;
}

function clickLine(line) {
  if (!getSelection().isCollapsed) return;  // someone marks text
  rename(addressOf(line.dataset.start));
  focusLine(line);
  if (!playFrom(line)) light(line);
}

/** Makes #reader-play, and whatever begins where this page does, begin at a second. */
function beginAt(at) {
  reader.dataset.at = at;
  const label = reader.querySelector("#reader-play > span");
  if (label) label.textContent = label.dataset.text.replace("{time}", () => clock(at));
}

/** Goes to a match or a chapter. */
async function visit(link, push) {
  setFollowing(false);
  rename(addressOf(link.dataset.start), { push });
  beginAt(link.dataset.start);
  for (const other of reader.querySelectorAll(".beside [aria-current]")) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  const line = await showSecond(Number(link.dataset.start));
  if (!line) return;
  focusLine(line);
  light(line);
}

const matches = () => [...(reader?.querySelectorAll("#matches a[data-start]") ?? [])];

/** Marks the match that begins at a second, from which the next one is counted. */
function markMatch(at) {
  const match = matches().find((one) => Math.floor(one.dataset.start) === Math.floor(at));
  for (const other of reader.querySelectorAll(".beside [aria-current]")) other.removeAttribute("aria-current");
  match?.setAttribute("aria-current", "true");
}

/** The next match (by 1) or the one before (by -1), counted from the last one visited. False if there is none. */
export function visitMatch(by) {
  const all = matches();
  if (!all.length) return false;
  const last = all.findIndex((one) => one.hasAttribute("aria-current"));
  const from = last >= 0 ? last : all.filter((one) => one.dataset.start < Number(reader.dataset.at)).length - (by > 0);
  const next = (from + by + all.length) % all.length;
  visit(all[next], false);
  document.getElementById("status").textContent = `${next + 1} / ${all.length}`;
  return true;
}

/** Moves the focus to the line after (by 1) or before (by -1). False if there is none. */
export function visitLine(by) {
  if (!reader) return false;
  const focused = document.activeElement.closest(".line") ?? lit;
  const line = focused ? lineBeside(focused, by) : (lineAt(Number(reader.dataset.at)) ?? lineBeside(null, 1));
  if (!line) return false;
  focusLine(line);
  line.scrollIntoView({ block: "nearest", behavior: "instant" });
  return true;
}

document.addEventListener("click", (event) => {
  if (!reader || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const target = event.target.closest(".say, .beside a[data-start], #earlier, #later, button");
  if (!target || target.form) return;
  if (target.matches(".say")) clickLine(target.closest(".line"));
  else if (target.matches("a[data-start]")) visit(target, true);
  else if (target.matches("#earlier, #later")) bring(target.id);
  else if (target.id === "next-match") visitMatch(1);
  else if (target.id === "previous-match") visitMatch(-1);
  else if (target.id === "reader-play") playFrom(null);
  else return;
  event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  const line = event.target.closest?.(".line");
  if (!line) return;
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) visitLine(by);
  else if (event.key === " " && line === lit && episodeIsPlaying()) toggle();
  else if (event.key === " " && reader.dataset.audio) clickLine(line);
  else return;
  event.preventDefault();
});
document.addEventListener("submit", (event) => {
  if (event.target.id !== "find" || event.target.elements.q.value.trim() !== reader?.dataset.query) return;
  if (visitMatch(1)) event.preventDefault();  // the same once more: the next one
});

// --- the rail: where in the episode the matches are, and what is heard ---

function makeRail() {
  rail?.remove();
  rail = null;
  const length = Number(reader.dataset.length);
  if (!length || !matches().length) return;
  rail = document.createElement("div");
  rail.className = "rail";
  rail.setAttribute("aria-hidden", "true");  // the list of matches says the same
  for (const match of matches()) {
    const tick = document.createElement("span");
    tick.style.top = `${(100 * match.dataset.start) / length}%`;
    tick.title = match.querySelector("time").textContent;
    tick.addEventListener("click", () => visit(match, true));
    rail.append(tick);
  }
  rail.append(document.createElement("i"));
  reader.append(rail);
  drawRail();
}

function drawRail() {
  if (!rail) return;
  const at = episodeIsPlaying() ? second() : Number(reader.dataset.at);
  rail.lastChild.style.top = `${Math.min(100, (100 * at) / reader.dataset.length)}%`;
}

/** An address has whole seconds; the line that it means begins within that second, if one does. */
function beginning(named) {
  return Number(document.getElementById(`t=${named}`)?.dataset.start ?? Number(named) + 0.99);
}

document.addEventListener("page", async ({ detail: how }) => {
  reader = document.getElementById("reader");
  rail = reader?.querySelector(".rail") ?? null;
  light(reader?.querySelector('.line[aria-current="true"]') ?? null);
  setFollowing(false);
  if (!reader || !document.getElementById("lines")) return;
  open(reader);
  if (how === "back") return sounded();
  const named = new URLSearchParams(location.hash.slice(1)).get("t") ?? new URLSearchParams(location.search).get("at");
  const isPaged = new URLSearchParams(location.search).has("first");
  const at = Number(named ?? (isPaged ? null : matches()[0]?.dataset.start) ?? reader.dataset.at);
  if (how !== "moved") makeRail();
  markMatch(at);
  if (episodeIsPlaying() && (named === null || Math.abs(second() - at) < NEAR)) {
    setFollowing(true);
    light(await showSecond(second(), "instant"));
  } else if (named !== null || (matches().length && !isPaged)) {
    light(await showSecond(named === null ? at : beginning(named), "instant"));
  }
});
