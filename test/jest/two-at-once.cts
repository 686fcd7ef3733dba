import jestRunner = require('jest-runner');

/** Jest's runner, with two processes at most: each has a server, and three servers take from one another what their tests need. */
export = class TwoAtOnce extends jestRunner.default {
  constructor(config: jestRunner.Config.GlobalConfig, context: jestRunner.TestRunnerContext) {
    super({ ...config, maxWorkers: Math.min(2, config.maxWorkers) }, context);
  }
};
