import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { probeCheck } from '../../../src/activities/watching/probe.js';
import { SmallService } from '../../support/small-service.js';

let service: SmallService;
let control: SmallService;
beforeEach(async () => {
  service = await SmallService.open();
  control = await SmallService.open();
});
afterEach(async () => {
  await Promise.all([service.close(), control.close()].map((closed) => closed.catch(() => undefined))); // some are closed already
});

const check = { kind: 'probe' as const, name: 'health', path: '/health', every: 10_000, timeout: 300 };
const look = (withControl = true, signal = new AbortController().signal) =>
  probeCheck(
    service.url,
    check,
    withControl ? { url: '${CONTROL_URL}', timeout: 300 } : undefined,
    { CONTROL_URL: control.url },
    signal,
  );

test('service and control both refuse: nothing is known', async () => {
  const urls = [service.url, control.url] as const;
  await Promise.all([service.close(), control.close()]);
  const reading = await probeCheck(urls[0], check, { url: urls[1], timeout: 300 }, {}, new AbortController().signal);
  expect(reading).toMatchObject({
    kind: 'none',
    text: expect.stringMatching(/^cut off: ECONNREFUSED: .*, and the control URL gives ECONNREFUSED: /) as unknown,
  });
});

test('service and control both hang: nothing is known', async () => {
  service.answer = control.answer = () => undefined;
  expect(await look()).toEqual({
    kind: 'none',
    text: 'cut off: no answer within 300ms, and the control URL gives no answer within 300ms',
  });
});

test.each([200, 404, 503])('the service hangs and the control answers with %s: it is down', async (status) => {
  service.answer = () => undefined;
  control.answer = (_, response) => void response.writeHead(status).end();
  expect(await look()).toEqual({ kind: 'bad', text: 'no answer within 300ms' });
});

test.each([503, 302, 204])(
  'a service that answers with %s is failing, and the control is not asked',
  async (status) => {
    service.answer = (_, response) => void response.writeHead(status).end();
    control.answer = (request) => void request.socket.destroy();
    expect((await look()).kind).toBe('bad');
    expect(control.requests).toEqual([]);
  },
);

test('without a control, or with a service that is well, nothing else is asked', async () => {
  expect((await look()).kind).toBe('good');
  service.answer = (request) => void request.socket.destroy();
  expect((await look(false)).kind).toBe('bad');
  expect(control.requests).toEqual([]);
});

test('a look that is broken off while the control is asked says nothing', async () => {
  const breakOff = new AbortController();
  service.answer = (request) => void request.socket.destroy();
  control.answer = () => breakOff.abort();
  await expect(look(true, breakOff.signal)).rejects.toThrow();
});
