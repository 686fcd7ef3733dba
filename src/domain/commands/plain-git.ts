import type { Command } from '../plan/playbook.js';

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
    environment: {
      ...command.environment,
      ...Object.fromEntries(settings),
      [count]: String(before + PLAIN.length),
      // What it warns of is read below. Other than LC_ALL this leaves the encoding as it is.
      LANGUAGE: 'en',
    },
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

/**
 * Why `git status --short` shows no clean tree; undefined when it does. An older git knows no settings from outside: its header and colours are read
 * over. What it warns that it could not look at may hold a change.
 */
export function treeFault({
  stdout,
  stderr,
}: {
  readonly stdout: string;
  readonly stderr: string;
}): string | undefined {
  const changes = linesOf(stdout).filter((line) => !line.startsWith('## '));
  const unseen = linesOf(stderr).filter((line) => COULD_NOT.test(line) && !USERS_OWN.test(line));
  const faults = [
    ...(changes.length > 0 ? [`not clean: ${listed(changes)}`] : []),
    ...(unseen.length > 0 ? [`git could not look everywhere: ${listed(unseen)}`] : []),
  ];
  return faults.length > 0 ? faults.join('; ') : undefined;
}

const COULD_NOT = /^(warning|error|fatal): .*\b(could not|couldn't|unable to|cannot|can't|failed to)\b/;
/** A user's or a host's settings, as under `sudo`, that git can do without: they hide nothing in the checkout. */
const USERS_OWN = /^warning: unable to access '[^']*\/(\.config\/git\/(attributes|ignore)|etc\/gitattributes)'/;

const linesOf = (text: string): string[] =>
  text
    .replace(COLOURS, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

function listed(lines: readonly string[]): string {
  const more = lines.length - MOST_SHOWN;
  return [...lines.slice(0, MOST_SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}
