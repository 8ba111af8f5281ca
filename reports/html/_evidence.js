"use strict";

// Opens the evidence that a link leads to, opens everything for print, copies event ids.
(() => {
  document.documentElement.classList.add("scripted");

  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    const rule = target.closest("article.rule");
    if (rule && rule.classList.contains("filtered-out")) {
      document.dispatchEvent(new Event("show-rule"));
    }
    if (target === rule) {
      for (const group of rule.querySelectorAll("details.exhibits")) group.open = true;
    }
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) {
      box.open = true;
    }
    target.scrollIntoView();
    // Rules that come into view take their true length: what was above the target may have moved.
    requestAnimationFrame(() => requestAnimationFrame(() => target.scrollIntoView()));
  };
  addEventListener("hashchange", reveal);
  reveal();

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const box of opened) box.open = true;
  });
  addEventListener("afterprint", () => {
    for (const box of opened) box.open = false;
    opened = [];
  });

  const select = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  };

  document.addEventListener("click", async (click) => {
    const button = click.target.closest("button.copy");
    if (!button) return;
    const source = button.previousElementSibling;
    const say = (words) => {
      button.textContent = words;
      button.ariaLabel = `${words} event id`;
    };
    try {
      await navigator.clipboard.writeText(source.textContent);
      say("Copied");
    } catch {
      // No clipboard for this page: the id stands selected, one key away.
      select(source);
      say("Selected");
    }
    setTimeout(say, 2000, "Copy");
  });
})();
