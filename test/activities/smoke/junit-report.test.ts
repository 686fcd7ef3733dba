import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJunit, readJunitReport } from '../../../src/activities/smoke/junit-report.js';
import { runs } from '../../support/property-runs.js';

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
  [
    'a failure without a message, told by its text',
    '<testcase name="a"><failure>\n  it&#39;s <![CDATA[&lt;gone&gt;]]>\nmore</failure></testcase>',
    { name: 'a', state: 'failed', said: "it's &lt;gone&gt;" },
  ],
  [
    'references, decimal and hexadecimal, with zeros, of two units, and what is none',
    '<testcase name="it&#39;s &#x27;&#039;&#x1F600;&apos; &#38;lt; &#0;&#xD800;&#1114112;&nbsp;"/>',
    { name: "it's ''\u{1F600}' &lt; &#0;&#xD800;&#1114112;&nbsp;", state: 'passed' },
  ],
  [
    'a test that GoogleTest has switched off',
    '<testcase name="a" status="notrun" result="suppressed"/>',
    { name: 'a', state: 'not-run' },
  ],
  ['one that it has run', '<testcase name="a" status="run" result="completed"/>', { name: 'a', state: 'passed' }],
  ['one that it has skipped', '<testcase name="a" status="run" result="skipped"/>', { name: 'a', state: 'skipped' }],
  ['one that CTest has not run', '<testcase name="a" status="disabled"/>', { name: 'a', state: 'not-run' }],
  ['one that is pending in Ginkgo', '<testcase name="a" status="pending"/>', { name: 'a', state: 'not-run' }],
  ['one that has failed by its status', '<testcase name="a" status="Timed Out"/>', { name: 'a', state: 'failed' }],
  ['one that was not executed', '<testcase name="a" executed="False"/>', { name: 'a', state: 'not-run' }],
  ['one that is disabled', '<testcase name="a" disabled="true"/>', { name: 'a', state: 'not-run' }],
  [
    'one that passed at last (Maven Surefire)',
    '<testcase name="a"><flakyFailure message="x" type="y"><stackTrace>z</stackTrace><system-out>o</system-out></flakyFailure></testcase>',
    { name: 'a', state: 'passed' },
  ],
  [
    'one that failed again',
    '<testcase name="a"><failure message="x"/><rerunFailure message="y"><stackTrace>z</stackTrace></rerunFailure></testcase>',
    { name: 'a', state: 'failed', said: 'x' },
  ],
  [
    'a try before the one that counts (gotestsum, merged reports)',
    '<testcase name="a"><failure message="x"/></testcase><testcase name="a"/>',
    { name: 'a', state: 'passed' },
  ],
  [
    'a try after one that passed',
    '<testcase name="a"/><testcase name="a"><failure message="x"/></testcase>',
    { name: 'a', state: 'failed', said: 'x' },
  ],
  [
    'one that was skipped and says that it failed',
    '<testcase name="a" status="failed"><skipped/></testcase>',
    { name: 'a', state: 'failed' },
  ],
  ...[
    'success="false"',
    'success="False" executed="True"',
    'passed="no"',
    'outcome="Failed"',
    'state="failed"',
    'verdict="FAIL"',
    'failed="true"',
    'failures="1"',
    'errors="2"',
    'error="no such table"',
    'result="Success" success="False"',
  ].map((attributes): [string, string, object] => [
    `one that has ${attributes}`,
    `<testcase name="a" ${attributes}/>`,
    { name: 'a', state: 'failed' },
  ]),
  ...[
    'success="True" executed="True" result="Success"',
    'passed="true"',
    'outcome="Passed"',
    'state="passed"',
    'failed="false"',
    'failures="0" errors="0"',
    'error=""',
    'timeout="30"',
  ].map((attributes): [string, string, object] => [
    `one that has ${attributes}`,
    `<testcase name="a" ${attributes}/>`,
    { name: 'a', state: 'passed' },
  ]),
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

