/* Draws the charts in the language of the page, and switches it. */
"use strict";

const charts = JSON.parse(document.getElementById("charts").textContent);

function draw(language) {
  for (const [id, specification] of Object.entries(charts[language])) {
    vegaEmbed(document.getElementById(id), specification, { actions: false, renderer: "svg", tooltip: { theme: "custom" } });
  }
}

function speak(language) {
  document.documentElement.lang = language;
  document.title = document.querySelector(`h1 [lang=${language}]`).textContent;
  draw(language);
}

document.getElementById("switch").addEventListener("click", () => {
  const language = document.documentElement.lang === "en" ? "zh" : "en";
  history.replaceState(null, "", `#${language}`);
  speak(language);
});
document.getElementById("print").addEventListener("click", () => window.print());

const asked = location.hash.slice(1);
speak(asked in charts ? asked : navigator.language.startsWith("zh") ? "zh" : "en");
