import { createClient } from '@parley/sdk-js';
import { tokenFor } from './token.ts';

const url = process.env['PARLEY_URL'] ?? 'http://127.0.0.1:4000/graphql';
const client = createClient({ url, getToken: () => tokenFor(url, 'ada') });
const channel = client.channel('messaging:welcome');
channel.watch();
await channel.ready();
channel.on((e) => e.__typename === 'MessageCreated' && console.log(`${e.message.user?.name}: ${e.message.text}`));
await channel.send('Hello from Node!');
// Grace, the simulated peer of `parley dev`, answers within some seconds.
setTimeout(() => client.disconnect(), 8_000);
