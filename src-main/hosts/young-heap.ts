import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the part of V8's heap for short-lived objects from doubling up to 128 MB, which it does under load and never
 * takes back. Measured with 20 flooding streams: 60 MB less, for a tenth more processor time. To be called first of all.
 */
export const keepYoungHeapSmall = (): void => setFlagsFromString('--semi-space-growth-factor=1');
