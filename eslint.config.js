import { readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import tseslint from 'typescript-eslint';

const nodeBuiltins = builtinModules.flatMap((name) => [name, `node:${name}`]);

/** What each room of src may import besides itself: dependencies point inwards. The files beside the rooms count as rooms. */
const MAY_IMPORT = {
  domain: [],
  workflows: ['domain'],
  'make-directory': [],
  'durable-file': ['make-directory'],
  ledger: ['durable-file'],
  temporal: ['domain', 'durable-file', 'make-directory'],
  plans: ['domain', 'durable-file', 'make-directory'],
  receiver: ['domain', 'temporal'],
  journals: ['domain', 'durable-file'],
  report: ['domain', 'durable-file', 'journals', 'receiver'],
  activities: ['domain', 'durable-file', 'make-directory', 'ledger', 'plans', 'temporal', 'journals'],
  exporter: ['domain', 'temporal'],
  watchdog: ['domain', 'durable-file', 'activities', 'plans', 'temporal'],
};
const SRC = readdirSync('src', { withFileTypes: true });
const FOLDERS = SRC.filter((entry) => entry.isDirectory()).map(({ name }) => name);
const FILES = SRC.flatMap(({ name }) => (name.endsWith('.ts') ? [name.slice(0, -'.ts'.length)] : []));
/** Of these, types may be used: what a workflow asks for is typed by the activity that does it. */
const TYPES_OF = { workflows: ['activities'] };

const inwards = Object.entries(MAY_IMPORT).map(([room, allowed]) => {
  const types = TYPES_OF[room] ?? [];
  const forbidden = [...FOLDERS, ...FILES].filter(
    (other) => other !== room && !allowed.includes(other) && !types.includes(other),
  );
  const files = (rooms) => rooms.map((other) => (FOLDERS.includes(other) ? `**/${other}/**` : `**/${other}.js`));
  const patterns = [
    {
      group: files(forbidden),
      message: `Dependencies point inwards: ${room} may import ${allowed.join(', ') || 'only itself'}.`,
    },
    ...(types.length > 0
      ? [{ group: files(types), allowTypeImports: true, message: 'Dependencies point inwards: types only.' }]
      : []),
    ...(room === 'domain' ? [{ group: ['@temporalio/*'], message: 'The rules know nothing of Temporal.' }] : []),
  ];
  return {
    files: [`src/${room}/**/*.ts`, `src/${room}.ts`],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
  };
});

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.golive/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      eqeqeq: 'error',
    },
  },
  ...inwards,
  {
    // Workflow code and the rules it uses must be deterministic: no Node module.
    files: ['src/workflows/**/*.ts', 'src/domain/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: nodeBuiltins.map((name) => ({ name, message: 'Workflow code imports no Node module.' })) },
      ],
    },
  },
);
