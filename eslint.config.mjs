import nxDevkit from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import { defineConfig } from 'eslint/config';
import { builtinModules } from 'node:module';
import ts from 'typescript-eslint';

// The boundary rule reads Nx's cached project graph and silently switches itself off without one (a fresh clone).
// Making the graph here keeps it honest, and lets the boundaries below follow the tags in the package.json files.
const { nodes } = await nxDevkit.createProjectGraphAsync({ exitOnError: false });
const projects = Object.values(nodes).map((node) => ({
  name: node.name,
  root: node.data.root,
  tags: node.data.tags ?? [],
  scope: (node.data.tags ?? []).find((tag) => tag.startsWith('scope:')),
  isProgram: node.data.metadata?.js?.packageExports === undefined,
}));
const tagged = (...tags) => projects.filter((project) => tags.every((tag) => project.tags.includes(tag)));
const sourcesOf = (some) => some.map(({ root }) => `${root}/src/**/*.{ts,tsx}`);
const scopesOf = (some) => [...new Set(some.map(({ scope }) => scope))];

const apps = projects.filter(({ root }) => root.startsWith('apps/'));
const programs = projects.filter(({ isProgram }) => isProgram);
const workers = apps.filter(({ root }) => root.endsWith('-worker'));
const orchestrator = apps.filter(({ root }) => root === 'apps/orchestrator');
const prismaOwners = apps.filter(({ root }) => root === 'apps/orchestrator' || root === 'apps/billing');
const contracts = tagged('type:contracts');
const portable = [...tagged('runtime:browser'), ...tagged('runtime:any')];

const typescript = ['**/*.ts', '**/*.tsx'];
const tests = ['**/*.spec.{ts,tsx}', '**/test/**/*.{ts,tsx}', 'apps/e2e/**/*.ts'];
const notForWorkflowContracts = [
  '@nestjs/*',
  '@prisma/*',
  '@temporalio/worker',
  '@temporalio/client',
  '@temporalio/activity',
];

/** Which project may import which. Tests may also use the testing library, whatever they test. */
const boundaries = (forTests) => {
  const testing = forTests ? ['type:testing'] : [];
  const node = forTests ? ['runtime:node'] : [];
  const dependsOn = (sourceTag, ...tags) => ({ sourceTag, onlyDependOnLibsWithTags: tags });
  return [
    ...scopesOf(projects).map((scope) => dependsOn(scope, ...new Set([scope, 'scope:shared']))),
    ...scopesOf(projects)
      .filter((scope) => !scopesOf(prismaOwners).includes(scope))
      .map((sourceTag) => ({ sourceTag, bannedExternalImports: ['prisma', '@prisma/*'] })),
    ...scopesOf(workers).map((sourceTag) => ({ sourceTag, bannedExternalImports: ['pg', 'pg-*'] })),
    dependsOn('type:app', 'type:contracts', 'type:infrastructure', 'type:tool', ...testing),
    dependsOn('type:e2e', 'type:contracts', 'type:infrastructure', 'type:tool', 'type:testing'),
    dependsOn('type:infrastructure', 'type:contracts', 'type:infrastructure', ...testing),
    dependsOn('type:testing', 'type:contracts', 'type:infrastructure', 'type:tool', 'type:testing'),
    dependsOn('type:tool', 'type:contracts', 'type:infrastructure', 'type:tool', ...testing),
    dependsOn('type:contracts', 'type:contracts', ...testing),
    ...(forTests ? [] : [{ sourceTag: 'type:contracts', bannedExternalImports: notForWorkflowContracts }]),
    dependsOn('runtime:browser', 'runtime:browser', 'runtime:any', ...node),
    dependsOn('runtime:any', 'runtime:any', ...node),
    dependsOn('runtime:node', 'runtime:node', 'runtime:any'),
  ];
};
const moduleBoundaries = (forTests) => [
  'error',
  {
    enforceBuildableLibDependency: true,
    // A test enters a library through its published entries, as everybody else does.
    allowCircularSelfDependency: forTests,
    allow: [],
    depConstraints: boundaries(forTests),
  },
];

// Both rules below take the last matching block whole, so every block says again what holds everywhere.
const restrictImports = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns: [noPrograms, ...patterns] }],
});
const restrictSyntax = (...selectors) => ({ 'no-restricted-syntax': ['error', ...syntax, ...selectors] });

