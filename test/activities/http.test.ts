import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Socket } from 'node:net';
import { ask, askAgainAndAgain } from '../../src/activities/http.js';
import { SmallService } from '../support/small-service.js';

let service: SmallService;
/** How many requests each connection has brought, by the order in which they were opened. */
let brought: number[];

beforeEach(async () => {
  service = await SmallService.open();
  brought = [];
  const known = new Map<Socket, number>();
  service.answer = (request, response) => {
    const connection = known.get(request.socket) ?? known.size;
    known.set(request.socket, connection);
    brought[connection] = (brought[connection] ?? 0) + 1;
    answer(connection, request.socket, () => response.end('well'));
  };
  answer = (_, __, well) => well();
});
afterEach(() => service.close());

/** What it does with a request on a connection: the n-th, from 0 on. */
let answer: (connection: number, socket: Socket, well: () => void) => void;

const PATIENT = { timeoutMs: 60_000 };

test('each question has a connection of its own, so that a balancer shows another instance', async () => {
  for (let each = 0; each < 3; each++) expect(await ask(service.url, PATIENT)).toMatchObject({ status: 200 });
  expect(brought).toEqual([1, 1, 1]);
});

describe('who is asked again and again', () => {
  test('is asked on the same connection', async () => {
    for (let each = 0; each < 3; each++) await askAgainAndAgain(service.url, PATIENT);
    expect(brought).toEqual([3]);
  });

  test('is asked once more, on a fresh connection, when the one that was kept has just been closed', async () => {
    await askAgainAndAgain(service.url, PATIENT);
    answer = (connection, socket, well) => (connection === 0 ? socket.destroy() : well());
    expect(await askAgainAndAgain(service.url, PATIENT)).toMatchObject({ status: 200, body: 'well' });
    expect(brought).toEqual([2, 1]);
  });

  test('and gives no answer when that is closed too', async () => {
    answer = (_, socket) => socket.destroy();
    await expect(askAgainAndAgain(service.url, PATIENT)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(brought).toEqual([1, 1]);
  });

  test('is not asked again when it is silent, or says that it can’t', async () => {
    answer = () => undefined;
    await expect(askAgainAndAgain(service.url, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(brought).toEqual([1]);
    service.answer = (_, response) => response.writeHead(503).end();
    expect(await askAgainAndAgain(service.url, PATIENT)).toMatchObject({ status: 503 });
    expect(service.requests).toHaveLength(2);
  });
});
