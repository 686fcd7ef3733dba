import { expect, test } from '@jest/globals';
import { buildLine } from '../../../src/cli/screens/build-line.js';
import { versioningOf } from '../../../src/cli/options/versioning-option.js';
import type { RunBuild } from '../../../src/temporal/run-build.js';

const NOW = Date.parse('2026-05-02T02:10:00Z');

test.each<[RunBuild, boolean, string | undefined]>([
  [{ id: '1+a', behavior: 'pinned', next: '1+a', workers: 1 }, true, 'build 1+a (pinned), 1 worker of it polls'],
  [{ id: '1+a', behavior: 'pinned', next: '1+a', workers: 2 }, true, 'build 1+a (pinned), 2 workers of it poll'],
  [{ id: '1+a', behavior: 'pinned', next: '1+a', workers: 0 }, true, 'build 1+a (pinned), no worker of it polls'],
  [{ id: '1+a', behavior: 'pinned', next: '1+a', workers: 0 }, false, 'build 1+a'],
  [
    { id: '1+a', behavior: 'pinned', next: '2+b', workers: 1 },
    true,
    'build 1+a, goes on with build 2+b (pinned), 1 worker of it polls',
  ],
  [
    { id: '2+b', behavior: 'auto-upgrade', next: '2+b', workers: 1 },
    true,
    'build 2+b (auto-upgrade), 1 worker of it polls',
  ],
  [{ id: '1+a', behavior: 'unversioned', workers: 1 }, true, 'build 1+a (not pinned), 1 worker polls'],
  [{ id: '1+a', behavior: 'unversioned', workers: 0 }, true, 'build 1+a (not pinned), no worker polls'],
  [
    { id: '1+a', behavior: 'unversioned', next: '2+b', workers: 2 },
    true,
    'build 1+a, goes on with build 2+b (not pinned), 2 workers of it poll',
  ],
  [{ behavior: 'unversioned', next: '2+b', workers: 1 }, true, 'no build yet, 2+b is next, 1 worker of it polls'],
  [{ behavior: 'unversioned', workers: 1 }, true, '1 worker polls'],
  [
    { id: '1+a', behavior: 'unversioned', workers: 1, seen: '2026-05-02T02:09:20Z' },
    true,
    'build 1+a (not pinned), 1 worker polls, last seen 40s ago',
  ],
  [
    { id: '1+a', behavior: 'unversioned', workers: 0, seen: '2026-05-02T02:07:00Z' },
    true,
    'build 1+a (not pinned), no worker polls, last seen 3m ago',
  ],
])('%j, running: %s', (build, running, line) => {
  expect(buildLine(build, running, NOW)).toBe(line);
});

test.each([
  [true, 'on'],
  ['on', 'on'],
  ['keep-current', 'keep-current'],
  ['off', 'off'],
])('--versioning %s is %s', (versioning, wanted) => {
  expect(versioningOf({ versioning }, 'golive')).toBe(wanted);
});

test('another word, or a queue that can’t have versioning, is refused', () => {
  expect(() => versioningOf({ versioning: 'yes' }, 'golive')).toThrow(
    '--versioning (GOLIVE_VERSIONING) is one of on, keep-current, off, not "yes".',
  );
  expect(() => versioningOf({ versioning: 'on' }, 'go.live')).toThrow(/"go\.live" can't be used with versioning/);
  expect(versioningOf({ versioning: 'off' }, 'go.live')).toBe('off');
});
