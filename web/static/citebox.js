// Comforts only: every page works without this script.
"use strict";

// "/" goes to the question; j and k go from passage to passage.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    const box = document.getElementById("q");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  } else if (event.key === "j" || event.key === "k") {
    const links = [...document.querySelectorAll(".hit h2 a")];
    const at = links.findIndex((link) => link.closest(".hit").contains(document.activeElement));
    const next = event.key === "j" ? at + 1 : Math.max(at - 1, 0);
    links[Math.min(next, links.length - 1)]?.focus();
  }
});

for (const button of document.querySelectorAll("button.copy")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Copying was refused";
    }
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}

// A cited passage that the document no longer holds must not just show the top of the page.
function tellOfMissingPassage() {
  const notice = document.getElementById("gone");
  const cited = location.hash.startsWith("#p-");
  if (notice) notice.hidden = !cited || document.getElementById(location.hash.slice(1)) !== null;
}
tellOfMissingPassage();
window.addEventListener("hashchange", tellOfMissingPassage);
