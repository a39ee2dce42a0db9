// Small help on pages that work without it. No text stands here: every word
// comes from the page.
//
// Search palette. The button is a link to the search page; the dialog waits in
// the page, closed:
//   <a class="k-searchbtn" href="/suche" data-palette="k-palette">…</a>
//   <dialog class="pal" id="k-palette" aria-label="…" data-suggest-url="/suche/vorschlaege">
//     <div class="pal__in">…<input role="combobox" aria-expanded="false" aria-autocomplete="list"
//       aria-controls="k-hits" aria-label="…" autocomplete="off" spellcheck="false">
//       <button class="k-iconbtn" type="button" data-close aria-label="…"><svg …></button></div>
//     <div role="listbox" id="k-hits" aria-label="…"></div>
//     <p class="pal__none" data-none hidden>…</p> <p class="pal__none" data-failed hidden>…</p>
//     <div class="pal__foot">…<span class="sr" role="status" data-zero="…" data-one="…" data-many="{n} …"></span></div>
//   </dialog>
// The address answers {"groups":[{"title","items":[{"title","hint","href","icon",
// "marks":[[sign, name]]}]}]}: icon is a sprite's address, marks are clusters.
//
// Shortcuts. Where the page brings the list; [data-keys-on] switches single keys
// off and on, and [data-shortcuts] is the way to it without a key:
//   <template id="k-shortcuts"><dialog class="keys" aria-labelledby="…">…
//     <dt><kbd>G</kbd> <kbd>O</kbd></dt><dd><a href="…" data-keys="g o">…</a></dd>…
//     <form method="dialog"><button …>…</button></form></dialog></template>
// "/" opens the palette, "?" the list, "j"/"k" walk the entries of a list, "n"
// follows the page's [data-new].

const one = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];

// An error summary, or what else is to be read first, receives the focus.
one(".errsum, [data-focus]")?.focus();

// A form is sent once: its button says so and a second press does nothing.
// A form that answers with a download carries data-again.
const MORE = " …";
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
  if ("again" in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter ?? one("[type=submit]", form);
  button?.setAttribute("aria-disabled", "true");
  const label = button && one(".kern-label", button);
  if (label) label.append(MORE);
});

// Back from another page: the form may be sent again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of all("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of all("[aria-disabled]", form)) {
      button.removeAttribute("aria-disabled");
      const last = one(".kern-label", button)?.lastChild;
      if (last?.nodeValue === MORE) last.remove();
    }
  }
});

