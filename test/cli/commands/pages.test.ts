import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startPages, type Pages } from '../../../src/report/page-thread.js';
import { keep, RUN, slowRelease } from '../../support/kept-story.js';

let folder: string;
let pages: Pages;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'pages-'));
  keep(await slowRelease(), folder);
  pages = await startPages(folder, { host: '127.0.0.1', port: 0 }, () => undefined);
});
afterEach(async () => {
  await pages.stop();
  rmSync(folder, { recursive: true, force: true });
});
const OF = `go-live-sandbox/${RUN}`;
const get = async (at: string) => {
  const response = await fetch(`${pages.address}${at}`);
  return { status: response.status, text: await response.text() };
};

test('what can’t be read of one go-live keeps nobody from the pages', async () => {
  for (const other of ['a', 'b', 'c', 'd']) mkdirSync(path.join(folder, 'go-live-prod', other), { recursive: true });
  const place = (other: string, name: string) => path.join(folder, 'go-live-prod', other, name);
  writeFileSync(place('a', 'decided-1.jsonl.gz'), 'not compressed');
  symlinkSync('/nowhere', place('b', 'decided-1.jsonl'));
  mkdirSync(place('c', 'decided-1.jsonl'));
  writeFileSync(place('d', 'decided-1.jsonl'), 'null\n{"kind":"course"}\n{"kind":"run","n":"x"}\n');
  const list = await get('');
  expect(list).toMatchObject({ status: 200, text: expect.stringContaining(`/${OF}`) });
  expect(list.text).not.toContain('go-live-prod');
  expect((await get(OF)).text).toContain('<title>Rolled back');
});

test('many who ask at once all get the page', async () => {
  const all = await Promise.all(Array.from({ length: 100 }, (_, index) => get(index % 2 === 0 ? OF : '')));
  expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(all.map(({ text }) => text)).size).toBe(2);
});

test('who opens connections and says nothing keeps nobody from the pages', async () => {
  const { hostname, port } = new URL(pages.address);
  const silent = Array.from({ length: 40 }, () => connect(Number(port), hostname).on('error', () => undefined));
  try {
    await Promise.all(silent.map((each) => new Promise((resolve) => each.once('connect', resolve))));
    expect((await get('')).status).toBe(200);
  } finally {
    for (const each of silent) each.destroy();
  }
});
