import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chats } from './two-people-chat.ts';
import { startWorld, type World } from './world.ts';

describe('two people on one node', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world?.close());

  test.for(Object.entries(chats))('%s', async ([, chat]) => {
    expect.hasAssertions();
    const app = await world.app();
    await chat({ app, ada: app.person('ada'), bob: app.person('bob') });
  });
});