// Menus close with Escape and by a press elsewhere; focus goes back.
const menus = () => all("details.k-user[open], details.k-menu[open]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    one("summary", menu)?.focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

// On a wide screen the filters stand open. On a narrow one they close when they
// are applied, so that the list comes into sight.
const filters = one("details.filters__box");
const wide = matchMedia("(min-width: 72.01rem)");
if (filters && wide.matches) filters.open = true;
filters?.closest("form").addEventListener("submit", () => {
  const box = one("details.filters__box");
  if (wide.matches || !box) return;
  box.open = false;
  one("summary", box).focus();
});

// ---- Search palette -------------------------------------------------------

const WAIT = 120; // milliseconds of quiet before asking

class Palette {
  constructor(opener, dialog) {
    this.opener = opener;
    this.dialog = dialog;
    this.input = one("[role=combobox]", dialog);
    this.list = one("[role=listbox]", dialog);
    this.status = one("[role=status]", dialog);
    this.options = [];
    this.at = -1;
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    // The field keeps the focus when an entry is pressed.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.go(option.dataset.href, event.ctrlKey || event.metaKey);
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
  }

  open() {
    if (this.dialog.open) return;
    this.dialog.showModal();
    this.input.select();
    this.input.focus();
    if (this.input.value) this.later();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(this.input.value.trim()), WAIT);
  }

  async ask(words) {
    this.asking?.abort();
    if (!words) return this.show([], words);
    const asking = (this.asking = new AbortController());
    const address = new URL(this.dialog.dataset.suggestUrl, location.href);
    address.searchParams.set("q", words);
    this.list.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, {
        signal: asking.signal,
        headers: { accept: "application/json" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      this.show((await answer.json()).groups, words);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.show([], words, true);
    }
    this.list.removeAttribute("aria-busy");
  }

  show(groups, words, failed = false) {
    this.list.replaceChildren(...groups.filter((g) => g.items.length).map((g, n) => group(g, n, words)));
    this.options = all("[role=option]", this.list);
    this.options.forEach((option, n) => (option.id = `${this.list.id}-${n}`));
    const found = this.options.length;
    this.input.setAttribute("aria-expanded", String(found > 0));
    for (const [name, on] of [["none", words && !failed && !found], ["failed", failed]]) {
      const note = one(`[data-${name}]`, this.dialog);
      if (note) note.hidden = !on;
    }
    const say = this.status?.dataset;
    if (say) {
      const text = !words || failed ? "" : found === 0 ? say.zero : found === 1 ? say.one : say.many;
      this.status.textContent = (text ?? "").replace("{n}", found);
    }
    this.mark(found ? 0 : -1);
  }

  mark(at) {
    this.at = at;
    this.options.forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
    if (at < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", this.options[at].id);
    this.options[at].scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const count = this.options.length;
    if (event.isComposing) return;
    if (count && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.mark((this.at + step + count) % count);
    } else if (event.key === "Enter") {
      event.preventDefault();
      // Words typed faster than the answer comes go to the search page.
      const waiting = this.list.getAttribute("aria-busy") === "true";
      const option = waiting ? undefined : this.options[this.at];
      this.go(option?.dataset.href ?? this.searchPage(), event.ctrlKey || event.metaKey);
    }
  }

  searchPage() {
    const address = new URL(this.opener.href);
    address.searchParams.set("q", this.input.value.trim());
    return address.href;
  }

  go(href, apart) {
    const address = new URL(href, location.href);
    if (address.origin !== location.origin) return;
    if (apart) return void window.open(address.href, "_blank", "noopener");
    this.dialog.close();
    location.assign(address.href);
  }
}

function element(name, attributes = {}, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

function group({ title, items }, number, words) {
  const id = `k-group-${number}`;
  const options = items.map((item) => {
    const text = element("span", {}, ...marked(item.title, words));
    if (item.hint) text.append(element("small", {}, ...marked(item.hint, words)));
    const end = element("span", { class: "pal__end" }, ...item.marks.map(sign), element("kbd", { class: "hide-m", "aria-hidden": "true" }, "Enter"));
    return element("div", { role: "option", "aria-selected": "false", "data-href": item.href }, icon(item.icon), text, end);
  });
  return element("div", { role: "group", "aria-labelledby": id }, element("span", { id }, title), ...options);
}

function icon(address) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("class", "i");
  picture.setAttribute("aria-hidden", "true");
  picture.append(document.createElementNS(space, "use"));
  picture.firstChild.setAttribute("href", address);
  return picture;
}

// A cluster's sign; its name is read out.
function sign([code, name]) {
  const made = element("span", { class: `cl cl--${code.toLowerCase()}` }, element("b", {}, code));
  if (name) made.append(element("span", { class: "sr" }, ` ${name}`));
  return made;
}

// A text with each typed word marked where a word of it holds it.
function marked(text, words) {
  const typed = words.toLocaleLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1);
  const pieces = [];
  let at = 0;
  for (const found of text.matchAll(/[\p{L}\p{N}]+/gu)) {
    const word = found[0].toLocaleLowerCase();
    const best = typed.filter((part) => word.includes(part)).sort((a, b) => b.length - a.length)[0];
    if (!best) continue;
    const start = found.index + word.indexOf(best);
    pieces.push(text.slice(at, start), element("mark", {}, text.slice(start, start + best.length)));
    at = start + best.length;
  }
  return [...pieces, text.slice(at)];
}

const opener = one("[data-palette]");
const dialog = opener && document.getElementById(opener.dataset.palette);
const palette = dialog && new Palette(opener, dialog);
if (palette) {
  opener.setAttribute("aria-haspopup", "dialog");
  opener.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    palette.open();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      palette.open();
    }
  });
}

// ---- Single-key shortcuts -------------------------------------------------

const PAUSE = 1500; // milliseconds within which a sequence goes on
const shortcuts = one("template#k-shortcuts");
if (shortcuts) {
  const sequences = new Map(
    all("[data-keys]", shortcuts.content).map((link) => [link.dataset.keys, link.getAttribute("href")]),
  );
  let list;
  let typed = "";
  let timer;

  const OFF = "kontor-keys";
  const isOn = () => {
    try {
      return localStorage.getItem(OFF) !== "off";
    } catch {
      return true; // a browser that keeps nothing
    }
  };
  const help = () => {
    if (!list) {
      document.body.append(shortcuts.content.cloneNode(true));
      list = one("dialog.keys");
      const on = one("[data-keys-on]", list);
      const show = () => all("[data-single]", list).forEach((part) => (part.hidden = !on.checked));
      on.checked = isOn();
      on.addEventListener("change", () => {
        show();
        if (on.checked) localStorage.removeItem(OFF);
        else localStorage.setItem(OFF, "off");
      });
      show();
    }
    if (list && !list.open) list.showModal();
  };
  const way = one("[data-shortcuts]");
  if (way) {
    way.hidden = false;
    one("button", way).addEventListener("click", help);
  }
  const walk = (step) => {
    const entries = all("main .ledger .entry :is(h2, h3) a");
    const now = entries.indexOf(document.activeElement);
    const next = now < 0 ? (step > 0 ? 0 : entries.length - 1) : now + step;
    entries[next]?.focus();
  };
  const single = new Map([
    ["/", () => palette?.open()],
    ["?", help],
    ["j", () => walk(1)],
    ["k", () => walk(-1)],
    ["n", () => one("[data-new]")?.click()],
  ]);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.key.length !== 1) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog") || !isOn()) return;
    const key = event.key.toLowerCase();
    clearTimeout(timer);
    const sequence = `${typed} ${key}`.trim();
    typed = "";
    if (sequences.has(sequence)) return location.assign(sequences.get(sequence));
    if ([...sequences.keys()].some((other) => other.startsWith(`${sequence} `))) {
      typed = sequence;
      timer = setTimeout(() => (typed = ""), PAUSE);
    } else if (single.has(key)) {
      event.preventDefault();
      single.get(key)();
    }
  });
}
