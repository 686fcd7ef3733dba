import { isGrpcServiceError, NamespaceNotFoundError } from '../../temporal/sdk.js';

const UNAVAILABLE = 14;

const REASONS: Readonly<Record<number, string>> = {
  4: 'it did not answer in time',
  7: 'it refuses access',
  [UNAVAILABLE]: 'it is not reachable',
  16: 'it does not accept the credentials',
};

/** What a failed call says about the server itself, in words; undefined when it is about something else. */
export function serverFault(error: unknown): string | undefined {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if (each instanceof NamespaceNotFoundError)
      return `it has no namespace "${each.namespace}"; name another with --namespace or TEMPORAL_NAMESPACE, or create it with: temporal operator namespace create`;
    const reason = isGrpcServiceError(each) ? REASONS[each.code] : undefined;
    if (reason !== undefined) return `${reason} (${each.message})`;
  }
  return undefined;
}

/** Whether a failed call says that nobody is there. */
export function isUnreachable(error: unknown): boolean {
  for (let each: unknown = error; each instanceof Error; each = each.cause)
    if (isGrpcServiceError(each)) return Number(each.code) === UNAVAILABLE;
  return false;
}
