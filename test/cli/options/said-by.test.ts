import { expect, test } from '@jest/globals';
import { Command } from 'commander';
import { fillIn } from '../../../src/cli/options/said-by.js';

const given = (reason: string) => new Command().option('--reason <text>').setOptionValue('reason', reason);

test('an option that is blank counts as left out: it is filled in', async () => {
  const command = given(' ');
  await fillIn(command, 'reason', 'Why?', 'as known');
  expect(command.opts()).toEqual({ reason: 'as known' });
});

test('what is given stays', async () => {
  const command = given('errors rise');
  await fillIn(command, 'reason', 'Why?', 'as known');
  expect(command.opts()).toEqual({ reason: 'errors rise' });
});
