import { z } from 'zod';
import { oneLine } from '../text/one-line.js';
import { readJson } from '../text/read-json.js';

const groups = z.array(z.object({ targets: z.array(z.string()), labels: z.record(z.string(), z.string()).nullish() }));

/** More instances than this are a mistake in the discovery, not a service. */
const MOST_INSTANCES = 500;

/**
 * The metrics endpoints in an answer of a Prometheus HTTP service discovery, as URLs, each once. Of the labels `__scheme__` and `__metrics_path__` count,
 * as they do for Prometheus. One target that can't be read, and nobody knows how many instances there are: throws a sentence.
 * @param path where the metrics are, unless the discovery says so
 */
export function endpointsIn(body: string, path: string): string[] {
  const parsed = groups.safeParse(json(body));
  if (!parsed.success)
    throw new Error(
      `expected of the discovery of instances JSON such as [{"targets":["10.0.0.7:8000"]}]; got ${oneLine(body, 80) || 'nothing'}`,
    );
  const endpoints = new Set<string>();
  for (const { targets, labels } of parsed.data) {
    const own = labels ?? {};
    const parameter = Object.keys(own).find((label) => label.startsWith('__param_'));
    if (parameter !== undefined)
      throw new Error(
        `the discovery has the label ${oneLine(parameter, 80)}, and golive asks no endpoint with parameters`,
      );
    for (const target of targets)
      endpoints.add(endpoint(target, own['__scheme__'] ?? 'http', own['__metrics_path__'] ?? path));
  }
  if (endpoints.size > MOST_INSTANCES)
    throw new Error(
      `the discovery lists ${endpoints.size} instances, and golive scrapes at most ${MOST_INSTANCES}: use metrics.prometheus`,
    );
  return [...endpoints];
}

/** Spelled in one way: a host in capitals, or with the port that is usual anyway, is the same instance. */
function endpoint(target: string, scheme: string, path: string): string {
  if (scheme !== 'http' && scheme !== 'https')
    throw new Error(`the discovery has "${oneLine(scheme, 40)}" for __scheme__, which is neither http nor https`);
  if (!/^\/[^\s#]*$/.test(path))
    throw new Error(`the discovery has "${oneLine(path, 80)}" for __metrics_path__, which is not a path`);
  // As Prometheus has it: an address and nothing around it.
  const url = /^[^\s/?#@\\]+$/.test(target) ? parsedUrl(`${scheme}://${target}${path}`) : undefined;
  if (url === undefined)
    throw new Error(
      `the discovery has the target "${oneLine(target, 80)}", which is not host:port (an IPv6 address is written [::1]:8000)`,
    );
  return url.href;
}

function parsedUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined; // the caller tells which
  }
}

function json(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    return undefined; // what came is shown by the caller
  }
}
