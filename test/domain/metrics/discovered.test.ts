import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { endpointsIn } from '../../../src/domain/metrics/discovered.js';
import { runs } from '../../support/property-runs.js';

const listed = (...groups: unknown[]) => endpointsIn(JSON.stringify(groups), '/metrics');
const of = (target: string, labels?: object) => listed({ targets: [target], labels });

describe('what Prometheus takes', () => {
  test.each<[string, () => string[], string[]]>([
    [
      'targets',
      () => listed({ targets: ['10.0.0.7:8000', '10.0.0.8:8000'] }),
      ['http://10.0.0.7:8000/metrics', 'http://10.0.0.8:8000/metrics'],
    ],
    [
      'groups',
      () => listed({ targets: ['a:1'] }, { targets: [] }, { targets: ['b:1'], source: 'x' }),
      ['http://a:1/metrics', 'http://b:1/metrics'],
    ],
    ['nobody', () => listed(), []],
    ['labels of its own', () => of('a:1', { __meta_datacenter: 'fra', job: 'aris3' }), ['http://a:1/metrics']],
    ['no labels', () => of('a:1', null as never), ['http://a:1/metrics']],
    ['a scheme', () => of('a:1', { __scheme__: 'https' }), ['https://a:1/metrics']],
    ['a path', () => of('a:1', { __metrics_path__: '/aris3/ops/metrics' }), ['http://a:1/aris3/ops/metrics']],
    ['a host without a port', () => of('shop.example.org'), ['http://shop.example.org/metrics']],
    ['IPv6', () => of('[2001:db8::7]:8000'), ['http://[2001:db8::7]:8000/metrics']],
    ['one instance twice', () => listed({ targets: ['a:1', 'a:1'] }, { targets: ['A:1'] }), ['http://a:1/metrics']],
    ['one instance by its usual port', () => listed({ targets: ['a', 'a:80'] }), ['http://a/metrics']],
    [
      'one instance on two paths',
      () => listed({ targets: ['a:1'] }, { targets: ['a:1'], labels: { __metrics_path__: '/m' } }),
      ['http://a:1/metrics', 'http://a:1/m'],
    ],
    [
      'one instance six hundred times',
      () => listed({ targets: Array.from({ length: 600 }, () => 'a:1') }),
      ['http://a:1/metrics'],
    ],
  ])('%s', (_, read, endpoints) => {
    expect(read()).toEqual(endpoints);
  });
});

describe('what leaves open which instances there are is refused as a whole', () => {
  const SHAPE = 'expected of the discovery of instances JSON';
  test.each<[string, string, string]>([
    ['nothing', '', `${SHAPE} such as [{"targets":["10.0.0.7:8000"]}]; got nothing`],
    ['a page', '<html>', 'got <html>'],
    ['half an answer', '[{"targets":["a:1","b:', SHAPE],
    ['a list of addresses', '["http://a:1","http://b:1"]', SHAPE],
    ['one group', '{"targets":["a:1"]}', SHAPE],
    ["the targets of Prometheus's own API", '{"status":"success","data":{"activeTargets":[]}}', SHAPE],
    ['a group without targets, for its key may be misspelt', '[{"targets":["a:1"]},{"target":["b:1"]}]', SHAPE],
    ['no targets', '[{"targets":null}]', SHAPE],
    ['one target that is no text', '[{"targets":["a:1",7]}]', SHAPE],
    ['a label that is no text', '[{"targets":["a:1"],"labels":{"shard":1}}]', SHAPE],
    ['targets that are there twice', '[{"targets":["a:1"],"targets":["b:1"]}]', SHAPE],
    ['a URL', '[{"targets":["http://a:1/metrics"]}]', 'the target "http://a:1/metrics", which is not host:port'],
    ['a password', '[{"targets":["user:pass@a:1"]}]', 'not host:port'],
    ['IPv6 without brackets', '[{"targets":["2001:db8::7"]}]', '(an IPv6 address is written [::1]:8000)'],
    ['an empty target', '[{"targets":["a:1",""]}]', 'the target "", which'],
    ['spaces', '[{"targets":["a :1"]}]', 'not host:port'],
    ['a port that is none', '[{"targets":["a:99999"]}]', 'not host:port'],
    ['another scheme', '[{"targets":["a:1"],"labels":{"__scheme__":"ftp"}}]', '"ftp" for __scheme__'],
    ['no scheme', '[{"targets":["a:1"],"labels":{"__scheme__":""}}]', '"" for __scheme__'],
    [
      'a path that is none',
      '[{"targets":["a:1"],"labels":{"__metrics_path__":"metrics"}}]',
      '"metrics" for __metrics_path__',
    ],
    ['parameters', '[{"targets":["a:1"],"labels":{"__param_module":"x"}}]', '__param_module'],
    [
      'too many',
      JSON.stringify([{ targets: Array.from({ length: 501 }, (_, at) => `a:${at + 1}`) }]),
      'lists 501 instances',
    ],
    ['lists in lists', '['.repeat(500_000) + ']'.repeat(500_000), SHAPE],
  ])('%s', (_, body, words) => {
    expect(() => endpointsIn(body, '/metrics')).toThrow(words);
  });
});

test('a real answer that is cut, reordered, renamed, doubled or huge lists every instance, or nobody', () => {
  const hosts = ['10.0.0.7:8000', '10.0.0.8:8000', '[2001:db8::7]:8000', 'shop-4.internal:8000'];
  const real = JSON.stringify([{ targets: hosts.slice(0, 3), labels: {} }, { targets: hosts.slice(3) }]);
  const tokens: string[] = real.match(/"[^"]*"|[[\]{}:,]/g) ?? [];
  const at = fc.nat(tokens.length - 1);
  const mutated = fc.oneof(
    fc.nat(real.length).map((end) => real.slice(0, end)),
    fc.tuple(at, at).map(([one, other]) =>
      tokens
        .with(one, tokens[other] ?? '')
        .with(other, tokens[one] ?? '')
        .join(''),
    ),
    fc.tuple(at, at).map(([one, other]) => tokens.with(one, tokens[other] ?? '').join('')),
    at.map((one) => tokens.toSpliced(one, 1).join('')),
    at.map((one) => tokens.toSpliced(one, 0, tokens[one] ?? '').join('')),
    fc.constantFrom(10, 2_000).map((times) => `[${Array.from({ length: times }, () => real.slice(1, -1)).join(',')}]`),
  );
  fc.assert(
    fc.property(mutated, (body) => {
      let endpoints;
      try {
        endpoints = endpointsIn(body, '/metrics');
      } catch (error) {
        expect((error as Error).message).toMatch(/the discovery/);
        return;
      }
      // Whoever the text names, but as a key, is asked.
      const named = hosts.filter((host) =>
        body
          .split(`"${host}"`)
          .slice(1)
          .some((after) => !after.startsWith(':')),
      );
      expect(endpoints).toEqual(expect.arrayContaining(named.map((host) => `http://${host}/metrics`)));
    }),
    runs(),
  );
});
