// Runs before the first paint, so that a chosen theme does not flash. A file of its own because the policy forbids inline scripts.
try {
  const theme = localStorage.getItem("signoff.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the system's theme stands.
}
