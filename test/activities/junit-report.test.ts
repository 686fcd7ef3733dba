import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJunit, readJunitReport } from '../../src/activities/junit-report.js';
import { runs } from '../support/property-runs.js';

const suite = (cases: string) =>
  `<?xml version="1.0" encoding="utf-8"?><testsuites><testsuite name="pytest" errors="0">${cases}</testsuite></testsuites>`;

test('the report of a real ARIS3 has five tests that passed', async () => {
  const read = await readJunitReport('test/fixtures/aris3/smoke-junit.xml', []);
  expect(read).toMatchObject({ tests: Array(5).fill({ state: 'passed' }) });
  expect('tests' in read && read.tests[0]?.name).toBe(
    'tests.smoke.test_go_live_validation.test_go_live_auth_login_and_me',
  );
});

test.each<[string, string, object]>([
  [
    'a failure',
    '<testcase classname="t" name="a"><failure message="assert 1 &lt; 0&#10;more">long</failure></testcase>',
    { name: 't.a', state: 'failed', said: 'assert 1 < 0' },
  ],
  [
    'an error in a fixture',
    '<testcase classname="t" name="a"><error message="failed on setup with &quot;x&quot;">long</error></testcase>',
    { name: 't.a', state: 'failed', said: 'failed on setup with "x"' },
  ],
  [
    'a module that could not be imported',
    '<testcase classname="" name="tests.smoke"><error message="collection failure">ImportError\nE   No module named &apos;httpx&apos;\n</error></testcase>',
    { name: 'tests.smoke', state: 'collection', said: "E   No module named 'httpx'" },
  ],
  [
    'a crash of the runner itself',
    '<testcase classname="pytest" name="internal"><error message="internal error"></error></testcase>',
    { name: 'pytest.internal', state: 'collection', said: 'internal error' },
  ],
  [
    'a skip',
    '<testcase classname="t" name="a"><skipped type="pytest.skip" message="no database">x</skipped></testcase>',
    { name: 't.a', state: 'skipped' },
  ],
  [
    'a pass with output',
    '<testcase classname="t" name="a"><system-out>failure</system-out></testcase>',
    { name: 't.a', state: 'passed' },
  ],
  [
    'CDATA and comments',
    '<!-- x --><testcase classname="t" name="a"><failure message="m"><![CDATA[<error>]]></failure></testcase>',
    { name: 't.a', state: 'failed', said: 'm' },
  ],
  ['no class', '<testcase name="a"/>', { name: 'a', state: 'passed' }],
  ['no name', '<testcase/>', { name: 'a test without a name', state: 'passed' }],
  [
    'names that every object has',
    '<testcase classname="__proto__" name="constructor"/>',
    { name: '__proto__.constructor', state: 'passed' },
  ],
])('%s', (_, cases, expected) => {
  expect(parseJunit(suite(cases))).toEqual([expected]);
});

test('suites within suites, and a suite alone', () => {
  expect(parseJunit(suite('<testsuite><testcase name="a"/></testsuite><testcase name="b"/>'))).toHaveLength(2);
  expect(parseJunit('<testsuite><testcase name="a"/></testsuite>')).toHaveLength(1);
  expect(parseJunit(suite(''))).toEqual([]);
});

describe('is unreadable', () => {
  test.each([
    ['half a report', suite('<testcase name="a"/>').slice(0, 120)],
    ['nothing', ''],
    ['another kind of XML', '<html></html>'],
    ['no XML', 'Traceback (most recent call last):'],
    ['a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${suite('')}`],
    ['a billion laughs', `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><testsuite>&b;</testsuite>`],
  ])('%s', (_, text) => {
    expect(parseJunit(text)).toEqual({ why: expect.any(String) });
  });

  test('whatever comes is read or refused, never thrown', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({
            unit: fc.constantFrom(
              '<',
              '>',
              '/',
              'testsuite',
              'testcase',
              ' name="',
              '"',
              '!',
              '[CDATA[',
              ']]>',
              '--',
              '&amp;',
            ),
          }),
        ),
        (text) => typeof parseJunit(text) === 'object',
      ),
      runs(2_000),
    );
  });
});

describe('a file', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'golive-junit-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const file = () => join(folder, 'report.xml');

  test('that is not there is told with its place', async () => {
    expect(await readJunitReport(file(), [])).toEqual({ unreadable: `it wrote no report to ${file()}` });
  });

  test('that is no file, or far too long, is not read', async () => {
    expect(await readJunitReport(folder, [])).toEqual({ unreadable: expect.stringContaining('is no file') });
    await writeFile(file(), '');
    await truncate(file(), 5 * 1024 * 1024);
    expect(await readJunitReport(file(), [])).toEqual({
      unreadable: expect.stringContaining('at most 4194304 are read'),
    });
  });

  test('tells no secrets, however they are written in it', async () => {
    await writeFile(
      file(),
      suite(
        '<testcase classname="t" name="correct&amp;horse"><failure message="login with correct&amp;horse"/></testcase>',
      ),
    );
    expect(await readJunitReport(file(), ['correct&horse'])).toEqual({
      tests: [{ name: 't.[redacted]', state: 'failed', said: 'login with [redacted]' }],
    });
  });
});
