// Before the first paint, so that a chosen theme does not flash in the other one.
try {
  const theme = localStorage.getItem('choragus.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  const density = localStorage.getItem('choragus.density');
  if (density === 'compact') document.documentElement.dataset.density = density;
} catch {
  // Storage is closed to this page: the computer decides.
}
