import { expect, test } from '@jest/globals';
import { whoIsHere } from '../../../src/cli/options/who.js';

const PATH = process.env['PATH'];
const git = (name: string) => ({
  PATH,
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'user.name',
  GIT_CONFIG_VALUE_0: name,
});

test.each([
  ['as git knows them', git('Ana Ek'), 'Ana Ek'],
  ['before they became root', { ...git('root'), SUDO_USER: 'ana' }, 'ana'],
  ['on one line', git('Ana\nEk'), 'Ana Ek'],
  ['where there is no git', { PATH: '/nowhere', SUDO_USER: 'bo' }, 'bo'],
])('who is here: %s', (_, env, expected) => expect(whoIsHere(env)).toBe(expected));

test('never root', () => expect(whoIsHere({ ...git(''), SUDO_USER: 'root' })).not.toBe('root'));
