/** SQL for a column of JSON, or for an empty object where it is none: one broken row is no reason to fail for all. */
export const readable = (column: string) => `iif(json_valid(${column}), ${column}, '{}')`;
