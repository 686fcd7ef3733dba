import { expect, test } from '@jest/globals';
import { foreignVersions, isOnly, liveText } from '../../../src/domain/hypercare/live-version.js';

const releases = { release: 'RC.3', previousRelease: 'RC.2' };

test.each([
  [{ versions: { 'RC.2': 30 }, without: {} }, [], true, 'RC.2 ×30'],
  [{ versions: { 'RC.2': 20, 'RC.3': 10 }, without: {} }, [], false, 'RC.2 ×20, RC.3 ×10'],
  [
    { versions: { 'RC.2': 29 }, without: { 'no version (status 503)': 1 } },
    [],
    false,
    'RC.2 ×29, no version (status 503) ×1',
  ],
  [{ versions: { 'RC.4': 1, 'RC.2': 29 }, without: {} }, ['RC.4'], false, 'RC.4 ×1, RC.2 ×29'],
  [{ versions: {}, without: { 'no version (reset)': 30 } }, [], false, 'no version (reset) ×30'],
])('%j', (live, foreign, onlyPrevious, text) => {
  expect(foreignVersions(live, releases)).toEqual(foreign);
  expect(isOnly(live, 'RC.2')).toBe(onlyPrevious);
  expect(liveText(live)).toBe(text);
});
