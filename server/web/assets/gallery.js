// The gallery: a search as one types, and posters that play while they are pointed at or focused.

const still = matchMedia("(prefers-reduced-motion: reduce)");
const search = document.getElementById("gallery-search");
const count = document.getElementById("gallery-count");

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const group of document.querySelectorAll(".group")) {
    let any = false;
    for (const item of group.querySelectorAll("[data-searched]")) {
      item.hidden = !words.every((word) => item.dataset.searched.includes(word));
      found += !item.hidden;
      any ||= !item.hidden;
    }
    group.hidden = !any;
  }
  count.textContent = words.length ? (found ? `${found} found.` : "Nothing found.") : "";
  history.replaceState(null, "", words.length ? `?${new URLSearchParams({ q: search.value })}` : location.pathname);
}

search?.addEventListener("input", filter);
search?.form.addEventListener("submit", (event) => event.preventDefault());

for (const card of document.querySelectorAll(".card")) {
  const image = card.querySelector("[data-plays]");
  if (!image) continue;
  const poster = image.src;
  const over = () => card.matches(":hover, :focus-visible");
  const moving = new Image();
  const play = () => {
    if (still.matches || !over()) return;
    moving.src = image.dataset.plays;
    moving.decode().then(() => over() && (image.src = image.dataset.plays), () => {});
  };
  const stop = () => {
    if (over()) return;
    image.src = poster;
    moving.removeAttribute("src"); // which stops a render that nobody waits for
  };
  for (const event of ["mouseenter", "focus"]) card.addEventListener(event, play);
  for (const event of ["mouseleave", "blur"]) card.addEventListener(event, stop);
}
