import { expect, test } from '@jest/globals';
import { wantedAt } from '../../../src/cli/completion/wanted.js';
import { golive } from '../../../src/cli/golive.js';

const program = golive(false, 'golive');
/** What fits in this place, typed with `|` as the cursor. */
function offered(line: string): string[] {
  const { begun, prefix, words, known } = wantedAt(program, line.split(' '));
  const fitting = words.filter(({ text }) => text.startsWith(begun)).map(({ text }) => prefix + text);
  return known ? [...fitting, `<${known}>`] : fitting;
}

test.each<[string, string[]]>([
  ['sta', ['start', 'status']],
  ['--ver', ['--version']],
  ['nonsense ', []],
  ['status ', ['<environments>']],
  ['status --js', ['--json']],
  ['status prod --json --dry', ['--dry-run']],
  ['status --home /srv/golive ', ['<environments>']],
  ['status --home ', []],
  ['decide prod --hold ', ['<holds>']],
  ['decide prod --hold soak --choice ', ['<choices>']],
  ['decide prod --hold=', ['<holds>']],
  ['decide prod --hold =', ['<holds>']],
  ['decide prod --hold = so', ['<holds>']],
  ['logs prod ', ['<steps>']],
  ['logs -f prod -n 3 ', ['<steps>']],
  ['alert prod --trigger ', ['<triggers>']],
  ['alert prod --state f', ['firing']],
  ['alert prod --state=f', ['--state=firing']],
  ['completion ', ['bash', 'zsh', 'fish']],
  ['list --ad', ['--address']],
])('golive %s', (line, words) => {
  expect(offered(line)).toEqual(words);
});

test('every command that help shows is offered, and every option of each; nothing hidden is', () => {
  expect(offered('')).toEqual(
    expect.arrayContaining(program.commands.filter((each) => each.name() !== '__complete').map((each) => each.name())),
  );
  expect(offered('')).not.toContain('__complete');
  for (const command of program.commands.filter((each) => each.name() !== '__complete'))
    expect(offered(`${command.name()} --`)).toEqual(
      expect.arrayContaining(command.options.flatMap(({ long }) => long ?? [])),
    );
});

test('what was said before counts for what is asked: the environment, the hold, another server', () => {
  expect(
    wantedAt(program, ['decide', 'prod', '--address', 'there:7233', '--hold=soak', '--choice', 'e']),
  ).toMatchObject({
    begun: 'e',
    environment: 'prod',
    options: { hold: 'soak', address: 'there:7233' },
    known: 'choices',
  });
});
