/** The product that a User-Agent names first: `OpenAI/JS 7.57.0` is OpenAI/JS in version 7.57.0. */
export function clientOf(userAgent: string | undefined): { name: string; version: string } {
  const [, name, version] = /^([^\s(]+?)(?:[/ ]v?(\d[\w.+-]*))?(?:[\s(]|$)/.exec(userAgent ?? '') ?? [];
  return { name: (name ?? 'unknown').slice(0, 100), version: (version ?? '').slice(0, 50) };
}
