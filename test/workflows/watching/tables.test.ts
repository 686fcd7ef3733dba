import { ApplicationFailure } from '@temporalio/activity';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inRows, isTable } from '../../../src/domain/watching/state-table.js';
import { hypercareFor } from '../../support/hypercare-for.js';
import { WorkflowLab, type Room } from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const HOUR = 3_600_000;
type Asked = 'rows' | 'table';

/** How each segment of the service's watch is asked for. `isOld`: its worker knows rows alone, and says so as that one does. `breaks`: it fails for another reason. */
function asking(
  room: Room,
  isOld: (asked: readonly Asked[]) => boolean,
  breaks: (asked: readonly Asked[]) => boolean = () => false,
): Asked[] {
  const { world } = room;
  const observing = world.observing.bind(world);
  const all: Asked[] = [];
  world.observing = () => {
    const { observe, ...others } = observing();
    return {
      ...others,
      observe: async (request) => {
        if (!inRows(request).states.some(({ check, target }) => check === 'p95' && target === 'service'))
          return observe(request);
        const table = isTable(request.states);
        const [old, broken] = [isOld(all), breaks(all)];
        all.push(table ? 'table' : 'rows');
        if (broken) throw ApplicationFailure.nonRetryable('it broke');
        if (old && table) throw new TypeError('states is not iterable');
        return old ? inRows(await observe(request), inRows(request).states) : observe(request);
      },
    };
  };
  return all;
}
const room = () => lab.room((plan) => ({ ...plan, hypercare: hypercareFor(2 * HOUR) }));

test('the first segment is asked for in rows, those after a report in a table with a table', async () => {
  const watched = await room();
  const asked = asking(watched, () => false);
  expect(await (await watched.start()).result()).toMatchObject({ outcome: 'completed' });
  expect(asked.slice(0, 2)).toEqual(['rows', 'table']);
  expect(asked.filter((each) => each === 'rows')).toHaveLength(1);
});

test('workers that know rows alone are never given a table', async () => {
  const watched = await room();
  const asked = asking(watched, () => true);
  expect(await (await watched.start()).result()).toMatchObject({ outcome: 'completed' });
  expect(asked.length).toBeGreaterThan(10);
  expect(new Set(asked)).toEqual(new Set(['rows']));
});

test('one of two workers that knows rows alone refuses a table once: from then on it is rows, whoever has them', async () => {
  const watched = await room();
  const asked = asking(watched, ({ length }) => length === 5);
  const result = await (await watched.start()).result();
  expect(result).toMatchObject({ outcome: 'completed', hypercare: { blind: [] } });
  expect(asked.slice(4, 8)).toEqual(['table', 'table', 'rows', 'rows']);
  expect(asked.filter((each) => each === 'table')).toHaveLength(5);
});

test('after a segment that came to nothing whoever has the next one may know rows alone', async () => {
  const watched = await room();
  const asked = asking(
    watched,
    () => false,
    ({ length }) => length === 5,
  );
  expect(await (await watched.start()).result()).toMatchObject({ outcome: 'completed' });
  expect(asked.slice(4, 8)).toEqual(['table', 'table', 'rows', 'table']);
});
