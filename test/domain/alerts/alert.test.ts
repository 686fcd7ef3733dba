import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { alertPayload, readAlert } from '../../../src/domain/alerts/alert.js';
import { runs } from '../../support/property-runs.js';

const NOW = Date.parse('2026-03-01T02:10:00Z');
const FIRING = { trigger: 'p1-alert', state: 'firing' };

describe('an alert', () => {
  test('is read whole', () => {
    const payload = {
      ...FIRING,
      since: '2026-03-01T02:00:00.5+00:00',
      value: ' 7.2 %\n',
      source: 'alertmanager:0a1b',
      extra: 1,
    };
    expect(readAlert(payload, NOW)).toEqual({
      ...FIRING,
      since: NOW - 599_500,
      value: '7.2 %',
      source: 'alertmanager:0a1b',
    });
  });

  test('needs no more than trigger and state', () => {
    expect(readAlert(FIRING, NOW)).toEqual({ ...FIRING, since: NOW, source: 'unknown' });
  });

  test.each([
    ['nanoseconds', '2026-03-01T02:00:00.123456789Z', Date.parse('2026-03-01T02:00:00.123Z')],
    ['another zone', '2026-03-01T03:00:00+01:00', Date.parse('2026-03-01T02:00:00Z')],
    ['epoch milliseconds', NOW - 1, NOW - 1],
    ['the future', '2026-03-01T02:10:00.001Z', NOW],
    ['the far future', 8.65e15, NOW],
    ['epoch seconds', NOW / 1_000, NOW],
    ['the zero time of Go', '0001-01-01T00:00:00Z', NOW],
    ['a time without a zone', '2026-03-01T02:00:00', NOW],
    ['an impossible day', '2026-13-01T02:00:00Z', NOW],
    ['rubbish', 'last night', NOW],
    ['nothing', null, NOW],
    ['no number', NaN, NOW],
    ['a list', [NOW], NOW],
  ])('since %s', (_, since, expected) => {
    expect(readAlert({ ...FIRING, since }, NOW)).toMatchObject({ since: expected });
  });

  test('has a name, a link, and when it was heard, if they are said', () => {
    const more = { name: ' Checkout\nFails ', link: 'https://prom.example:9090/graph?g0.expr=a%3Eb#x', heard: NOW + 1 };
    expect(readAlert({ ...FIRING, ...more }, NOW)).toEqual({
      ...FIRING,
      since: NOW,
      source: 'unknown',
      name: 'Checkout Fails',
      link: more.link,
      heard: NOW,
    });
  });

  test.each([
    'javascript:alert(1)',
    'https://user:secret@prom.example/',
    'http://a b',
    'http://a/\u0007',
    `http://a/${'x'.repeat(500)}`,
    '//prom.example',
    7,
  ])('without the link %j', (link) => {
    expect(readAlert({ ...FIRING, link }, NOW)).not.toHaveProperty('link');
  });

  test('may be unknown', () => {
    expect(readAlert({ ...FIRING, state: 'unknown' }, NOW)).toMatchObject({ state: 'unknown' });
  });

  test('numbers are values too, other things are not', () => {
    expect(readAlert({ ...FIRING, value: 0 }, NOW)).toMatchObject({ value: '0' });
    expect(readAlert({ ...FIRING, value: { deep: true }, source: ['x'] }, NOW)).toEqual({
      ...FIRING,
      since: NOW,
      source: 'unknown',
    });
  });

  test('of endless length is cut', () => {
    const read = readAlert({ ...FIRING, value: 'v'.repeat(1e6), source: 's'.repeat(1e6) }, NOW);
    expect(JSON.stringify(read).length).toBeLessThan(600);
  });

  test.each([
    [undefined, 'The alert is missing'],
    [null, 'The alert is null'],
    ['p1-alert', 'The alert is "p1-alert"'],
    [[FIRING], 'The alert is a list'],
    [{ unreadable: true, encoding: 'x', reason: 'y' }, "can't be decoded"],
    [{}, "The alert's trigger is missing"],
    [{ ...FIRING, trigger: 'P1 Alert' }, `The alert's trigger is "P1 Alert"`],
    [{ ...FIRING, trigger: '__proto__' }, `The alert's trigger is "__proto__"`],
    [{ ...FIRING, state: 'FIRING' }, `The alert's state is "FIRING", neither "firing" nor "resolved" nor "unknown"`],
    [{ ...FIRING, state: true }, "The alert's state is a boolean"],
  ])('%j is refused in words', (payload, why) => {
    const { refused } = readAlert(payload, NOW) as { refused: string };
    expect(refused).toContain(why);
    expect(refused).toContain('Expected one JSON object such as {"trigger":"p1-alert","state":"firing"');
  });

  test('anything is read or refused', () => {
    const some = fc.record(
      {
        trigger: fc.anything(),
        state: fc.constantFrom('firing', 'resolved', 'x'),
        since: fc.anything(),
        value: fc.anything(),
        source: fc.anything(),
        name: fc.anything(),
        link: fc.oneof(fc.anything(), fc.webUrl({ withQueryParameters: true, withFragments: true })),
        heard: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          some,
          some.map((each) => ({ ...each, trigger: 'p1' })),
        ),
        (payload) => {
          const read = readAlert(payload, NOW);
          if ('refused' in read) return expect(read.refused.length).toBeLessThan(400);
          expect(read.since).toBeLessThanOrEqual(NOW);
          expect(read.source).not.toBe('');
          expect(readAlert(alertPayload(read), NOW)).toEqual(read);
        },
      ),
      runs(),
    );
  });
});
