import type { Format } from './orders.ts';

/** Of the files of a format. */
export const endings: Readonly<Record<Format, string>> = { json: '.json', markdown: '.md', html: '.html' };
