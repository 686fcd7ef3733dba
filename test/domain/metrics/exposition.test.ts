import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { NotExposition, readExposition } from '../../../src/domain/metrics/exposition.js';
import { runs } from '../../support/property-runs.js';

test('samples with labels, escapes, special numbers, timestamps and exemplars; comments are left aside', () => {
  const { samples, announced } = readExposition(
    [
      '# HELP a_total What it is.',
      '# TYPE a_total counter',
      '# just a remark',
      '',
      'up 1',
      'a_total{x="1",} 2.0 1712345678000',
      'a_total { x = "with \\"quotes\\", a \\\\ and a\\nline, {braces}" } 3e2',
      'h_bucket{le="+Inf"} 7 # {trace_id="x"} 0.5',
      'n NaN',
      'i -Inf',
      'c .5',
      'c 5. -1',
      'o_bucket{le="1"}\t7\t1712345678.25 # {trace_id="x y",span="#"} 0.5 1.7e9',
      'o_total 1 # {} 2',
      '# EOF',
      '',
    ].join('\r\n'),
  );
  expect([...announced]).toEqual(['a_total']);
  expect(samples).toEqual([
    { name: 'up', labels: {}, value: 1 },
    { name: 'a_total', labels: { x: '1' }, value: 2 },
    { name: 'a_total', labels: { x: 'with "quotes", a \\ and a\nline, {braces}' }, value: 300 },
    { name: 'h_bucket', labels: { le: '+Inf' }, value: 7 },
    { name: 'n', labels: {}, value: NaN },
    { name: 'i', labels: {}, value: -Infinity },
    { name: 'c', labels: {}, value: 0.5 },
    { name: 'c', labels: {}, value: 5 },
    { name: 'o_bucket', labels: { le: '1' }, value: 7 },
    { name: 'o_total', labels: {}, value: 1 },
  ]);
});

test('names in quotes, of metrics and of labels, as UTF-8 names are written', () => {
  const { samples, announced, types } = readExposition(
    '# TYPE "process.uptime" gauge\n{"process.uptime",zone="a"} 5\n{"up time"} 1\nm{"label.with.dots"="x",y="z"} 2\n',
  );
  expect(samples).toEqual([
    { name: 'process.uptime', labels: { zone: 'a' }, value: 5 },
    { name: 'up time', labels: {}, value: 1 },
    { name: 'm', labels: { 'label.with.dots': 'x', y: 'z' }, value: 2 },
  ]);
  expect([...announced]).toEqual(['process.uptime']);
  expect(types.get('process.uptime')).toBe('gauge');
});

test('a text that is cut off is refused: what is missing may be what is bad', () => {
  expect(() => readExposition('a_total 12\nb_total 1')).toThrow('it is cut off');
});

describe('what is not the format is an error that shows the line', () => {
  test.each([
    '<html>',
    '{"ok":true}',
    'a',
    'a{',
    'a{x="1} 2',
    'a{x=1} 2',
    'a{} x',
    'a 1x',
    'a 0x10',
    '1a 2',
    '{} 1',
    '{"a} 1',
    '{a="b"} 1',
    // Two writers on one line: the second is what is lost.
    'a 100 b{status="500"} 900',
    'a 100 b 900',
    'a 100 2 3',
    'a 1\u00a0000',
    'a 1 000x',
    'a 1 NaN',
    'a 1 # a remark',
    'a 1 # {} 2 b 900',
    'a 1 # {x="1",x="2"} 2',
    'a 1 # {x="1"}',
    'a 1 #{} 2',
    'a{status="200",status="500"} 1',
    'a{status="200","status"="200"} 1',
    `a ${'1'.repeat(65)}`,
  ])('%s', (line) => {
    expect(() => readExposition(`ok 1\n${line}\n`)).toThrow(NotExposition);
    expect(() => readExposition(`ok 1\n${line}\n`)).toThrow('line 2');
  });
});

test('every label value comes back as it was', () => {
  const escaped = (text: string) => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
  // A carriage return would be the end of a line to some, and no client writes one.
  const value = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\r'));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 3 }), fc.integer(), (values, number) => {
      const labels = values.map((each, index) => `l${index}="${escaped(each)}"`).join(',');
      expect(readExposition(`m{${labels}} ${number}\n`).samples).toEqual([
        { name: 'm', labels: Object.fromEntries(values.map((each, index) => [`l${index}`, each])), value: number },
      ]);
    }),
    runs(30),
  );
});

test('a number of very many digits is told to be none at once', () => {
  const began = performance.now();
  expect(() => readExposition(`a ${'1'.repeat(300_000)}x\na${' '.repeat(300_000)}x\n`)).toThrow(NotExposition);
  expect(performance.now() - began).toBeLessThan(5_000);
});

test('a label called __proto__ is one like any other', () => {
  expect(readExposition('m{__proto__="x"} 1\n').samples[0]?.labels['__proto__']).toBe('x');
});

test('the metrics of a real ARIS3', () => {
  const { samples, announced } = readExposition(readFileSync('test/fixtures/aris3-metrics.txt', 'utf8'));
  expect(samples.filter(({ name }) => name === 'http_requests_total')).toHaveLength(8);
  expect(announced.has('invariants_violation_total')).toBe(true);
});
