import assert from 'node:assert/strict';
import { join } from 'node:path';
import { bin, type Consumer, type Place, run } from './consumer.ts';
import { environmentOf, requiringChat, runRequiringChat, typedChat } from './node-chat.ts';

/** A Node of that version for this machine, by npm. */
const nodePackage = `node-${process.platform}-${process.arch}`;

const hasIt = (output: string) => assert.match(output, /bob has it/);

export const nodeCommonJs: Consumer = {
  name: 'node-20.10-require',
  // The other zod, so that a package which asks for its own would be installed twice.
  dependencies: { [nodePackage]: '20.10.0', zod: '3.25.76' },
  files: () => ({ 'chat.cjs': requiringChat, 'main.cjs': runRequiringChat }),
  async chat(place) {
    const node = join(place.folder, 'node_modules', nodePackage, 'bin', 'node');
    assert.match(await run(place.folder, node, ['--version']), /v20\.10\.0/);
    hasIt(await run(place.folder, node, ['main.cjs'], environmentOf(place)));
  },
};

export const jest: Consumer = {
  name: 'jest-30',
  dependencies: { jest: '30.5.2', react: '19.3.1', 'react-dom': '19.3.1' },
  files: () => ({
    'chat.cjs': requiringChat,
    'chat.test.js': `
      const { Messenger, ParleyError } = require('@parley/sdk-react');
      test('ada writes to bob', async () => {
        expect(await require('./chat.cjs').chat()).toBe('bob has it');
        expect(require('@parley/sdk-js').ParleyError).toBe(ParleyError);
        expect(typeof Messenger).toBe('function');
      });`,
  }),
  async chat(place) {
    await run(place.folder, bin(place.folder, 'jest'), ['--ci'], environmentOf(place));
  },
};

const page = `
import { type ChannelQuery, type Client, createClient, Messenger, type MessageView, useMessages } from '@parley/sdk-react';
import { messageText } from '@parley/contracts/client-limits';
import '@parley/sdk-react/styles.css';
const client: Client = createClient({ url: 'http://127.0.0.1:4000/graphql', token: 'none' });
const query: ChannelQuery = { filter: { type: { eq: 'messaging' } } };
export function Last() {
  const last: MessageView | undefined = useMessages().items.at(-1);
  return <p>{last?.text.slice(0, messageText)}</p>;
}
export const Page = () => <Messenger client={client} query={query} />;
`;

/** The strictest settings; \`skipLibCheck\` off, so that the types of the packages are checked as well. */
const strict = (more: object) =>
  JSON.stringify({
    compilerOptions: {
      target: 'ES2022',
      lib: ['ES2022', 'DOM', 'DOM.Iterable'],
      jsx: 'react-jsx',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noImplicitOverride: true,
      noPropertyAccessFromIndexSignature: false,
      skipLibCheck: false,
      types: ['node'],
      ...more,
    },
    files: ['chat.cts', 'chat.mts', 'page.tsx'],
  });

/** Every way of finding packages that this version has. */
export const typeScriptFiles = (resolutions: readonly string[]) => ({
  'chat.cts': typedChat,
  'chat.mts': typedChat,
  'page.tsx': page,
  'tsconfig.json': strict({ module: 'NodeNext', moduleResolution: 'NodeNext', outDir: 'out' }),
  ...Object.fromEntries(
    resolutions.map((name) => {
      const module = name === 'node10' ? 'CommonJS' : 'ESNext';
      return [`tsconfig.${name}.json`, strict({ module, moduleResolution: name, noEmit: true })];
    }),
  ),
});

const typescript = (version: string, resolutions: readonly string[], types: Record<string, string>): Consumer => ({
  name: `typescript-${version}`,
  dependencies: { typescript: version, react: '19.3.1', 'react-dom': '19.3.1', ...types },
  files: () => typeScriptFiles(resolutions),
  chat: (place) => checkAndChat(place, [bin(place.folder, 'tsc')], resolutions),
});

/** Checks with each resolution, and runs what was emitted as CommonJS and as an ES module. */
export async function checkAndChat(place: Place, tsc: readonly string[], resolutions: readonly string[]) {
  const [program = '', ...args] = tsc;
  for (const name of resolutions) await run(place.folder, program, [...args, '-p', `tsconfig.${name}.json`]);
  await run(place.folder, program, [...args, '-p', 'tsconfig.json']);
  for (const file of ['out/chat.cjs', 'out/chat.mjs'])
    hasIt(await run(place.folder, process.execPath, [file], environmentOf(place)));
}

export const typescript5 = typescript('5.0.4', ['bundler', 'node10'], {
  '@types/node': '20.10.0',
  '@types/react': '18.2.48',
  '@types/react-dom': '18.2.18',
  '@types/scheduler': '0.16.8',
});
export const typescript7 = typescript('7.0.2', ['bundler'], {
  '@types/node': '24.19.2',
  '@types/react': '19.3.0',
  '@types/react-dom': '19.3.0',
});
