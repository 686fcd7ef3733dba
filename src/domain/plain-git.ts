import type { Command } from './playbook.js';

/**
 * What golive asks of git whatever the user, the host or the checkout has configured: a header or colours are no change, and what is hidden (untracked
 * files, a user's own ignores, a submodule's changes, what a monitor program keeps to itself) is one.
 */
const PLAIN: readonly (readonly [key: string, value: string])[] = [
  ['status.branch', 'false'],
  ['status.showUntrackedFiles', 'normal'],
  ['color.ui', 'false'],
  ['color.status', 'false'],
  ['core.excludesFile', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['diff.ignoreSubmodules', 'none'],
];

/**
 * The command with an environment in which git works by its own defaults; the plan's text stays as it is. Another program doesn't mind.
 * @param around the variables of the whole environment: settings that the plan makes in this way stay, and come before these
 */
export function plainGit(command: Command, around: Readonly<Record<string, string>>): Command {
  const count = 'GIT_CONFIG_COUNT';
  const before = Number(command.environment[count] ?? around[count] ?? 0);
  // A number that only the host knows: the plan has taken it into its own hands.
  if (!Number.isInteger(before)) return command;
  const settings = PLAIN.flatMap(([key, value], index): [string, string][] => [
    [`GIT_CONFIG_KEY_${before + index}`, key],
    [`GIT_CONFIG_VALUE_${before + index}`, value],
  ]);
  return {
    ...command,
    environment: { ...command.environment, ...Object.fromEntries(settings), [count]: String(before + PLAIN.length) },
  };
}

const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g');
const MOST_SHOWN = 20;

/** Why `git branch --show-current` isn't as expected; undefined when it is. */
export function branchFault(stdout: string, expected: string): string | undefined {
  const branch = stdout.replace(COLOURS, '').trim();
  if (branch === expected) return undefined;
  return branch === ''
    ? `it printed no branch (a detached HEAD has none), expected "${expected}"`
    : `on "${branch}", expected "${expected}"`;
}

/** Why `git status --short` shows no clean tree; undefined when it does. An older git knows no settings from outside: its header and colours are read over. */
export function treeFault(stdout: string): string | undefined {
  const changes = stdout
    .replace(COLOURS, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('## '));
  if (changes.length === 0) return undefined;
  const more = changes.length - MOST_SHOWN;
  return `not clean: ${[...changes.slice(0, MOST_SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].join(', ')}`;
}
