import { createClient } from '@parley/sdk-js';
import { localPlatform } from './local-platform.ts';

const client = createClient(localPlatform('ada'));
const channel = client.channel('messaging:welcome');
channel.watch();
channel.on((event) => {
  if (event.__typename === 'MessageCreated') console.log(`${event.message.user?.name}: ${event.message.text}`);
});
await channel.ready();
await channel.send('Hello from Node!');
