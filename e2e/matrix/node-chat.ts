import type { Place } from './consumer.ts';

/** What the programs below read. */
export const environmentOf = ({ platform, channelId }: Place): Record<string, string> => ({
  PARLEY_URL: platform.graphqlUrl,
  PARLEY_KEY: platform.apiKey,
  PARLEY_SECRET: platform.apiSecret,
  PARLEY_CHANNEL: channelId,
});

const body = (types: { readonly text: string; readonly error: string }) => `
async function chat() {
  const { PARLEY_URL: url = '', PARLEY_KEY: keyId = '', PARLEY_SECRET: secret = '', PARLEY_CHANNEL = '' } = process.env;
  const server = createServerClient({ url, keyId, secret });
  const person = (id${types.text}) => createClient({ url, userId: id, getToken: () => server.mintUserToken(id) });
  const [ada, bob] = [person('ada'), person('bob')];
  const text = 'Hello at ' + Date.now();
  try {
    const theirs = bob.channel(PARLEY_CHANNEL);
    theirs.watch();
    await theirs.ready();
    const arrived = new Promise((resolve) => {
      theirs.messages.subscribe(() => {
        const newest = theirs.messages.get().items.at(-1);
        if (newest !== undefined && newest.text === text) resolve(newest);
      });
    });
    const mine = ada.channel(PARLEY_CHANNEL);
    mine.watch();
    await mine.ready();
    await mine.send(text);
    await arrived;
    try {
      ada.channel('no type');
      throw new Error('a wrong id was taken');
    } catch (error${types.error}) {
      if (!(error instanceof ParleyError)) throw error;
      if (error.code !== 'invalid_input') throw error;
    }
    return 'bob has it';
  } finally {
    ada.disconnect();
    bob.disconnect();
  }
}
`;
const untyped = { text: '', error: '' };

/** Ada writes to Bob. CommonJS that exports \`chat\`. */
export const requiringChat = `
const { createClient, ParleyError } = require('@parley/sdk-js');
const { createServerClient } = require('@parley/sdk-server');
${body(untyped)}
module.exports = { chat };
`;

/** Runs it, and mixes its copies with those of an ES module: each knows the errors of the other. */
export const runRequiringChat = `
const { chat } = require('./chat.cjs');
const { ParleyError, createClient } = require('@parley/sdk-js');
const contracts = require('@parley/contracts');
const server = require('@parley/sdk-server');
chat().then(async (said) => {
  const modules = await import('@parley/sdk-js');
  const errorOf = (act) => { try { act(); } catch (error) { return error; } };
  const options = { url: 'http://127.0.0.1:1/graphql', token: 'none' };
  const theirs = errorOf(() => modules.createClient(options).channel('none'));
  const mine = errorOf(() => createClient(options).channel('none'));
  if (modules.ParleyError === ParleyError) throw new Error('there is one copy, so this proves nothing');
  for (const one of [ParleyError, modules.ParleyError, contracts.ParleyError, server.ParleyError])
    for (const error of [theirs, mine]) if (!(error instanceof one)) throw new Error('one copy does not know the errors of another');
  console.log(said);
}).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
`;

/** The same in TypeScript. */
export const typedChat = `
import { createClient, ParleyError } from '@parley/sdk-js';
import { createServerClient } from '@parley/sdk-server';
${body({ text: ': string', error: ': unknown' })}
chat().then((said) => console.log(said));
`;
