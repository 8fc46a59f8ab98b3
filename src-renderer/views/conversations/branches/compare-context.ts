import { createContext, useContext } from 'react';

/** Two nodes of a session whose branches are to stand beside each other. */
export interface Compared {
  left: string;
  right: string;
}

/** Puts two branches of the session on screen beside each other; null where that is not possible. */
export const CompareContext = createContext<((compared: Compared) => void) | null>(null);

export const useCompare = () => useContext(CompareContext);
