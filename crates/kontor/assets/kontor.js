// Small help on pages that work without it. No text stands here: labels come
// from the page.

// An error summary receives the focus, so that it is read first.
document.querySelector(".errsum")?.focus();

// A form is sent once: its button says so and a second press does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter ?? form.querySelector("[type=submit]");
  button?.setAttribute("aria-disabled", "true");
  const label = button?.querySelector(".kern-label");
  if (label) label.textContent += " …";
});

// Back from another page: the form may be sent again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled]")) {
      button.removeAttribute("aria-disabled");
      const label = button.querySelector(".kern-label");
      if (label) label.textContent = label.textContent.replace(/ …$/, "");
    }
  }
});

// Menus close with Escape and by a press elsewhere; focus goes back.
const menus = () => document.querySelectorAll("details.k-user[open], details.k-menu[open]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

// On a wide screen the filters stand open.
const filters = document.querySelector("details.filters__box");
if (filters && matchMedia("(min-width: 72.01rem)").matches) filters.open = true;
