// The player at the bottom. It plays one episode at a time and stays while pages change; a reload finds it at the same
// second, paused. Other scripts call `play`, `toggle` and `seek`, and hear "sound" events when anything changes.

import { load, save } from "./storage.js";

const $ = (name) => document.getElementById(`player${name}`);
const audio = document.getElementById("audio");
const bar = document.getElementById("player");
const words = bar.dataset;
const KEPT = `podseek-player:${document.documentElement.dataset.root}`;
const SPEED = "podseek-speed";

/** What is in the player: { episode, audio, host, title, show, query }; null if nothing is. */
let now = null;
let length = 0;
let wantedSecond = null;
let isDragging = false;
let isLeaving = false;
let blocked = "";  // the address of audio that led to a host that the policy does not allow
let started = "";  // which moment the playing began with

/** The hosts that the policy of the loaded document lets us fetch audio from: those that it named. */
const allowed = new Set([...document.querySelectorAll("[data-audio-host]")].map((one) => one.dataset.audioHost));

export const playing = () => now;
export const isPlaying = () => now !== null && !audio.paused;
export const startedFrom = () => started;
export const second = () => wantedSecond ?? audio.currentTime;

/** Reads what an element of a page (#reader or .moment) says of its audio; null if it has none. */
export function soundOf(element) {
  const { episode, audio: address, audioHost: host, title, show } = element.dataset;
  const query = element.dataset.query ?? document.getElementById("results")?.dataset.query ?? "";
  return address ? { episode, audio: new URL(address, location.href).href, host, title, show, query } : null;
}

/** The address of the reader of what plays. */
function readerAddress(at) {
  const path = now.episode.split("/").map(encodeURIComponent).join("/");
  const given = new URLSearchParams(now.query ? { q: now.query, at } : { at });
  return `${document.documentElement.dataset.root}/episode/${path}?${given}#t=${at}`;
}

/** Plays from a second. Only a click or a key may call it: it fetches the audio, maybe from another host. */
export function play(sound, from) {
  const isNew = now?.audio !== sound.audio || !audio.src;
  started = "";
  now = sound;
  if (now.host && !allowed.has(now.host)) {  // the policy of this document does not: load one whose policy does
    remember(from, true);
    isLeaving = true;
    return location.assign(readerAddress(Math.floor(from)));
  }
  if (isNew) {
    length = 0;
    audio.src = now.audio;
  }
  moveTo(from);
  show();
  start();
}

function start() {
  $("-message").textContent = now.host && audio.readyState === 0 ? words.textFetch.replace("{host}", () => now.host) : "";
  audio.playbackRate = Number($("-speed").value);
  audio.play().catch((error) => {
    if (error.name === "NotSupportedError") fail();  // AbortError: paused before it began; NotAllowedError: wants a click
  });
}

export function toggle() {
  if (!now) return;
  if (!audio.paused) return audio.pause();
  const at = second();
  const before = started;
  play(now, audio.ended ? 0 : at);
  started = before;
}

/** Moves by seconds. */
export function seek(by) {
  if (now) moveTo(second() + by);
}

export function moveTo(at) {
  const last = Number.isFinite(audio.duration) ? audio.duration : length || Infinity;
  wantedSecond = Math.max(0, Math.min(at, last));
  if (audio.src) audio.currentTime = wantedSecond;  // before there is metadata, this is where it will begin
  if (audio.readyState > 0) wantedSecond = null;
  draw();
}

/** Says that it cannot be played, and leads to the audio itself if it is on the web. */
function fail() {
  const message = $("-message");
  const isElsewhere = blocked === now?.audio;
  message.textContent = isElsewhere
    ? words.textRedirected.replace("{host}", () => now.host)
    : words.textFailed + (now?.host ? ` (${now.host})` : "");
  if (now?.host) {
    const link = document.createElement("a");
    link.href = `${now.audio}#t=${Math.floor(second())}`;
    link.target = "_blank";
    link.rel = "noreferrer noopener";
    link.textContent = words.textAway;
    message.append(" ", link);
  }
  draw();
}

function show() {
  bar.hidden = false;
  document.body.classList.add("has-player");
  const name = $("-title");
  name.textContent = now.title;
  name.title = [now.title, now.show].filter(Boolean).join(" · ");
  $("-show").textContent = now.show ?? "";
  if ("mediaSession" in navigator && "MediaMetadata" in window) {
    navigator.mediaSession.metadata = new MediaMetadata({ title: now.title, artist: now.show });
  }
  draw();
}

/** 75 -> 1:15 */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = `${String(rest).padStart(2, "0")}`;
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

