const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * A text as it stands in HTML, in content and in quoted attributes. Signs that turn the direction of a line around are
 * taken out: with them a text could look like another one, and reach beyond itself. What no file can hold is replaced.
 */
export const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[&<>"']/g, (sign) => entities[sign]!);
