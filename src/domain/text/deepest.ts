/** The innermost message of an error: what really happened, under Temporal's wrapping. */
export function deepest(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause) inner = inner.cause;
  return inner instanceof Error ? inner.message : String(inner);
}
