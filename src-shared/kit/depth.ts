/** Whether lists and objects of JSON lie in one another more than `most` deep. However deep they are, it takes no stack. */
export function isDeeper(value: unknown, most: number): boolean {
  let level: object[] = isContainer(value) ? [value] : [];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === most) return true;
    const inner: object[] = [];
    for (const each of level)
      for (const part of Array.isArray(each) ? each : Object.values(each)) if (isContainer(part)) inner.push(part);
    level = inner;
  }
  return false;
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
