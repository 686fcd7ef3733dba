import { expect, test } from '@jest/globals';
import { buildIdOf, ownBuildId } from '../src/build-id.js';
import { version } from '../src/version.js';

const bundle = (code: string, map: string) =>
  `${code}\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${map}`;

test('a build is the version and the workflow code, wherever it was built', () => {
  const id = buildIdOf('0.1.0', bundle('code', 'YQ=='));
  expect(id).toMatch(/^0\.1\.0\+[0-9a-f]{12}$/);
  expect(buildIdOf('0.1.0', bundle('code', 'Yg=='))).toBe(id);
  expect(buildIdOf('0.1.0', bundle('other code', 'YQ=='))).not.toBe(id);
  expect(buildIdOf('0.2.0', bundle('code', 'YQ=='))).toBe(id.replace('0.1.0', '0.2.0'));
});

test('a bundle without a source map counts whole', () => {
  expect(buildIdOf('1', 'a')).not.toBe(buildIdOf('1', 'b'));
});

test('this golive has one', async () => {
  expect(await ownBuildId()).toMatch(new RegExp(`^${version().replaceAll('.', '\\.')}\\+[0-9a-f]{12}$`));
});
