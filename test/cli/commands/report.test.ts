import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { reportOf } from '../../../src/domain/evidence/report/make-report.js';
import { reportMarkdown } from '../../../src/report/markdown.js';
import { reportPage } from '../../../src/report/page.js';
import { isOwnName } from '../../../src/report/page-server.js';
import { startPages, type Pages } from '../../../src/report/page-thread.js';
import { rangeOf, timeTicks, valueTicks } from '../../../src/report/axis.js';
import { at, HOSTILE, keep, RUN, slowRelease } from '../../support/kept-story.js';
import { golive } from '../golive-process.js';

const LOOPBACK = { host: '127.0.0.1', port: 0 };
let folder: string;
const evidence = () => path.join(folder, 'home', 'evidence');
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'report-'));
  keep(await slowRelease(), evidence());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = () => ({ PATH: process.env['PATH'], TZ: 'Europe/Madrid', GOLIVE_HOME: path.join(folder, 'home') });
const page = async (story = slowRelease()) =>
  reportPage(reportOf(await story), {
    zone: 'Europe/Madrid',
    outputs: new Map([['commands/deploy-canary.1.stdout.log', HOSTILE]]),
  });

/** Tags in the order in which they open and close, as far as they don't nest. */
function unbalanced(text: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, slash, name = '', , empty] of text.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:\s+[^<>]*?)?)(\/?)>/g)) {
    if (empty || ['meta', 'br', 'path'].includes(name)) continue;
    if (!slash) open.push(name);
    else if (open.pop() !== name) wrong.push(name);
  }
  return [...wrong, ...open];
}

test('the page says the verdict and its cause first, in local time and in UTC', async () => {
  const text = (await page())
    .replace(/<style>[^]*?<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
  const order = [
    'Rolled back, proven',
    'p95 at canary 900 ms',
    'First seen: p95 at canary: 900 ms',
    'RC.4 ← RC.3',
    'The run',
    'Measures',
  ];
  const places = order.map((each) => text.indexOf(each.replace('>', '&#62;')));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
  expect(text).toContain('2026-03-01 23:00:00 (22:00:00Z)');
});

test('the page needs nothing else: no script, no address, and its tags nest', async () => {
  const text = await page();
  expect(text).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:|javascript:| on[a-z]+=|\bsrc=/i);
  expect(unbalanced(text.replace(/<style>[^]*?<\/style>/, ''))).toEqual([]);
  expect(text).toMatch(/<meta name="viewport"/);
  expect(text).toContain('prefers-color-scheme:dark');
  expect(text).toContain('@media print');
  expect(text).not.toContain('NaN');
});

test('whatever a service, a command or a person has said is harmless text', async () => {
  const text = await page();
  expect(text.split('&#60;script&#62;alert(1)').length).toBeGreaterThan(6);
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e\u2066-\u2069]/);
  const markdown = reportMarkdown(reportOf(await slowRelease()), {});
  expect(markdown.replace(/^<!-- golive report -->/, '')).not.toMatch(/(?<!\\)[<`]/);
  const lines = markdown.split('\n').filter((line) => line.startsWith('| ') && line.includes('attest'));
  expect(lines.map((line) => line.match(/(?<!\\)\|/g)?.length)).toEqual([4]);
});

test('over midnight the times in tables have their day', async () => {
  const kept = await slowRelease();
  expect(await page()).toContain('>23:00:10<');
  const later = kept.decided.map((each) => (each.kind === 'end' ? { ...each, at: '2026-03-04T10:00:00.000Z' } : each));
  const text = await page(Promise.resolve({ ...kept, decided: later }));
  expect(text).toContain('>03-01 23:00:10<');
  expect(text).toContain('<b>the rollout</b>');
});

test('a run that goes on says as of when, and what it does not know', async () => {
  const text = await page(slowRelease({ open: true }));
  expect(text).toContain('Goes on: soaking');
  expect(text).toContain('As of 2026-03-01 23:00:30 (22:00:30Z)');
  expect(text).toContain('goes on, or unknown');
});

test('axes have round numbers with their units, and whole minutes of the local clocks', () => {
  const lines = [{ bound: { is: 'below', value: 350 } as const }];
  const range = rangeOf([12, 900], lines, 'ms');
  expect(valueTicks(range, 'ms').map(({ text }) => text)).toEqual(['0 ms', '500 ms']);
  expect(valueTicks(rangeOf([1], [{ bound: { is: 'atLeast', value: 0.995 } }], 'ratio'), 'ratio').at(-1)?.text).toBe(
    '100 %',
  );
  const ticks = timeTicks(Date.parse(at(7)), Date.parse(at(1_800)), 'Asia/Kathmandu');
  expect(ticks.map(({ text }) => text)).toEqual(['03:50', '03:55', '04:00', '04:05', '04:10', '04:15']);
});

test('golive report writes a page, says how to open it, and writes over reports alone', async () => {
  const out = path.join(folder, 'page.html');
  const first = await golive(['report', 'sandbox', '--out', out], env());
  expect(first).toMatchObject({ exitCode: 0, stderr: '' });
  expect(first.stdout).toContain(`Open it in a browser: file://${out}`);
  expect((await golive(['report', 'sandbox', '--out', out], env())).exitCode).toBe(0);
  expect(readFileSync(out, 'utf8')).toContain('<title>Rolled back, proven: RC.4');
  expect(readFileSync(out, 'utf8')).not.toContain('root:');
  writeFileSync(out, 'dear diary');
  const refused = await golive(['report', 'sandbox', '--out', out], env());
  expect(refused).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('is no report of golive') });
  expect(readFileSync(out, 'utf8')).toBe('dear diary');
});

