/** The page asks for a connection. */
export const CONNECT = 'choragus:connect';
/** A port for it comes: from the main process to the preload, and from there as a message to the page. */
export const PORT = 'choragus:port';
