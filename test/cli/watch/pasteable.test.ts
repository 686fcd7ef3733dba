import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { pasteable } from '../../../src/cli/watch/pasteable.js';

const run = promisify(execFile);

describe('a command that is broken into lines', () => {
  test.each([
    ['golive decide prod --hold x', 80, ['golive decide prod --hold x']],
    [
      'golive decide prod --hold gate-canary --choice go',
      45,
      ['golive decide prod --hold gate-canary \\', '  --choice go'],
    ],
    [
      "golive decide prod --by 'Ana Maria' --reason WHY",
      36,
      ['golive decide prod \\', "  --by 'Ana Maria' --reason WHY"],
    ],
  ])('%s', (command, cells, lines) => {
    expect(pasteable(command, cells)).toEqual(lines);
  });

  test.each(['golive decide prod --by ' + 'a'.repeat(60), 'golive decide prod --by \u001b[2J'])(
    'is not shown when it would be another one: %j',
    (command) => {
      expect(pasteable(command, 40)).toBeUndefined();
    },
  );

  test('is one command to a shell', async () => {
    const lines = pasteable(`printf %s, --by 'Ana  Maria' --choice "go" --reason it\\'s`, 24) ?? [];
    expect(lines.length).toBeGreaterThan(1);
    expect((await run('sh', ['-c', lines.join('\n')])).stdout).toBe("--by,Ana  Maria,--choice,go,--reason,it's,");
  });
});
