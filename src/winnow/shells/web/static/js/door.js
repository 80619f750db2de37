// Pages of people who have not signed in: what was wrong is read out first.
document.querySelector("[data-focus]")?.focus();
