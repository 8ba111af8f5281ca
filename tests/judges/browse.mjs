// Opens a page in headless Chromium the ways people do, and tells as JSON what there is to say:
// node browse.mjs CHROMIUM PAGE.html PAGE.pdf
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WAYS = {
  light: { colorScheme: "light", viewport: { width: 1400, height: 1000 } },
  dark: { colorScheme: "dark", viewport: { width: 1400, height: 1000 } },
  narrow: { colorScheme: "light", viewport: { width: 400, height: 800 } },
  "narrow, dark": { colorScheme: "dark", viewport: { width: 400, height: 800 } },
};

const [executablePath, page, pdf] = process.argv.slice(2);
const address = pathToFileURL(page).href;

// As root, Chromium runs in its sandbox only by leave of the kernel; the pages here are our own.
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });

/** Open the page and keep what it says to the console and what it asks the network for. */
async function open(way, said) {
  // A script that the test brings along is none of the page's: only the way below is without policy.
  const context = await browser.newContext({ ...way, bypassCSP: Boolean(way.judged) });
  const tab = await context.newPage();
  tab.on("console", (message) => said.console.push(`${message.type()}: ${message.text()}`));
  tab.on("pageerror", (error) => said.console.push(`uncaught: ${error.message}`));
  tab.on("request", (request) => {
    if (request.url() !== address) said.requests.push(request.url());
  });
  await tab.goto(address);
  return tab;
}

async function openEverything(tab) {
  // Boxes within boxes are made as the outer ones are opened.
  for (let depth = 0; depth < 3; depth += 1) {
    await tab.evaluate(() => {
      for (const box of document.querySelectorAll("details:not([open])")) box.open = true;
    });
    await tab.waitForTimeout(100);
  }
}

async function violations(tab) {
  await tab.addScriptTag({ path: AXE });
  const found = await tab.evaluate(
    (values) => globalThis.axe.run(document, { runOnly: { type: "tag", values } }),
    RULES,
  );
  return found.violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.slice(0, 3).map((node) => `${node.html} ${node.failureSummary}`),
  }));
}

const said = { console: [], requests: [], violations: {}, overflow: {} };

for (const [name, way] of Object.entries(WAYS)) {
  const judged = await open({ ...way, judged: true }, said);
  await openEverything(judged);
  said.violations[name] = await violations(judged);
  said.overflow[name] = await judged.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  await judged.context().close();
}

/** Use the page as it is shipped, under its policy: filters, links, keys, copies, print. */
const tab = await open(WAYS.light, said);
said.shown = {};
const shown = () => tab.locator("article.rule:not(.filtered-out)").count();
said.shown.all = await shown();
await tab.selectOption("[name=verdict]", "fail");
await tab.waitForTimeout(300);
said.shown.failed = await shown();
await tab.fill("[name=text]", "no such words anywhere");
await tab.waitForTimeout(300);
said.shown.none = await shown();
said.status = await tab.locator("#filter-status").textContent();

const linked = await tab.evaluate(() => document.querySelector(".exhibit").id);
await tab.evaluate((id) => {
  location.hash = id;
}, linked);
await tab.waitForTimeout(300);
said.linked = await tab.evaluate((id) => {
  const box = document.getElementById(id);
  const { top } = box.getBoundingClientRect();
  return { open: box.open, seen: top >= 0 && top < innerHeight, copies: box.querySelectorAll("button.copy").length };
}, linked);
said.shown.linked = await shown();

await tab.locator(`[id="${linked}"] > summary`).focus();
await tab.keyboard.press("Enter");
said.closedByKey = await tab.evaluate((id) => !document.getElementById(id).open, linked);

/** Whatever the page might be made to do, its policy lets nothing out. */
const attempt = await open(WAYS.light, { console: [], requests: [] });
said.refused = await attempt.evaluate(() => {
  const refused = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    refused.push(event.effectiveDirective);
  });
  fetch("https://example.invalid/").catch(() => {});
  document.body.append(
    Object.assign(document.createElement("img"), { src: "https://example.invalid/i" }),
    Object.assign(document.createElement("script"), { textContent: "document.title = 'ran'" }),
    Object.assign(document.createElement("iframe"), { src: "https://example.invalid/f" }),
  );
  return new Promise((resolve) => {
    setTimeout(() => resolve([...new Set(refused)].sort()), 300);
  });
});
await attempt.context().close();

await tab.pdf({ path: pdf, preferCSSPageSize: true });
await tab.context().close();

/** Without scripts everything is there, and the facts of an event are to be seen at once. */
const plain = await open({ ...WAYS.light, javaScriptEnabled: false }, said);
said.withoutScripts = await plain.locator("details.exhibits[open] pre.facts").first().isVisible();
await plain.context().close();

await browser.close();
process.stdout.write(JSON.stringify(said, null, 2));
