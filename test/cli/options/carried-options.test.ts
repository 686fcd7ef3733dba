import { expect, test } from '@jest/globals';
import { Command } from 'commander';
import { carriedOptions } from '../../../src/cli/options/carried-options.js';
import { withHome, withJson, withPlaybook, withServer } from '../../../src/cli/options/shared-options.js';
import type { Subcommand } from '../../../src/domain/text/as-called.js';

/** What the command that is called carries into another one that it prints. */
function carried(args: string[], printed: Subcommand, env: NodeJS.ProcessEnv = {}): string {
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    const up = withJson(withPlaybook(withHome(new Command('up'))))
      .option('--port <number>', '', Number)
      .option('--ui-port <number>', '', Number)
      .option('--page <host:port>')
      .option('--no-page')
      .option('--metrics [host:port]', '', env['GOLIVE_METRICS'] ?? 'off');
    const watch = withJson(withServer(new Command('watch')));
    const plan = withPlaybook(new Command('plan'));
    const commands = [up, watch, plan];
    const self = commands.find((each) => each.name() === args[0]) ?? up;
    self.parse(args.slice(1), { from: 'user' });
    return carriedOptions(self, commands, env)(printed);
  } finally {
    process.env = before;
  }
}

const HOME = { GOLIVE_HOME: '/var/lib/my golive' };

test.each<[args: string[], printed: Subcommand, env: NodeJS.ProcessEnv, expected: string]>([
  [['up'], 'up', {}, ''],
  [['up', '--port', '7300', '--ui-port', '0', '--json'], 'up', {}, '--port 7300 --ui-port 0'],
  [['up', '--home', '/h', '--port', '7300', '--metrics'], 'up', {}, '--home /h --port 7300 --metrics'],
  [['up', '--metrics', '127.0.0.1:9500', '--no-page'], 'up', {}, '--no-page --metrics 127.0.0.1:9500'],
  [['up', '--page', '127.0.0.1:0'], 'up', {}, '--page 127.0.0.1:0'],
  // Another command takes the places alone.
  [['up', '--home', '/h', '--port', '7300', '--metrics'], 'watch', {}, '--home /h'],
  [['up', '--port', '7300', '--playbook', 'a.yaml'], 'plan', {}, '--playbook a.yaml'],
  // It is pasted into another shell.
  [['up'], 'watch', HOME, "--home '/var/lib/my golive'"],
  [['up', '--home', '/h'], 'watch', HOME, '--home /h'],
  [
    ['up'],
    'up',
    { ...HOME, GOLIVE_PLAYBOOK: '/etc/p.yaml', GOLIVE_METRICS: 'on' },
    "--home '/var/lib/my golive' --playbook /etc/p.yaml --metrics on",
  ],
  [['watch'], 'watch', HOME, ''],
  [['watch', '--address', 'a:1'], 'watch', HOME, '--address a:1'],
])('%j prints %s, with %j in its shell, as %j', (args, printed, env, expected) => {
  expect(carried(args, printed, env)).toBe(expected);
});

test('a variable that is relative is where this one runs', () => {
  expect(carried(['up'], 'watch', { GOLIVE_HOME: 'here' })).toBe(`--home ${process.cwd()}/here`);
});
