import { globSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { root } from './ensure-install.mjs';

// What somebody writes may be a word that every object knows: "__proto__", "constructor", "toString". No linter at hand tells a key that is any
// text from a position in a list or from one of a few known words; the types do.
const options = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2024.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  customConditions: ['@parley/source'],
  jsx: ts.JsxEmit.ReactJSX,
  types: [],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  allowImportingTsExtensions: true,
};

const anyText = ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral | ts.TypeFlags.StringMapping | ts.TypeFlags.Any;

/** Where any text chooses a property: `object[text]`, `text in object`, and `Object.assign`, to which the key "__proto__" is a prototype. */
export function textKeys(files) {
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();
  const typesOf = (node) => {
    const type = checker.getTypeAtLocation(node);
    const bound = checker.getBaseConstraintOfType(type) ?? type;
    return bound.isUnion() ? bound.types : [bound];
  };
  const isText = (node) => typesOf(node).some(({ flags }) => (flags & anyText) !== 0);
  const isList = (node) => typesOf(node).every((type) => checker.isArrayType(type) || checker.isTupleType(type));
  const hasTextKeys = (node) =>
    typesOf(node).some((type) => checker.getIndexInfosOfType(type).some(({ keyType }) => keyType.flags & anyText));

  const cureOf = (node) => {
    if (ts.isElementAccessExpression(node)) {
      const wrong = isText(node.argumentExpression) && !isList(node.expression) && !isOwn(node);
      return wrong ? 'use a Map, or ownValue of @parley/contracts' : undefined;
    }
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InKeyword)
      return isText(node.left) ? 'use Object.hasOwn' : undefined;
    if (ts.isCallExpression(node) && node.expression.getText() === 'Object.assign')
      return node.arguments.slice(1).some(hasTextKeys) ? 'spread into a new object' : undefined;
    return undefined;
  };

  return files.flatMap((file) => {
    const source = program.getSourceFile(file);
    const found = [];
    const visit = (node) => {
      const cure = cureOf(node);
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      if (cure !== undefined) found.push({ file, line: line + 1, code: node.getText(source).split('\n')[0], cure });
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

/** `Object.hasOwn(object, key) ? object[key] : …` */
const isOwn = ({ expression, argumentExpression, parent }) =>
  ts.isConditionalExpression(parent) &&
  parent.condition.getText() === `Object.hasOwn(${expression.getText()}, ${argumentExpression.getText()})`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const files = globSync('{packages,services,apps,examples}/**/*.{ts,tsx}', { cwd: root })
    .filter((file) => !/(?:^|\/)(?:node_modules|dist|test)\/|\.(?:test|fixture)\.tsx?$|\.d\.ts$/.test(file))
    .map((file) => join(root, file));
  for (const { file, line, code, cure } of textKeys(files)) {
    process.stdout.write(`${relative(root, file)}:${line}: ${code}\n  ${cure}\n`);
    process.exitCode = 1;
  }
}
