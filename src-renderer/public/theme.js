// Before the first paint, so that nothing flashes in another theme or size than the chosen one.
try {
  for (const name of ['theme', 'text', 'width', 'density']) {
    const value = localStorage.getItem(`choragus.${name}`);
    if (value !== null) document.documentElement.dataset[name] = value;
  }
} catch {
  // Storage is closed to this page: the computer decides.
}
