"use strict";

// Filters rules by verdict, severity, framework, account, pack and text. Rows elsewhere on the page
// that name a rule (`data-rule`) follow the rule; a group whose rows are all gone goes too.
(() => {
  const form = document.getElementById("filters");
  const status = document.getElementById("filter-status");
  const rules = [...document.querySelectorAll("article.rule")];
  const mentions = [...document.querySelectorAll("[data-rule]")];
  const groups = document.querySelectorAll(".summary tbody, .controls tbody tr, #rules .part");
  const texts = new Map();

  const textOf = (rule) => {
    if (!texts.has(rule)) texts.set(rule, rule.textContent.toLowerCase());
    return texts.get(rule);
  };

  const wanted = ({dataset}, {verdict, severity, framework, account, pack}) =>
    (!verdict || dataset.verdict === verdict) &&
    (!severity || dataset.severity === severity) &&
    (!pack || dataset.pack === pack) &&
    (!framework || dataset.frameworks.split(" ").includes(framework)) &&
    (!account || dataset.accounts.split(" ").includes(account));

  const apply = () => {
    const choice = Object.fromEntries(new FormData(form));
    choice.text = choice.text.trim().toLowerCase();
    const kept = new Set();
    for (const rule of rules) {
      const keep =
        wanted(rule, choice) && (!choice.text || textOf(rule).includes(choice.text));
      rule.classList.toggle("filtered-out", !keep);
      if (keep) kept.add(rule.id);
    }
    for (const mention of mentions) {
      mention.classList.toggle("filtered-out", !kept.has(`rule-${mention.dataset.rule}`));
    }
    for (const group of groups) {
      const empty = !group.querySelector(":is([data-rule], .rule):not(.filtered-out)");
      group.classList.toggle("filtered-out", empty);
    }
    status.textContent = `${kept.size} of ${rules.length} rules`;
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
