// Mutants of the rules (npm run campaign -- mutants): each is judged by the tests of src/domain alone, which are to kill it without a workflow.
export default {
  mutate: ['src/domain/**/*.ts'],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: { projectType: 'custom', configFile: 'stryker.jest.config.js', enableFindRelatedTests: false },
  buildCommand: 'npx tsc -p tsconfig.json',
  coverageAnalysis: 'perTest',
  // A mutant of what a module does when it is loaded would need a process of its own.
  ignoreStatic: true,
  ignorePatterns: ['/dist', '/.golive', '/deploy/secrets'],
  tempDirName: '.golive/mutants',
  reporters: ['clear-text', 'html', 'json'],
  htmlReporter: { fileName: '.golive/campaign/mutants.html' },
  jsonReporter: { fileName: '.golive/campaign/mutants.json' },
  clearTextReporter: { allowColor: false, logTests: false },
  allowConsoleColors: false,
};
