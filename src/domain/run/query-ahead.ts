/** What an answer says first to a query that came before its time (src/workflows/run/refuse-stale-clock.ts): it may be asked again at once. */
export const QUERY_AHEAD = 'This query came before its time';
