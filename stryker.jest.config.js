export default {
  testMatch: ['<rootDir>/dist/test/domain/**/*.test.js'],
  testEnvironment: 'node',
  transform: {},
};
