import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { golive } from '../../src/cli/golive.js';
import { printedCommands, refusalOf, wrongCommands } from '../support/printed-commands.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const documents = [
  'README.md',
  'sandbox/README.md',
  ...readdirSync(path.join(root, 'docs')).map((file) => `docs/${file}`),
].filter((file) => file.endsWith('.md'));
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const blocks = (text: string) => [...text.matchAll(/^```bash\n([^]*?)^```/gm)].map(([, block = '']) => block);
/** `golive status prod` in a sentence; not `golive status <environment>`, which is no command. */
const inline = (text: string) =>
  [...text.replace(/^```[^]*?^```/gm, '').matchAll(/`((?:npx )?golive [^`<>[\]…|\\]+)`/g)].map(
    ([, command = '']) => command,
  );

test.each(documents)('every command of golive in %s is one that golive takes as it stands', async (file) => {
  expect(await wrongCommands(blocks(read(file)).join('\n'))).toEqual([]);
});

test.each(documents)('every command of golive in a sentence of %s has a subcommand that is there', (file) => {
  const known = golive(true, 'golive').commands.map((each) => each.name());
  const named = inline(read(file)).map((command) => command.replace(/^npx /, '').split(' ')[1]);
  expect(named.filter((name) => name !== '--help' && !known.includes(name ?? ''))).toEqual([]);
});

test('every example in the help is one that golive takes as it stands', async () => {
  for (const command of golive(true, 'golive').commands.filter((each) => !each.name().startsWith('__'))) {
    let help = '';
    command.configureOutput({ writeOut: (text) => void (help += text) }).outputHelp();
    expect(printedCommands(help).length).toBeGreaterThan(0);
    expect(await wrongCommands(help)).toEqual([]);
  }
});

test('a command that golive does not take is found', async () => {
  expect(await wrongCommands('  golive start prod --release RC.3\n')).toEqual([
    expect.stringContaining("required option '--previous <tag>' not specified"),
  ]);
  expect(await refusalOf('golive abort prod --why "it fails"')).toContain('unknown option');
  expect(await refusalOf(`golive decide prod --hold h --choice 'roll back' --by "Ana Ek"`)).toBeUndefined();
  expect(printedCommands('say golive status prod\n  npx golive plan \\\n    prod | head # all\n')).toEqual([
    'golive plan prod',
  ]);
});
