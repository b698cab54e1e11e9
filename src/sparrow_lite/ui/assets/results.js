// What the Results pages do beyond links and forms; each part only where its page has something for it.
(() => {
  "use strict";

  // The list: how many runs are ticked decides what is offered. Without this the button is always there.
  const choosing = document.querySelector(".choosing");
  if (choosing?.querySelector("button")) {
    const told = ["", "Tick one more run to compare.", ""];
    const count = () => {
      const ticked = choosing.querySelectorAll(":checked").length;
      choosing.querySelector("button").hidden = ticked !== 2;
      choosing.querySelector("[role=status]").textContent = told[ticked] ?? "Only two runs can be compared at a time.";
    };
    choosing.addEventListener("change", count);
    // Back to this page leaves what was ticked.
    addEventListener("pageshow", count);
    count();
  }

  // A run: its report is framed in the chosen theme, and this page's address keeps what the report shows, so that
  // an open conversation can be reloaded, marked and sent. What the report says is taken as a place only.
  const frame = document.querySelector("iframe[data-from]");
  if (frame) {
    addEventListener("message", ({ source, data }) => {
      if (source !== frame.contentWindow || typeof data?.place !== "string") return;
      const place = data.place.startsWith("#") ? data.place : "";
      history.replaceState(null, "", location.pathname + location.search + place);
    });
    frame.addEventListener("load", () => { document.querySelector(".wait").hidden = true; });
    const theme = document.documentElement.dataset.theme;
    frame.src = frame.dataset.from + (theme ? `&theme=${theme}` : "") + location.hash;
  }

  document.querySelector("[data-sends]")?.addEventListener("change", ({ target }) => target.form.submit());
})();
