/** Sessions in the order in which this window showed them last. */
export type Visited = readonly string[];

const KEPT = 100;

export const visit = (visited: Visited, session: string | null): Visited =>
  session === null || visited[0] === session
    ? visited
    : [session, ...visited.filter((each) => each !== session)].slice(0, KEPT);
