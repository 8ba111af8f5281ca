"use strict";

// Filters rules by verdict, severity, framework and text. Rows elsewhere on the page that name a
// rule (`data-rule`) follow the rule; a group whose rows are all gone goes too.
(() => {
  const form = document.getElementById("filters");
  const status = document.getElementById("filter-status");
  const rules = [...document.querySelectorAll("article.rule")];
  const mentions = [...document.querySelectorAll("[data-rule]")];
  const groups = document.querySelectorAll(".summary tbody, .controls tbody tr");
  const texts = new Map();

  const textOf = (rule) => {
    if (!texts.has(rule)) texts.set(rule, rule.textContent.toLowerCase());
    return texts.get(rule);
  };

  const wanted = (rule, {verdict, severity, framework, text}) =>
    (!verdict || rule.dataset.verdict === verdict) &&
    (!severity || rule.dataset.severity === severity) &&
    (!framework || rule.dataset.frameworks.split(" ").includes(framework)) &&
    (!text || textOf(rule).includes(text));

  const apply = () => {
    const choice = Object.fromEntries(new FormData(form));
    choice.text = choice.text.trim().toLowerCase();
    const kept = new Set();
    for (const rule of rules) {
      const keep = wanted(rule, choice);
      rule.classList.toggle("filtered-out", !keep);
      if (keep) kept.add(rule.id);
    }
    for (const mention of mentions) {
      mention.classList.toggle("filtered-out", !kept.has(`rule-${mention.dataset.rule}`));
    }
    for (const group of groups) {
      const empty = !group.querySelector("[data-rule]:not(.filtered-out)");
      group.classList.toggle("filtered-out", empty);
    }
    status.textContent = `${kept.size} of ${rules.length} rules shown`;
  };

  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  form.addEventListener("reset", () => setTimeout(apply, 0));
  form.addEventListener("submit", (submission) => submission.preventDefault());
  // A link to a rule that is filtered out must still lead there.
  document.addEventListener("show-rule", () => {
    form.reset();
    apply();
  });

  form.hidden = rules.length === 0;
  form.reset();
  apply();
})();