describe('what a suite says of itself', () => {
  const of = (says: string, inner = '') =>
    parseJunit(`<testsuite name="s" ${says}><testcase name="a">${inner}</testcase></testsuite>`);

  test.each([
    'status="failed"',
    'result="Failure"',
    'outcome="Failed"',
    'success="false"',
    'passed="0"',
    'failed="3"',
    'failed="true"',
    'failure="1"',
    'error="1"',
    'crashed="true"',
    'timedout="1"',
    'timeouts="1"',
    'aborted="true"',
    'status="skipped"',
    'status="perhaps"',
    'success="perhaps"',
  ])('is unreadable, where its tests passed and it says %s', (says) => {
    expect(of(says)).toEqual({ why: expect.stringMatching(/^the suite "s" says /) });
    expect(
      parseJunit(`<testsuites name="s" ${says}><testsuite name="x"><testcase name="a"/></testsuite></testsuites>`),
    ).toEqual({
      why: expect.stringMatching(/^the suite "s" says /),
    });
  });

  test.each(['status="passed"', 'result="Success" success="True"', 'passed="true"'])(
    'is unreadable, where a test failed and it says %s',
    (says) => {
      expect(of(says, '<failure/>')).toEqual({ why: expect.stringMatching(/^the suite "s" says /) });
    },
  );

  test.each([
    'status="passed"',
    'result="Success" success="True"',
    'passed="1" failed="0"',
    'timeout="30"',
    'error=""',
  ])('is taken, where its tests passed and it says %s', (says) => {
    expect(of(says)).toEqual([{ name: 'a', state: 'passed' }]);
  });

  test.each(['status="failed"', 'success="false"', 'failed="1" passed="0"', 'passed="3" failed="1"'])(
    'is taken, where a test failed and it says %s',
    (says) => {
      expect(of(says, '<failure/>')).toEqual([{ name: 'a', state: 'failed' }]);
    },
  );

  test('is taken of one without tests', () => {
    expect(parseJunit('<testsuite name="s" status="skipped"/>')).toEqual([]);
  });
});

test('the longest name of a suite costs no test anything', () => {
  const cases = Array.from({ length: 20_000 }, (_, index) => `<testcase classname="c" name="t${index}"/>`).join('');
  const started = performance.now();
  expect(parseJunit(`<testsuite name="${'x'.repeat(20_000)}">${cases}</testsuite>`)).toHaveLength(20_000);
  expect(performance.now() - started).toBeLessThan(30_000);
});

test('tests without a name in two suites of one name are two', () => {
  const one = (inner: string) => `<testsuite name="s"><testcase>${inner}</testcase></testsuite>`;
  expect(parseJunit(`<testsuites>${one('<failure/>')}${one('')}</testsuites>`)).toHaveLength(2);
});

test('suites within suites, and a suite alone', () => {
  expect(parseJunit(suite('<testsuite><testcase name="a"/></testsuite><testcase name="b"/>'))).toHaveLength(2);
  expect(parseJunit('<testsuite><testcase name="a"/></testsuite>')).toHaveLength(1);
  expect(parseJunit(suite(''))).toEqual([]);
});

test('the same name in another suite, class or file is another test', () => {
  const failed = '<failure message="x"/>';
  for (const [one, other] of [
    [`<testsuite hostname="chromium"><testcase name="a">${failed}</testcase></testsuite>`, '<testcase name="a"/>'],
    [`<testcase classname="a.b" name="c">${failed}</testcase>`, '<testcase classname="a" name="b.c"/>'],
    [`<testcase file="one" name="a">${failed}</testcase>`, '<testcase file="other" name="a"/>'],
    [`<testcase name="a ">${failed}</testcase>`, '<testcase name="a"/>'],
    [`<testcase>${failed}</testcase>`, '<testcase/>'],
  ]) {
    const read = parseJunit(`<testsuite>${one}${other}</testsuite>`);
    expect(Array.isArray(read) && read.map(({ state }) => state).sort()).toEqual(['failed', 'passed']);
  }
});

