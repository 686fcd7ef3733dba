import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  ANSWERS,
  hear,
  isLive,
  isNews,
  versionEvery,
  type LiveVersion,
} from '../../../src/domain/hypercare/heard-version.js';
import { runs } from '../../support/property-runs.js';

const releases = { release: 'RC.3', previousRelease: 'RC.2' };
const after = (...answers: string[]) =>
  answers.reduce<LiveVersion>((live, answer) => hear(live, answer, releases), { answers: [] });
const times = (count: number, answer: string) => Array<string>(count).fill(answer);

describe('an alarm about the live version', () => {
  test.each([
    ['the release', times(9, 'RC.3'), undefined],
    ['four foreign answers', times(ANSWERS - 1, 'RC.9'), undefined],
    ['five', times(ANSWERS, 'RC.9'), { kind: 'foreign', version: 'RC.9' }],
    ['five, one of them the release', [...times(3, 'RC.9'), 'RC.3', 'RC.9'], undefined],
    [
      'some of the release afterwards: it is still about',
      [...times(5, 'RC.9'), 'RC.3', 'RC.3'],
      { kind: 'foreign', version: 'RC.9' },
    ],
    ['nothing foreign any more', [...times(5, 'RC.9'), ...times(5, 'RC.3')], undefined],
    ['the previous one', times(5, 'RC.2'), { kind: 'previous', version: 'RC.2' }],
    [
      'foreign, then the previous one',
      [...times(5, 'RC.9'), ...times(5, 'RC.2')],
      { kind: 'previous', version: 'RC.2' },
    ],
    [
      'two foreign ones side by side are one alarm',
      ['RC.9', 'RC.8', 'RC.9', 'RC.8', 'RC.9', 'RC.8'],
      { kind: 'foreign', version: 'RC.9' },
    ],
  ])('%s', (_, answers, alarm) => {
    expect(after(...answers).alarm).toEqual(alarm);
  });

  test('is there when the last five agree, and gone when none of them says so', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('RC.3', 'RC.2', 'RC.9', 'RC.8'), { maxLength: 40 }), (answers) => {
        const { alarm, answers: kept } = after(...answers);
        const last = answers.slice(-ANSWERS);
        const foreign = (each: string) => each !== 'RC.3' && each !== 'RC.2';
        expect(kept).toEqual(last);
        if (last.length === ANSWERS && last.every(foreign)) expect(alarm?.kind).toBe('foreign');
        if (!last.some(foreign)) expect(alarm?.kind).not.toBe('foreign');
        if (!last.includes('RC.2')) expect(alarm?.kind).not.toBe('previous');
        if (alarm) expect(answers).toContain(alarm.version);
      }),
      runs(),
    );
  });

  test('is news when it begins, changes or ends, and not with each answer', () => {
    const five = after(...times(5, 'RC.9'));
    expect(isNews(after(...times(4, 'RC.9')), five)).toBe(true);
    expect(isNews(five, hear(five, 'RC.9', releases))).toBe(false);
    expect(isNews(five, after(...times(5, 'RC.3')))).toBe(true);
  });
});

test('the release is live when every one of the last answers says so', () => {
  expect(isLive(after('RC.3'), 'RC.3')).toBe(true);
  expect(isLive(after('RC.3', 'RC.2'), 'RC.3')).toBe(false);
  expect(isLive({ answers: [] }, 'RC.3')).toBe(false);
});

test.each([
  ['the check that looks most often', [30_000, 10_000], 10_000],
  ['a minute at least', [60_001, 300_000], 60_000],
  ['a minute without checks', [], 60_000],
])('the version is asked for as often as %s', (_, intervals, every) => {
  expect(versionEvery({ checks: intervals.map((each) => ({ every: each })) })).toBe(every);
});
