/** An id made of a name, in lower case, that is not `taken`: a number is added where it must be. */
export function slug(name: string, otherwise: string, taken: (id: string) => boolean): string {
  const words = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{Mark}+/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    // Reserved for providers that are found on this computer.
    .replace(/^-*(?:found-)*/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  const base = words || otherwise;
  let id = base;
  for (let n = 2; taken(id) || id in Object.prototype; n++) id = `${base}-${n}`;
  return id;
}