test('a suite of the same name that comes again holds later tries', () => {
  const again = (inner: string) => `<testsuite name="smoke"><testcase name="a">${inner}</testcase></testsuite>`;
  expect(parseJunit(`<testsuites>${again('<failure/>')}${again('')}</testsuites>`)).toEqual([
    { name: 'a', state: 'passed' },
  ]);
});

test('a test below many suites counts', () => {
  const deep = (levels: number) =>
    '<testsuite>'.repeat(levels) + '<testcase name="a"><failure/></testcase>' + '</testsuite>'.repeat(levels);
  expect(parseJunit(deep(60))).toEqual([{ name: 'a', state: 'failed' }]);
  for (const levels of [101, 5_000])
    expect(parseJunit(deep(levels))).toEqual({ why: expect.stringContaining('nested') });
});

describe('a document type', () => {
  const page = '<!DOCTYPE html><html><title>502</title></html>';
  test.each([
    ['CDATA', `<testcase name="a"><failure message="m"><![CDATA[${page}]]></failure></testcase>`],
    [
      'two CDATA',
      `<testcase name="a"><failure message="m"><![CDATA[${page}]]]]><![CDATA[>${page}]]></failure></testcase>`,
    ],
    ['a comment', `<!-- ${page} --><testcase name="a"><failure message="m"/></testcase>`],
    ['a processing instruction', `<?x ${page} ?><testcase name="a"><failure message="m"/></testcase>`],
    ['references', '<testcase name="a"><failure message="m">&lt;!DOCTYPE html></failure></testcase>'],
  ])('in %s is text', (_, cases) => {
    expect(parseJunit(suite(cases))).toEqual([{ name: 'a', state: 'failed', said: 'm' }]);
  });
});

describe('totals', () => {
  const five = '<testcase name="a"/><testcase name="b"/><testcase name="c"/><testcase name="d"/><testcase name="e"/>';
  const one = (inner: string) => `<testcase name="f">${inner}</testcase>`;
  const of = (totals: string, cases: string) => parseJunit(`<testsuite name="s" ${totals}>${cases}</testsuite>`);

  test.each([
    ['more tests than are shown', 'tests="6"', five],
    ['fewer', 'tests="4" skipped="0"', five],
    ['a failure that no test shows', 'tests="5" failures="1" errors="0"', five],
    ['an error that no test shows', 'tests="5" errors="1"', five],
    ['no failure where one is shown', 'tests="6" failures="0" errors="0"', five + one('<failure/>')],
    ['tests that were skipped and look as if they were run', 'tests="5" skipped="2"', five],
    ['tests that were switched off, likewise', 'tests="5" disabled="2" failures="0"', five],
    ['no number', 'tests="many"', five],
    ['nothing where a number belongs', 'failures=""', five],
    ['less than nothing', 'failures="-1"', five],
  ])('that say %s make it unreadable', (_, totals, cases) => {
    expect(of(totals, cases)).toEqual({ why: expect.stringMatching(/^the suite "s" says/) });
  });

  test.each([
    ['as pytest counts them', 'tests="6" failures="1" errors="0" skipped="0"', one('<failure/>')],
    ['with a skipped test', 'tests="6" failures="0" errors="0" skipped="1"', one('<skipped/>')],
    ['without it', 'tests="5" failures="0" errors="0" skipped="1"', one('<skipped/>')],
    ['with every try', 'tests="7" failures="1" errors="0"', one('<failure/>') + one('')],
    ['with each test once', 'tests="6" failures="0" errors="0"', one('<failure/>') + one('')],
    ['with a failure counted as an error', 'tests="6" failures="0" errors="1"', one('<failure/>')],
    ['with a cleanup that failed after a pass (pytest)', 'tests="7" failures="0" errors="1"', one('<error/>')],
    [
      'with a cleanup that failed after a failure',
      'tests="6" failures="1" errors="1"',
      one('<failure/>') + one('<error/>'),
    ],
    ['with a test that passed at last', 'tests="6" failures="0" errors="0"', one('<flakyFailure/>')],
    ['with what is switched off', 'tests="6" failures="0" disabled="1"', '<testcase name="f" status="notrun"/>'],
    ['of the suite alone, beside one inside', 'tests="5"', `<testsuite tests="1">${one('')}</testsuite>`],
    ['of all inside as well', 'tests="6"', `<testsuite tests="1">${one('')}</testsuite>`],
  ])('%s are taken', (_, totals, cases) => {
    expect(of(totals, five + cases)).toHaveLength(6);
  });
});

