const WIDTH = 64;
const HEIGHT = 14;

/** How fast the text came lately, as a small curve in the colour of who speaks. The figure stands beside it. */
export function Curve({ values }: { values: readonly number[] }) {
  // The slice of now is not full yet.
  const full = values.slice(0, -1);
  // From the start in its place, so that nothing moves when it grows.
  while (full.length < 2) full.unshift(0);
  const most = Math.max(...full, 1);
  const step = WIDTH / (full.length - 1);
  const points = full.map((value, index) => {
    const y = HEIGHT - 1 - (value / most) * (HEIGHT - 3);
    return `${(index * step).toFixed(1)} ${y.toFixed(1)}`;
  });
  const line = `M${points.join(' ')}`;
  return (
    <svg className="curve" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <path className="curve-area" d={`${line} L${WIDTH} ${HEIGHT} L0 ${HEIGHT}z`} />
      <path className="curve-line" d={line} />
    </svg>
  );
}
