import jestRunner = require('jest-runner');

/** Jest's runner, with one process: fleets of real processes beside each other take from one another what their tests need. */
export = class OneAtATime extends jestRunner.default {
  constructor(config: jestRunner.Config.GlobalConfig, context: jestRunner.TestRunnerContext) {
    super({ ...config, maxWorkers: 1 }, context);
  }
};