describe('is unreadable', () => {
  test.each([
    ['an error of a suite itself', suite('<testcase name="a"/><error message="the database is gone"/>')],
    ['a failure of a suite itself', suite('<testcase name="a"/><failure>no</failure>')],
    ['another status', suite('<testcase name="a" status="perhaps"/>')],
    ['an element nobody knows', suite('<testcase name="a"/><testcas name="b"><failure/></testcas>')],
    ['such an element in a test', suite('<testcase name="a"><failur message="x"/></testcase>')],
    [
      'a test within the output of another',
      suite('<testcase name="a"><system-out><testcase name="b"/></system-out></testcase>'),
    ],
    ['a test within the properties', suite('<properties><testcase name="b"><failure/></testcase></properties>')],
    ['text in a suite', suite('<testcase name="a"/>&lt;testcase name="b">')],
    ['CDATA in a suite', suite('<testcase name="a"/><![CDATA[<testcase name="b"/>]]>')],
    ['text in a test', suite('<testcase name="a">failure</testcase>')],
    ['reruns without a failure', suite('<testcase name="a"><rerunFailure/></testcase>')],
    ['two reports', `${suite('<testcase name="a"/>')}${suite('')}`],
    ['two suites as roots', '<testsuite/><testsuite/>'],
    ['a comment without an end', `${suite('<testcase name="a"/>')}<!-- `],
    ['many of them', '<!--'.repeat(500_000)],
    ['a document type behind a comment', `<?xml version="1.0"?><!--]]>--><!DOCTYPE x>${suite('<![CDATA[]]>')}`],
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

  test('that is cut inside a character is told', async () => {
    await writeFile(file(), Buffer.concat([Buffer.from(suite('')), Buffer.from('ä').subarray(0, 1)]));
    expect(await readJunitReport(file(), [])).toEqual({ unreadable: expect.stringContaining('is not UTF-8') });
  });

  test('tells why in few words and without secrets, whatever is in it', async () => {
    await writeFile(file(), '<hunter2-xyz>'.repeat(10_000));
    const read = await readJunitReport(file(), ['hunter2-xyz']);
    expect(read).toEqual({ unreadable: expect.stringMatching(/^the report .{1,600}$/s) });
    expect(JSON.stringify(read)).not.toContain('hunt');
  });

  test('that is no file, or far too long, is not read', async () => {
    expect(await readJunitReport(folder, [])).toEqual({ unreadable: expect.stringContaining('is not a file') });
    await writeFile(file(), '');
    await truncate(file(), 5 * 1024 * 1024);
    expect(await readJunitReport(file(), [])).toEqual({
      unreadable: expect.stringContaining('at most 4194304 are read'),
    });
  });

  test('has the areas of a test whose name holds a secret', async () => {
    await writeFile(file(), suite('<testcase name="login_as_op"/>'));
    expect(
      await readJunitReport(file(), ['op'], {
        auth: ['*_op'],
        'stock-invariants': [],
        'transfer-actions': [],
        'pos-checkout': [],
        'reports-exports': [],
      }),
    ).toEqual({
      tests: [{ name: 'login_as_[redacted]', state: 'passed', areas: ['auth'] }],
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
