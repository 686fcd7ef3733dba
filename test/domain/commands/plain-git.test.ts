import { describe, expect, test } from '@jest/globals';
import { branchFault, plainGit, treeFault } from '../../../src/domain/commands/plain-git.js';

const command = (environment: Record<string, string> = {}) => ({
  run: ['git', 'status'],
  deadline: 1_000,
  environment,
});

describe("git's settings come as an environment", () => {
  test('whose number is right', () => {
    const { run, environment } = plainGit(command({ LANG: 'C' }), {});
    const count = Number(environment['GIT_CONFIG_COUNT']);
    expect(run).toEqual(['git', 'status']);
    // What git warns of is read, so it has to be English.
    expect(environment).toMatchObject({ LANG: 'C', LANGUAGE: 'en' });
    expect(Object.keys(environment)).toHaveLength(2 * count + 3);
    for (let index = 0; index < count; index += 1)
      expect([environment[`GIT_CONFIG_KEY_${index}`], environment[`GIT_CONFIG_VALUE_${index}`]]).not.toContain(
        undefined,
      );
  });

  test("after the plan's own", () => {
    const own = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '/srv' };
    expect(plainGit(command(own), {}).environment).toMatchObject({
      ...own,
      GIT_CONFIG_COUNT: '9',
      GIT_CONFIG_KEY_1: 'status.branch',
    });
    expect(plainGit(command(), own).environment).toMatchObject({
      GIT_CONFIG_COUNT: '9',
      GIT_CONFIG_KEY_1: 'status.branch',
    });
    expect(plainGit(command({ GIT_CONFIG_COUNT: '${MINE}' }), {}).environment).toEqual({ GIT_CONFIG_COUNT: '${MINE}' });
  });
});

test.each([
  ['nothing', '', undefined],
  ['a header', '## main...origin/main [ahead 1]\n', undefined],
  ['a header in colours', '## \u001b[32mmain\u001b[m\n', undefined],
  ['a change below a header', '## main\n M app/main.py\n', 'not clean: M app/main.py'],
  ['a change in colours', ' \u001b[31mM\u001b[m a\n\u001b[31m??\u001b[m b\n', 'not clean: M a, ?? b'],
  ['a file whose name begins like a header', '?? "## main"\n', 'not clean: ?? "## main"'],
  ['what no git prints', '##main\nhello\n', 'not clean: ##main, hello'],
  ['many changes', '?? a\n'.repeat(1_000), `not clean: ${'?? a, '.repeat(20)}and 980 more`],
])('a tree of which git says %s', (_, stdout, fault) => {
  expect(treeFault({ stdout, stderr: '' })).toBe(fault);
});

const DENIED = "warning: could not open directory 'secret/': Permission denied";
test.each([
  ['that it could not look', '', `${DENIED}\n`, `git could not look everywhere: ${DENIED}`],
  [
    'the same in colours and with Windows line ends',
    '',
    `\u001b[33m${DENIED}\u001b[m\r\n`,
    `git could not look everywhere: ${DENIED}`,
  ],
  [
    'it of many places',
    '',
    `${DENIED}\n`.repeat(30),
    /^git could not look everywhere: (warning: .*?, ){20}and 10 more$/,
  ],
  ['it beside a change', ' M a\n', `${DENIED}\n`, `not clean: M a; git could not look everywhere: ${DENIED}`],
  ['that a file can not be read', '', "error: unable to open 'app.py': Permission denied\n", /^git could not look/],
  ['a hint', '', 'hint: use --ahead-behind\n', undefined],
  [
    "that a user's own settings are closed",
    '',
    "warning: unable to access '/root/.config/git/attributes': Permission denied\n",
    undefined,
  ],
])('a tree of which git warns %s', (_, stdout, stderr, fault) => {
  if (fault instanceof RegExp) expect(treeFault({ stdout, stderr })).toMatch(fault);
  else expect(treeFault({ stdout, stderr })).toBe(fault);
});

test.each([
  ['main\n', undefined],
  ['\u001b[32mmain\u001b[m\n', undefined],
  ['hotfix\n', 'on "hotfix", expected "main"'],
  ['', 'it printed no branch (a detached HEAD has none), expected "main"'],
])('a branch %j', (stdout, fault) => {
  expect(branchFault(stdout, 'main')).toBe(fault);
});