const noPrograms = {
  regex: `^(${programs.map(({ name }) => name).join('|')})(/|$)`,
  message:
    'An app is a process, not a library: nobody imports it, the provider sandbox least of all, nor a tool that is run.',
};
const noTesting = {
  regex: '^(@uno/testing|@jest/globals)(/|$)|^@uno/[^/]+/testing$',
  message: 'Test code stays in tests.',
};
const noServices = {
  regex: '^@uno/(?!workflow-contracts)[^/]+-contract(/|$)',
  message: 'The orchestrator knows services by registration alone.',
};
const noNode = {
  regex: `^(node:.+|${builtinModules.filter((name) => !name.startsWith('_')).join('|')})$`,
  message: 'This code also runs in a browser or in the workflow sandbox.',
};
const onlyZod = {
  regex: '^(?!zod$|\\.{1,2}/|@uno/workflow-contracts$)',
  message: 'The root entry of a contract is a leaf: it imports zod and other contracts only.',
};
const onlyTemporalWorkflow = {
  regex: '^(?!@temporalio/(workflow|common)$|zod$|\\.{1,2}/)',
  message: "The workflow entry may import @temporalio/workflow and zod: it is bundled into every team's workflows.",
};
const onlyWorkflowImports = {
  regex: '^(?!@temporalio/workflow$|@uno/workflow-contracts(/workflow)?$|@uno/[^/]+-contract$|\\./|\\.\\./activities/)',
  message: 'Workflow code imports @temporalio/workflow, the contracts, its neighbours and types of ../activities.',
};
const activitiesAsTypes = {
  regex: '^\\.\\./activities/',
  allowTypeImports: true,
  message: 'Activities run elsewhere: a workflow imports their types only.',
};

const syntax = [
  {
    selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
    message: 'Named exports only: one name for one thing, everywhere.',
  },
  { selector: 'TSEnumDeclaration', message: 'A string union instead of an enum.' },
];
const noDynamicImport = { selector: 'ImportExpression', message: 'A workflow is bundled: no dynamic import.' };
const noAdminRoute = {
  selector: 'Literal[value=/(^|\\u002F)admin\\u002F/], TemplateElement[value.raw=/(^|\\u002F)admin\\u002F/]',
  message: "The sandbox's admin routes are for tests and operators: production code would not find them at a provider.",
};

export default defineConfig(
  { ignores: ['**/dist/', '**/generated/', '**/coverage/', '.nx/', '.uno/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ts.configs.recommended,
  {
    files: typescript,
    extends: [ts.configs.recommendedTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: {
      parserOptions: {
        // One program for Node and one for the browser take half the time of one per project.
        project: ['./tsconfig.lint.json', './apps/web/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
        // consistent-type-imports leaves files with decorators alone: Nest needs constructor types as values.
        emitDecoratorMetadata: true,
        experimentalDecorators: true,
      },
    },
    rules: {
      '@nx/enforce-module-boundaries': moduleBoundaries(false),
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      // no-base-to-string refuses what a template would turn into "[object Object]"; the rest reads well.
      '@typescript-eslint/restrict-template-expressions': 'off',
      // It refuses to narrow an `any` at the boundary where it comes in, which is what we want.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      ...restrictImports(noTesting),
      ...restrictSyntax(),
    },
  },
  { files: sourcesOf(portable), rules: restrictImports(noTesting, noNode) },
  { files: sourcesOf(contracts), rules: restrictImports(noTesting, noNode, onlyZod) },
  {
    files: contracts.map(({ root }) => `${root}/src/workflow/**/*.ts`),
    rules: restrictImports(noTesting, noNode, onlyTemporalWorkflow),
  },
  { files: sourcesOf(orchestrator), rules: restrictImports(noTesting, noServices) },
  {
    files: sourcesOf([...orchestrator, ...workers, ...tagged('scope:shared', 'type:infrastructure'), ...contracts]),
    rules: restrictSyntax(noAdminRoute),
  },
  {
    files: apps.map(({ root }) => `${root}/src/workflows/**/*.ts`),
    rules: {
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      ...restrictImports(onlyWorkflowImports, activitiesAsTypes),
      ...restrictSyntax(noAdminRoute, noDynamicImport),
    },
  },
  // What a library offers to the tests of others.
  {
    files: ['libs/testing/src/**/*.ts', 'libs/**/src/testing/**/*.ts'],
    rules: { '@nx/enforce-module-boundaries': moduleBoundaries(true), ...restrictImports() },
  },
  {
    files: tests,
    rules: {
      '@nx/enforce-module-boundaries': moduleBoundaries(true),
      // What a test reads from a reply or a fixture is asserted, not typed.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'max-lines-per-function': 'off',
      ...restrictImports(),
      ...restrictSyntax(),
    },
  },
  // What Jest calls around a whole run must be a default export.
  { files: ['libs/testing/src/global-*.ts'], rules: { 'no-restricted-syntax': 'off' } },
  // Config files stand outside every tsconfig and are read by tools that ask for a default export.
  { files: ['**/*.config.ts'], ignores: ['**/src/**'], extends: [ts.configs.disableTypeChecked] },
  { files: ['**/*.config.{ts,js,mjs}'], ignores: ['**/src/**'], rules: { 'no-restricted-syntax': 'off' } },
  prettier,
);
