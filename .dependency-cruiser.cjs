/** Which part may know of which; ARCHITECTURE.md draws the same arrows. */

const tests = String.raw`(\.test\.tsx?$|\.fixture\.ts$|^[^/]+/[^/]+/(test|src/testing)/|^e2e/|^bench/|^chaos/|^attack/)`;

/** A package's own folder, and the workspace packages that its source may import. */
const workspaces = [
  { folder: 'packages/contracts', may: [] },
  { folder: 'packages/local-postgres', may: [] },
  { folder: 'packages/local-nats', may: ['packages/local-postgres'] },
  {
    folder: 'packages/testkit',
    may: ['packages/contracts', 'packages/service-kit', 'packages/local-postgres', 'packages/local-nats'],
  },
  { folder: 'packages/service-kit', may: ['packages/contracts'] },
  { folder: 'packages/sdk-js', may: ['packages/contracts'] },
  { folder: 'packages/sdk-react', may: ['packages/contracts', 'packages/sdk-js'] },
  { folder: 'packages/sdk-server', may: ['packages/contracts'] },
  { folder: 'services/[^/]+', may: ['packages/contracts', 'packages/service-kit'] },
];

const importRules = workspaces.map(({ folder, may }) => ({
  name: `imports-of-${folder.replace(/[^a-z]+/g, '-')}`,
  comment: `${folder} imports ${may.length === 0 ? 'no other part' : `only ${may.join(', ')}`}`,
  severity: 'error',
  from: { path: `^(${folder})/`, pathNot: tests },
  to: {
    path: '^(packages|services|apps|examples|e2e|bench|chaos|attack)/',
    pathNot: ['^$1/', ...may.map((other) => `^${other}/`)],
  },
}));

module.exports = {
  forbidden: [
    ...importRules,
    {
      name: 'services-know-nothing-of-each-other',
      comment: 'services talk over the bus, in tests too; what needs both lives in apps/parley or e2e',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'testkit-is-for-tests',
      severity: 'error',
      from: { path: '^(packages|services|apps|examples)/', pathNot: [tests, '^packages/testkit/'] },
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'source-imports-no-test',
      severity: 'error',
      from: { path: '/src/', pathNot: tests },
      to: { path: String.raw`\.test\.tsx?$|\.fixture\.ts$` },
    },
    {
      name: 'contracts-depend-on-nothing',
      comment: 'contracts ship to browsers; only the schemas know zod',
      severity: 'error',
      from: { path: '^packages/contracts/src/', pathNot: [tests, '^packages/contracts/src/schemas/'] },
      to: { path: 'node_modules', dependencyTypesNot: ['core'] },
    },
    {
      name: 'schemas-know-only-zod',
      severity: 'error',
      from: { path: '^packages/contracts/src/schemas/', pathNot: tests },
      to: { path: 'node_modules', pathNot: 'node_modules/zod/' },
    },
    {
      name: 'browser-packages-use-no-node',
      severity: 'error',
      from: { path: '^packages/(contracts|sdk-js|sdk-react)/src/', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'a-repository-belongs-to-its-module',
      comment: "a module calls another module's service, never its repository",
      severity: 'error',
      from: { path: '^services/api/src/modules/([^/]+)/', pathNot: tests },
      to: { path: '^services/api/src/modules/[^/]+/repository', pathNot: '^services/api/src/modules/$1/' },
    },
    {
      name: 'repositories-stay-below-graphql',
      comment: 'resolvers call services',
      severity: 'error',
      from: { path: String.raw`^services/api/src/(graphql/|modules/[^/]+/(schema|refs)\.ts$|server\.ts$)` },
      to: { path: '^services/api/src/modules/[^/]+/repository' },
    },
    {
      name: 'services-know-no-graphql',
      comment: 'main → server → graphql → modules/*/schema → service → repository',
      severity: 'error',
      from: { path: '^services/api/src/(modules/[^/]+/(service|repository)|platform/)', pathNot: tests },
      to: { path: String.raw`^services/api/src/(graphql/|server\.ts|modules/[^/]+/schema\.ts)` },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: String.raw`(^|/)(dist|\.turbo|\.vitepress)/` },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@parley/source', 'import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mts', '.mjs', '.js', '.cjs', '.json', '.css'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
