/** Which part may know of which; ARCHITECTURE.md draws the same arrows. */

const tests = String.raw`(\.test\.tsx?$|\.fixture\.ts$|^[^/]+/[^/]+/(test|src/testing)/|^e2e/|^bench/|^chaos/|^attack/)`;

/** A package's own folder, and the workspace packages that its source may import. */
const workspaces = [
  { folder: 'packages/contracts', may: [] },
  { folder: 'packages/schemas', may: ['packages/contracts'] },
  { folder: 'packages/local-postgres', may: [] },
  { folder: 'packages/local-nats', may: ['packages/local-postgres'] },
  {
    folder: 'packages/testkit',
    may: ['packages/contracts', 'packages/service-kit', 'packages/local-postgres', 'packages/local-nats'],
  },
  { folder: 'packages/service-kit', may: ['packages/contracts'] },
  { folder: 'packages/sdk-js', may: ['packages/contracts'] },
  { folder: 'packages/graphql-links', may: [] },
  { folder: 'packages/sdk-react', may: ['packages/contracts', 'packages/sdk-js'] },
  { folder: 'packages/sdk-server', may: ['packages/contracts'] },
  { folder: 'services/[^/]+', may: ['packages/contracts', 'packages/schemas', 'packages/service-kit'] },
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
      comment: 'contracts ship to browsers; only packages/schemas, which is for services, knows zod',
      severity: 'error',
      from: { path: '^packages/contracts/src/', pathNot: tests },
      to: { path: 'node_modules', dependencyTypesNot: ['core'] },
    },
    {
      name: 'schemas-know-only-zod',
      severity: 'error',
      from: { path: '^packages/schemas/src/', pathNot: tests },
      to: { path: 'node_modules', pathNot: 'node_modules/zod/' },
    },
    {
      name: 'browser-packages-use-no-node',
      severity: 'error',
      from: { path: '^packages/(contracts|graphql-links|sdk-js|sdk-react)/src/', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'modules-meet-at-their-index',
      comment:
        "a module is given the services of others and imports their types from index.ts; its schema names others' GraphQL types by refs.ts",
      severity: 'error',
      from: { path: '^services/api/src/modules/([^/]+)/', pathNot: tests },
      to: {
        path: '^services/api/src/modules/[^/]+/',
        pathNot: ['^services/api/src/modules/$1/', String.raw`^services/api/src/modules/[^/]+/(index|refs)\.ts$`],
      },
    },
    {
      name: 'modules-share-no-values',
      comment: 'what several modules need as a value (rules, SQL) lives in domain/',
      severity: 'error',
      from: { path: '^services/api/src/modules/([^/]+)/', pathNot: tests },
      to: {
        path: String.raw`^services/api/src/modules/[^/]+/index\.ts$`,
        pathNot: '^services/api/src/modules/$1/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'only-schemas-name-foreign-types',
      comment:
        'refs.ts holds GraphQL names without fields, so that schemas refer to each other without a circle of imports',
      severity: 'error',
      from: { path: '^services/api/src/modules/([^/]+)/', pathNot: [tests, String.raw`/[a-z-]*schema\.ts$`] },
      to: {
        path: String.raw`^services/api/src/modules/[^/]+/refs\.ts$`,
        pathNot: '^services/api/src/modules/$1/',
      },
    },
    {
      name: 'platform-knows-no-module',
      comment: 'modules → domain → platform',
      severity: 'error',
      from: { path: '^services/api/src/platform/', pathNot: tests },
      to: { path: String.raw`^services/api/src/(modules|domain|graphql|rpc|entities\.ts|module\.ts|foundation\.ts)` },
    },
    {
      name: 'domain-knows-only-the-platform',
      severity: 'error',
      from: { path: '^services/api/src/domain/', pathNot: tests },
      to: { path: '^services/api/src/', pathNot: '^services/api/src/(domain|platform)/' },
    },
    {
      name: 'the-foundation-knows-no-module',
      comment:
        'modules are made from the foundation; the SQL of whole events is what the sweep of the outbox publishes',
      severity: 'error',
      from: { path: String.raw`^services/api/src/foundation\.ts$` },
      to: {
        path: '^services/api/src/(modules|domain|graphql|rpc)/',
        pathNot: String.raw`^services/api/src/modules/messages/whole-events\.ts$`,
      },
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
