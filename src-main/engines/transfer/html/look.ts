/** How the page looks: values and signs of the window, so that a conversation is known again. A test holds them together. */

/** By the names of the window's tokens. */
export const tokens: Readonly<Record<string, string>> = {
  'surface-0': 'light-dark(#f2f0ec, #121110)',
  'surface-1': 'light-dark(#fcfbf9, #191817)',
  'surface-sunken': 'light-dark(#ebe8e3, #0f0e0d)',
  'text-1': 'light-dark(#1f1d1a, #eceae6)',
  'text-2': 'light-dark(#4d4943, #b9b5ae)',
  'text-3': 'light-dark(#645f57, #98938b)',
  'line-hair': 'light-dark(#e6e3dd, #282624)',
  line: 'light-dark(#d8d4cc, #35322f)',
  'line-control': 'light-dark(#8a847a, #78736b)',
  accent: 'light-dark(#2453cf, #9ab5ff)',
  warn: 'light-dark(#855400, #e5b452)',
  error: 'light-dark(#b3261e, #ff8b80)',
  'error-soft': 'light-dark(#fbe6e3, #3a2120)',
  'sp-apollo': 'light-dark(#7d6504, #f1ca47)',
  'sp-athena': 'light-dark(#005474, #06b0eb)',
  'sp-engram': 'light-dark(#0568bb, #abd2fe)',
  'sp-ergon': 'light-dark(#6b4300, #db8f00)',
  'sp-harmonia': 'light-dark(#075957, #10b9b5)',
  'sp-hephaestus': 'light-dark(#8d1d0a, #f5765f)',
  'sp-hermes': 'light-dark(#bc2c4f, #feb8bf)',
  'sp-metis': 'light-dark(#33419d, #829afd)',
  'sp-noesis': 'light-dark(#007182, #4be4ff)',
  'sp-numa': 'light-dark(#4f5106, #a5aa06)',
  'sp-penia': 'light-dark(#457400, #a9e277)',
  'sp-prometheus': 'light-dark(#a43899, #feaff2)',
  'sp-rhetor': 'light-dark(#851b55, #ea73ac)',
  'sp-sophia': 'light-dark(#08765e, #41edc2)',
  'sp-synthesis': 'light-dark(#015d2d, #3ebd6d)',
  'sp-tekton': 'light-dark(#7150c9, #cec5fd)',
  'sp-telos': 'light-dark(#682c87, #c381e9)',
  'sp-terma': 'light-dark(#a04d01, #febe97)',
  font: 'system-ui, -apple-system, "Segoe UI", Inter, Roboto, "Noto Sans", Cantarell, "DejaVu Sans", sans-serif',
  mono: 'ui-monospace, "SF Mono", "Cascadia Code", "JetBrains Mono", "Noto Sans Mono", "DejaVu Sans Mono", monospace',
};

/** Glyphs of specialists, and the signs of a person and of a plain model, by their ids in the window. */
export const signs: Readonly<Record<string, string>> = {
  'g-apollo': '<path d="M4.75 4 1.5 8l3.25 4M11.25 4l3.25 4-3.25 4"/><circle cx="8" cy="8" r="1.6"/>',
  'g-athena':
    '<path d="M7.2 5 4.4 10.4M8.8 5l2.8 5.4M5.4 12h5.2"/><circle cx="8" cy="3.4" r="1.7"/><circle cx="3.6" cy="12" r="1.7"/><circle cx="12.4" cy="12" r="1.7"/>',
  'g-engram': '<path d="M2.5 13.5V8a5.5 5.5 0 0 1 11 0v5.5M5.6 13.5V8.2a2.4 2.4 0 0 1 4.8 0v5.3M8 13.5v-4"/>',
  'g-ergon': '<path d="m2.5 3.5 4.5 4.5-4.5 4.5M9 12.5h4.5"/>',
  'g-harmonia': '<circle cx="5.8" cy="8" r="3.9"/><circle cx="10.2" cy="8" r="3.9"/>',
  'g-hephaestus': '<rect x="2" y="2.5" width="12" height="11" rx="1.8"/><path d="M2 6.2h12M6.6 6.2v7.3"/>',
  'g-hermes': '<path d="M2 5.5h11M10 2.5l3 3M14 10.5H3M6 13.5l-3-3"/>',
  'g-metis': '<path d="M8 1.9 13 3.6v4.2c0 3-2 5.1-5 6.3-3-1.2-5-3.3-5-6.3V3.6z"/><path d="m6 6.3 4 4M10 6.3l-4 4"/>',
  'g-noesis': '<path d="M1.8 12.8c3.4 0 3.6-9.6 6.2-9.6s2.8 9.6 6.2 9.6M8 12.8V8.6"/>',
  'g-numa':
    '<path d="M3.5 2.8h9a1.5 1.5 0 0 1 1.5 1.5v4.9a1.5 1.5 0 0 1-1.5 1.5H7.4l-3.2 2.7v-2.7h-.7A1.5 1.5 0 0 1 2 9.2V4.3a1.5 1.5 0 0 1 1.5-1.5z"/>',
  'g-penia':
    '<path d="M5.6 5.4 4.2 2.3h7.6l-1.4 3.1M5.6 5.4h4.8c2 1.6 3.1 3.5 3.1 5.2 0 2-1.4 3.1-3.3 3.1H5.8c-1.9 0-3.3-1.1-3.3-3.1 0-1.7 1.1-3.6 3.1-5.2z"/>',
  'g-prometheus': '<path d="M3.8 14V2.2M3.8 2.8h8.9l-2.3 2.9 2.3 2.9H3.8"/>',
  'g-rhetor': '<path d="M6.4 3.8C4 4.4 2.5 6.2 2.5 8.8v3h3.9V8.3H2.6M13.4 3.8C11 4.4 9.5 6.2 9.5 8.8v3h3.9V8.3H9.6"/>',
  'g-sophia':
    '<path d="M8 4.3C6.5 3.2 4.4 2.8 1.8 2.8v9.4c2.6 0 4.7.4 6.2 1.5 1.5-1.1 3.6-1.5 6.2-1.5V2.8c-2.6 0-4.7.4-6.2 1.5zM8 4.3v9.4"/>',
  'g-synthesis': '<path d="M3 2.2v2.3c0 3.6 5 3.4 5 6.8v2.5M13 2.2v2.3c0 3.6-5 3.4-5 6.8"/>',
  'g-tekton': '<path d="M8 1.9 14 5 8 8.1 2 5zM2 8.2l6 3.1 6-3.1M2 11.2l6 3.1 6-3.1"/>',
  'g-telos': '<circle cx="8" cy="8" r="6"/><circle cx="8" cy="8" r="2.3"/>',
  'g-terma': '<path d="M2.3 2.3h5.4l6 6-5.4 5.4-6-6z"/><path d="M5.2 5.2h.01"/>',
  'i-you': '<circle cx="8" cy="5.5" r="2.5"/><path d="M3.5 13c.5-2.5 2.3-3.5 4.5-3.5s4 1 4.5 3.5"/>',
  'i-model': '<rect x="3.5" y="3.5" width="9" height="9" rx="2"/><path d="M6.5 8h3"/>',
};
