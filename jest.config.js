// The tests run as compiled by `npm run build:all`: the very files that ship, without a second compiler in between.
// Whoever names a file wants all of it.
const WITH_VALUE =
  /^(-[tw]|--(selectProjects|ignoreProjects|testNamePattern|maxWorkers|outputFile|reporters|testTimeout))$/;
const names = process.argv
  .slice(2)
  .filter((word, index, all) => !/^-/.test(word) && !WITH_VALUE.test(all[index - 1] ?? ''));
if (names.length > 0) process.env.GOLIVE_TESTS ??= 'full';
const { GOLIVE_CAMPAIGN, GOLIVE_TESTS } = process.env;
// Quick by itself; what is thorough and the campaign: test/README.md.
const LEFT_OUT =
  GOLIVE_CAMPAIGN !== undefined
    ? []
    : ['\\.campaign\\.test\\.js$', ...(GOLIVE_TESTS === 'full' ? [] : ['\\.thorough\\.test\\.js$'])];
const project = (displayName, folders, runner) => ({
  displayName,
  testMatch: folders.map((folder) => `<rootDir>/dist/test/${folder ? `${folder}/**/` : ''}*.test.js`),
  testEnvironment: '<rootDir>/dist/test/jest/environment.js',
  setupFilesAfterEnv: ['<rootDir>/dist/test/jest/after-each.js'],
  globalSetup: '<rootDir>/dist/test/jest/before-all.js',
  globalTeardown: '<rootDir>/dist/test/jest/after-all.js',
  testPathIgnorePatterns: LEFT_OUT,
  transform: {},
  ...(runner === undefined ? {} : { runner: `<rootDir>/dist/test/jest/${runner}.cjs` }),
});

export default {
  // What each is for, where a new test belongs and what it may cost: test/README.md.
  projects: [
    project('unit', [
      '',
      'domain',
      'plans',
      'docs',
      'structure',
      'activities',
      'receiver',
      'exporter',
      'report',
      'cli',
      'bench',
    ]),
    project('workflows', ['workflows'], 'two-at-once'),
    project(
      'processes',
      ['ledger', 'journals', 'sandbox', 'temporal', 'watchdog', 'keeper', 'deploy', 'end-to-end'],
      // Clocks and kills by the hundred want the machine for themselves.
      GOLIVE_CAMPAIGN !== undefined || GOLIVE_TESTS === 'full' ? 'one-at-a-time' : 'two-at-once',
    ),
  ],
  reporters: ['default', '<rootDir>/dist/test/jest/running-tests.js'],
  // Only what hangs comes to it: also on a busy machine a test takes as long as it takes.
  testTimeout: 300_000,
  maxWorkers: '100%',
  // A process that has grown to it between two files is replaced by a new one.
  workerIdleMemoryLimit: '700MB',
};
