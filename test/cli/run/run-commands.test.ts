import { expect, test } from '@jest/globals';
import { CliError } from '../../../src/cli/exit/cli-error.js';
import { commandNamed, tellingCommand, type RunCommand } from '../../../src/cli/run/run-commands.js';

const command = (name: string, state: string): RunCommand => {
  const [step = '', generation] = name.split('.');
  return { step, generation: Number(generation), state, lastLine: '' };
};

test.each<[string, RunCommand[], string | undefined]>([
  ['none', [], undefined],
  ['the last one where all went well', [command('a.1', 'exit 0'), command('b.1', 'exit 0')], 'b'],
  ['the failed one, whatever came after it', [command('a.1', 'exit 1'), command('rollback.1', 'exit 0')], 'a'],
  ['the one that failed last', [command('a.1', 'exit 1'), command('b.1', 'stopped at its deadline')], 'b'],
  ['the one that runs', [command('a.1', 'exit 1'), command('b.1', 'running')], 'b'],
  ['the one that is being stopped', [command('a.1', 'being stopped'), command('b.1', 'exit 1')], 'a'],
  [
    'one that a person has vouched for has not failed',
    [command('a.1', 'exit 1'), command('b.1', 'outcome unknown, treated as done by Ana')],
    'a',
  ],
])('without a step: %s', (_, commands, step) => {
  expect(tellingCommand(commands)?.step).toBe(step);
});

test('a step is its last attempt, a step with a number that attempt, and an unknown one is told which there are', () => {
  const commands = [command('a.1', 'exit 1'), command('a.2', 'exit 0'), command('b.1', 'running')];
  expect(commandNamed(commands, 'a').generation).toBe(2);
  expect(commandNamed(commands, 'a.1').generation).toBe(1);
  expect(() => commandNamed(commands, 'c')).toThrow(
    new CliError(2, 'This run has run no step "c". It has:\n  a.1  exit 1\n  a.2  exit 0\n  b.1  running'),
  );
  expect(() => commandNamed([], 'c')).toThrow(/has run no command yet/);
});
