import { expect, test } from '@jest/globals';
import { readDrillReport } from '../../../src/domain/backup/drill-report.js';

const AT = Date.parse('2026-11-23T08:39:10Z');
const read = (more: object) =>
  readDrillReport(JSON.stringify({ timestamp: '20261123T083910Z', restore_db_path: '/x.db', status: 'PASS', ...more }));

test.each<[string, object, object]>([
  ['a pass', { manifest_path: '/m.json' }, { status: 'PASS', at: AT, manifest: '/m.json' }],
  ['one that had no database', { status: 'FAIL', restore_db_path: null }, { status: 'FAIL', at: AT }],
  ['one about no backup', { manifest_path: null }, { status: 'PASS', at: AT }],
  ['one about what is no path', { manifest_path: 7 }, { status: 'PASS', at: AT, manifest: 'no text: number' }],
  ['a state that is no text', { status: true }, { status: 'no text: boolean', at: AT }],
  ['the word in a list', { status: ['PASS'] }, { status: 'no text: object', at: AT }],
  ['one of an unknown time', { timestamp: 1_795_423_150 }, { status: 'PASS' }],
  ['one of a time in no zone', { timestamp: '2026-11-23T08:39:10' }, { status: 'PASS' }],
])('of a drill: %s', (_, more, report) => {
  expect(read(more)).toEqual(report);
});

test.each(['null', '[]', '"PASS"', '{"status":"PASS"}', '{"timestamp":"20261123T083910Z","schema_rev":"x"}'])(
  'no report: %s',
  (text) => {
    expect(readDrillReport(text)).toBeUndefined();
  },
);

test('a report that says two things says nothing', () => {
  expect(() =>
    readDrillReport('{"timestamp":"20261123T083910Z","restore_db_path":"/x","status":"FAIL","status":"PASS"}'),
  ).toThrow(SyntaxError);
});
