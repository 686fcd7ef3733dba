import { request as httpRequest } from 'node:http';

export interface JsonAnswer {
  status: number;
  /** The parsed body, or its text when it isn't JSON. */
  body: unknown;
}
export interface JsonRequest {
  method?: 'GET' | 'POST' | 'PUT';
  body?: object;
  headers?: Record<string, string>;
  timeoutMs?: number;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * One request over a fresh connection, any status answered. Rejects without an answer in time.
 * On node:http because deploy.sh and the checkout's programs must start in tens of milliseconds.
 */
export function httpJson(
  url: string,
  { method = 'GET', body, headers = {}, timeoutMs = 10_000 }: JsonRequest = {},
): Promise<JsonAnswer> {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? '' : JSON.stringify(body);
    const outgoing = httpRequest(
      url,
      {
        method,
        agent: false,
        timeout: timeoutMs,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload), ...headers },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parse(text) })).on('error', reject);
      },
    );
    outgoing
      .on('timeout', () => outgoing.destroy(new Error(`${method} ${url} got no answer within ${timeoutMs} ms`)))
      .on('error', reject);
    outgoing.end(payload);
  });
}
