"use strict";

// Opens the evidence that a link leads to, lays out what is opened, opens everything for print.
(() => {
  let printing = false;
  let opened = [];

  const made = (name, text, className = "") => {
    const node = document.createElement(name);
    node.textContent = text;
    if (className) node.className = className;
    return node;
  };

  const copier = (what, text, source) => {
    const button = made("button", "Copy", "copy");
    const name = (words) => {
      button.textContent = words;
      button.ariaLabel = `${words} ${what}`;
    };
    button.type = "button";
    name("Copy");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text);
        name("Copied");
      } catch {
        // No clipboard for this page: the text stands selected, one key away.
        getSelection().selectAllChildren(source);
        name("Selected");
      }
      setTimeout(name, 2000, "Copy");
    });
    return button;
  };

  // Events are written with few elements, so that many thousands of them open fast. Those of a group
  // that somebody opens become boxes that open one by one.
  const fold = (group) => {
    for (const plain of group.querySelectorAll("div.exhibit")) {
      const box = made("details", "", "exhibit");
      const head = document.createElement("summary");
      head.append(...plain.firstElementChild.childNodes);
      plain.firstElementChild.remove();
      box.append(head, ...plain.childNodes);
      box.id = plain.id;
      plain.replaceWith(box);
    }
  };

  // The facts of an event are lines of text, a name, a tab and a value each. Those that somebody
  // looks at become a list, with buttons that copy.
  const layOut = (box) => {
    const plain = box.querySelector(":scope > pre.facts");
    if (!plain) return;
    const list = made("dl", "", "facts");
    for (const line of plain.textContent.trim().split("\n")) {
      const [name, value] = line.split("\t");
      const shown = made("span", value);
      const place = document.createElement("dd");
      place.append(shown);
      if (name === "Event id" || name === "Fingerprint") {
        place.append(" ", copier(name.toLowerCase(), value, shown));
      }
      list.append(made("dt", name), place);
    }
    const whole = box.querySelector(":scope > pre.event");
    const place = document.createElement("dd");
    place.append(copier("event", whole.textContent, whole));
    list.append(made("dt", "Whole event"), place);
    plain.replaceWith(list);
  };

  document.addEventListener("toggle", ({target}) => {
    if (!target.open || printing) return;
    if (target.matches("details.exhibits")) fold(target);
    if (target.matches("details.exhibit")) layOut(target);
  }, true);
  for (const group of document.querySelectorAll("details.exhibits[open]")) fold(group);

  const reveal = () => {
    const named = () => document.getElementById(location.hash.slice(1));
    const group = named()?.closest("details.exhibits");
    if (group) fold(group);
    const target = named();
    if (!target) return;
    const rule = target.closest("article.rule");
    if (rule && rule.classList.contains("filtered-out")) {
      document.dispatchEvent(new Event("show-rule"));
    }
    if (target === rule) {
      for (const each of rule.querySelectorAll("details.exhibits")) each.open = true;
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

  addEventListener("beforeprint", () => {
    printing = true;
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const box of opened) box.open = true;
  });
  addEventListener("afterprint", () => {
    for (const box of opened) box.open = false;
    opened = [];
    printing = false;
  });
})();