function draw() {
  if (!now) return;
  const at = second();
  const toggleButton = $("-toggle");
  toggleButton.dataset.state = audio.paused ? "paused" : "playing";
  toggleButton.setAttribute("aria-label", audio.paused ? words.textPlay : words.textPause);
  const position = $("-position");
  position.max = String(Math.ceil(length || 0));
  position.disabled = !length;
  if (!isDragging) position.value = String(Math.floor(at));
  position.setAttribute("aria-valuetext", clock(at));
  position.style.setProperty("--done", length ? `${(100 * at) / length}%` : "0%");
  $("-time").textContent = length ? `${clock(at)} / ${clock(length)}` : clock(at);
  $("-title").setAttribute("href", readerAddress(Math.floor(at)));
  document.dispatchEvent(new CustomEvent("sound"));
}

// What survives a reload: in this tab only.
function remember(at = second(), goesOn = false) {
  if (now && !isLeaving) save("sessionStorage", KEPT, JSON.stringify({ now, at, length, goesOn }));
}

function comeBack() {
  let old = null;
  try {
    old = JSON.parse(load("sessionStorage", KEPT));
  } catch {
    return;
  }
  if (!old?.now?.audio) return;
  ({ now, length } = old);
  wantedSecond = old.at;
  show();
  if (!old.goesOn || (now.host && !allowed.has(now.host))) return;
  play(now, old.at);
  remember();
}

audio.addEventListener("loadedmetadata", () => {
  length = Number.isFinite(audio.duration) ? audio.duration : 0;
  if (wantedSecond !== null && Math.abs(audio.currentTime - wantedSecond) > 0.05) audio.currentTime = wantedSecond;
  wantedSecond = null;
  $("-message").textContent = "";
  draw();
});
document.addEventListener("securitypolicyviolation", (event) => {
  if (event.effectiveDirective !== "media-src" || !now) return;
  blocked = now.audio;
  fail();
});
audio.addEventListener("error", () => { if (audio.src && now) fail(); });
for (const name of ["timeupdate", "play", "pause", "ended", "seeked", "durationchange"]) audio.addEventListener(name, draw);
audio.addEventListener("pause", () => remember());
let last = 0;
audio.addEventListener("timeupdate", () => {
  if (Math.abs(audio.currentTime - last) < 2) return;
  last = audio.currentTime;
  remember();
});
window.addEventListener("pagehide", () => remember());

$("-toggle").addEventListener("click", toggle);
$("-back").addEventListener("click", () => seek(-5));
$("-forward").addEventListener("click", () => seek(5));
$("-position").addEventListener("input", () => { isDragging = true; $("-time").textContent = clock($("-position").value); });
$("-position").addEventListener("change", () => { isDragging = false; moveTo(Number($("-position").value)); });
$("-speed").addEventListener("change", () => {
  audio.playbackRate = Number($("-speed").value);
  save("localStorage", SPEED, $("-speed").value);
});
const speed = load("localStorage", SPEED);
if ([...$("-speed").options].some((option) => option.value === speed)) $("-speed").value = speed;

if ("mediaSession" in navigator) {
  const keys = { play: toggle, pause: toggle, seekbackward: () => seek(-5), seekforward: () => seek(5) };
  for (const [name, act] of Object.entries(keys)) navigator.mediaSession.setActionHandler(name, act);
}

/** Plays a moment of the results, or pauses it if it is what plays. */
export function playMoment(moment) {
  const sound = soundOf(moment);
  if (!sound) return false;
  const from = Number(moment.dataset.start);
  const isIt = now?.audio === sound.audio && second() >= from - 0.5 && second() <= Number(moment.dataset.end);
  if (isIt && !audio.paused) audio.pause();
  else if (isIt && audio.src) toggle();
  else play(sound, from);
  started = moment.id + sound.episode;
  return true;
}

/** The switch of the language loads the document anew: what plays then goes on, where the browser lets it. */
document.querySelector("a.language")?.addEventListener("click", () => {
  if (!isPlaying()) return;
  remember(second(), true);
  isLeaving = true;
});

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const button = event.target.closest(".moment a.play");
  if (button && playMoment(button.closest(".moment"))) event.preventDefault();
});

/** The moment that plays is marked in the list. */
function markMoment() {
  const at = second();
  for (const moment of document.querySelectorAll(".moment[data-audio]")) {
    const isIt = now?.episode === moment.dataset.episode && at >= moment.dataset.start - 0.5 && at <= moment.dataset.end;
    moment.toggleAttribute("data-playing", isIt && !audio.paused);
  }
}
document.addEventListener("sound", markMoment);
document.addEventListener("page", (event) => {
  document.body.classList.toggle("has-player", !bar.hidden);  // a page brings its own class
  if (event.detail === "first") comeBack();
  else markMoment();
});
