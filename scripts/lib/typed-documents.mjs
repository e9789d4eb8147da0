import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import * as operations from '@graphql-codegen/typescript-operations';
import { buildASTSchema, Kind, parse, print, stripIgnoredCharacters, validate, visit } from 'graphql';

// A package's `src/**/*.graphql` becomes one module: each document as a string, with the types of its data and its variables.
const root = fileURLToPath(new URL('../..', import.meta.url));
const target = 'src/operations/documents.ts';
const packages = ['packages/sdk-js'];

const config = {
  arrayInputCoercion: false,
  avoidOptionals: { field: true },
  immutableTypes: true,
  inlineFragmentTypes: 'combine',
  mergeFragmentTypes: false,
  scalars: { ID: 'string', JSONObject: 'JsonObject', DateTime: 'string', Seq: 'number' },
  skipTypename: true,
  strictScalars: true,
};

/** The text of the module. @throws when a document does not fit the schema */
export async function typedDocuments(folder) {
  const schema = parse(readFileSync(join(root, 'services/api/schema.graphql'), 'utf8'));
  const files = globSync('src/**/*.graphql', { cwd: folder }).sort();
  const documents = files.map((location) => ({
    location,
    document: parse(readFileSync(join(folder, location), 'utf8')),
  }));
  const definitions = documents.flatMap(({ document }) => document.definitions);
  const schemaAst = buildASTSchema(schema);
  const errors = validate(schemaAst, { kind: Kind.DOCUMENT, definitions });
  if (errors.length > 0)
    throw new Error(errors.map(({ message }) => `unable to type documents; ${message}`).join('\n'));
  const types = await codegen({
    schema,
    schemaAst,
    documents,
    filename: target,
    plugins: [{ operations: {} }],
    pluginMap: { operations },
    config,
  });
  const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const known = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  return formatted(
    join(folder, target),
    [
      '// Made of the .graphql files of this package by scripts/lib/typed-documents.mjs; do not edit.',
      "import type { JsonObject } from '@parley/contracts';",
      "import type { TypedDocument } from './typed-document.ts';\n",
      cleaned(types),
      ...fragments.map((fragment) => `const ${constantOf(fragment)} = '${minified(fragment)}';`),
      ...definitions
        .filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
        .map((operation) => exported(operation, known)),
    ].join('\n'),
  );
}

function exported(operation, known) {
  const name = operation.name.value;
  const kind = capitalised(operation.operation);
  const type = `${capitalised(name)}${kind}`;
  const fragments = spread(operation, known).map((fragment) => `\${${constantOf(fragment)}}`);
  return `export const ${uncapitalised(name)}${kind} = \`${minified(operation)}${fragments.join('')}\` as TypedDocument<${type}, ${type}Variables>;`;
}

/** The fragments that a document needs, each once. */
function spread(definition, known, found = new Map()) {
  visit(definition, {
    FragmentSpread({ name: { value } }) {
      if (found.has(value)) return;
      found.set(value, known.get(value));
      spread(known.get(value), known, found);
    },
  });
  return [...found.values()];
}

const minified = (definition) => stripIgnoredCharacters(print(definition));
const constantOf = ({ name: { value } }) => uncapitalised(value);
const capitalised = (text) => text[0].toUpperCase() + text.slice(1);
const uncapitalised = (text) => text[0].toLowerCase() + text.slice(1);

/** Without the helpers for features that no document uses. */
const cleaned = (types) =>
  types
    .replace(/\/\*\* Internal type\. DO NOT USE DIRECTLY\. \*\/\nexport type Incremental<.*\n/, '')
    .replace('/** Internal type. DO NOT USE DIRECTLY. */\n', '');

const formatted = (path, text) =>
  execFileSync(join(root, 'node_modules/.bin/biome'), ['format', `--stdin-file-path=${path}`], {
    input: text,
    cwd: root,
    encoding: 'utf8',
  });

async function main() {
  const check = process.argv.includes('--check');
  for (const name of packages) {
    const folder = join(root, name);
    const path = join(folder, target);
    const text = await typedDocuments(folder);
    if (!check) writeFileSync(path, text);
    else if (readFileSync(path, 'utf8') !== text) {
      console.error(`unable to pass; ${name}/${target} differs from the documents, run: npm run check -- --update`);
      process.exitCode = 1;
    }
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
