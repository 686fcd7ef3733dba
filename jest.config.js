// The tests run as compiled by `npm run build`: the very files that ship, without a second compiler in between.
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/dist/test'],
  testMatch: ['**/*.test.js'],
  transform: {},
  // Only what hangs comes to it: also on a busy machine a test takes as long as it takes.
  testTimeout: 300_000,
  // One file at a time: real servers and fleets beside each other take from one another what their tests need.
  maxWorkers: 1,
};
