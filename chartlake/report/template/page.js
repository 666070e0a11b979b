(function () {
  "use strict";
  const drawings = JSON.parse(document.getElementById("drawings").textContent);
  const articles = [...document.querySelectorAll("article")];
  const tabs = [...document.querySelectorAll("[role=tab]")];

  // Expressions are interpreted: compiling them would need a policy that lets any text run.
  const options = { actions: false, renderer: "svg", ast: true, defaultStyle: false, tooltip: { disableDefaultStyle: true } };

  /* Draws what a section has, once; it is measured, so it has to be seen. */
  async function draw(article) {
    const specifications = drawings[article.dataset.chart];
    const plots = [...article.querySelectorAll("[data-drawing]")].filter((plot) => !plot.dataset.drawn);
    for (const plot of plots) {
      plot.dataset.drawn = "begun";
      await vegaEmbed(plot, specifications[plot.dataset.drawing], options);
      plot.dataset.drawn = "yes";
    }
    // Vega learns of its width from the window alone, not from a section that is shown again.
    window.dispatchEvent(new Event("resize"));
  }

  function show(chart) {
    const shown = articles.find((article) => article.dataset.chart === chart) || articles[0];
    for (const article of articles) article.hidden = tabs.length > 0 && article !== shown;
    for (const tab of tabs) {
      const isShown = tab.dataset.chart === shown.dataset.chart;
      tab.setAttribute("aria-selected", isShown);
      tab.tabIndex = isShown ? 0 : -1;
    }
    return draw(shown);
  }

  function choose(tab) {
    history.replaceState(null, "", "#" + encodeURIComponent(tab.dataset.chart));
    tab.focus();
    return show(tab.dataset.chart);
  }

  const STEPS = {
    ArrowRight: (at) => (at + 1) % tabs.length,
    ArrowLeft: (at) => (at + tabs.length - 1) % tabs.length,
    Home: () => 0,
    End: () => tabs.length - 1,
  };

  for (const tab of tabs) {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      choose(tabs[step(tabs.indexOf(tab))]);
    });
  }
  for (const list of document.querySelectorAll("[role=tablist]")) {
    list.hidden = false;
    for (const article of articles) article.setAttribute("role", "tabpanel");
  }

  /* Puts a button below a long table that shows the rest of it. */
  for (const table of document.querySelectorAll("table.long")) {
    const rest = [...table.tBodies[0].rows].slice(Number(table.dataset.first));
    if (!rest.length) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "more";
    const fold = (isFolded) => {
      for (const row of rest) row.classList.toggle("folded", isFolded);
      button.setAttribute("aria-expanded", !isFolded);
      button.textContent = isFolded ? "Show all " + table.tBodies[0].rows.length : "Show fewer";
    };
    button.addEventListener("click", () => fold(button.getAttribute("aria-expanded") === "true"));
    table.after(button);
    fold(true);
  }

  /* Says how old the data are for who opens the page later. */
  for (const time of document.querySelectorAll("header time")) {
    const now = new Date();
    const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
    const days = Math.round((today - Date.parse(time.dateTime)) / 86400000);
    const ago = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
    if (days > 0) document.querySelector(".age").textContent = ", " + ago.format(-days, "day");
  }

  const wanted = () => decodeURIComponent(location.hash.slice(1));
  window.addEventListener("hashchange", () => show(wanted()));
  const drawn = articles.length ? show(wanted()) : Promise.resolve();
  drawn.then(() => { document.body.dataset.ready = "yes"; });
})();