test('the evidence of two hosts is put together; a copy of one changes nothing', async () => {
  const [here, there] = [path.join(folder, 'a'), path.join(folder, 'b')];
  keep(await slowRelease(), here, there);
  const json = async (...folders: string[]) => {
    const { stdout } = await golive(['report', 'sandbox', '--json', '--evidence', ...folders], env());
    return JSON.parse(stdout) as ReturnType<typeof reportOf>;
  };
  expect((await json(here)).measures).toEqual([]);
  const both = await json(here, there);
  expect(both.writers.map(({ host }) => host).sort()).toEqual(['host-a', 'host-b']);
  expect(both.measures.map(({ check, looks }) => [check, looks])).toEqual([
    ['health', 2],
    ['p95', 8],
    ['contracts', 1],
  ]);
  expect((await json(here, there, there)).measures).toEqual(both.measures);
});

test('an environment, or a run, of which nothing is kept is named with what is', async () => {
  const unknown = await golive(['report', 'sandbx'], env());
  expect(unknown).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('Did you mean "sandbox"?') });
  const run = await golive(['report', 'sandbox', '--run', '2'], env());
  expect(run).toMatchObject({ exitCode: 5, stderr: expect.stringContaining(`1: ${RUN}`) });
  expect((await golive(['report', 'sandbox', '--run', RUN.slice(0, 8), '--markdown'], env())).stdout).toContain(
    '# ↩ Rolled back',
  );
});

test.each([
  ['127.0.0.1:8234', true],
  ['localhost', true],
  ['[::1]:8234', true],
  ['evil.example:8234', false],
  ['127.0.0.1.evil.example', false],
  ['', false],
  [undefined, false],
])('a request to the name %s is answered: %s', (host, answered) => {
  expect(isOwnName(host, { host: '127.0.0.1', port: 8234 })).toBe(answered);
});

test('the pages are served for reading alone, to who names them rightly, and nothing beside them', async () => {
  const pages: Pages = await startPages(evidence(), LOOPBACK, () => undefined);
  try {
    const get = (at: string, headers = {}, method = 'GET') =>
      new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
        request(`${pages.address.slice(0, -1)}`, { path: at, method, headers }, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          response.on('end', () => resolve({ status: response.statusCode, text }));
        })
          .on('error', reject)
          .end();
      });
    expect(await get('/')).toMatchObject({ status: 200, text: expect.stringContaining(`/go-live-sandbox/${RUN}`) });
    expect((await get(`/go-live-sandbox/${RUN}`)).text).toContain('<title>Rolled back');
    expect((await get('/', { host: 'evil.example' })).status).toBe(421);
    expect((await get('/', {}, 'POST')).status).toBe(405);
    for (const at of ['/../home', '/..%2f..%2fetc/passwd', '/go-live-sandbox', '/%', `/go-live-sandbox/${RUN}/x`])
      expect((await get(at)).status).toBe(404);
    const taken = { host: '127.0.0.1', port: Number(new URL(pages.address).port) };
    await expect(startPages(evidence(), taken, () => undefined)).rejects.toThrow('EADDRINUSE');
  } finally {
    await pages.stop();
  }
});
