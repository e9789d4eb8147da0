// See list.mjs for what the fields mean.
const interest = 'services/fanout/src/interest';
const sessions = 'services/fanout/src/sessions';

export const fanoutMutants = [
  {
    id: 'event-twice-at-the-seam',
    group: 'seam',
    breaks: 'the last event of a replay comes once more when the subscription is live',
    file: `${interest}/channel-subscription.ts`,
    before: 'this.#live && event.seq > this.#position',
    after: 'this.#live && event.seq >= this.#position',
    tests: [`${interest}/channel-replay.test.ts`],
  },
  {
    id: 'position-ahead-of-the-log',
    group: 'seam',
    breaks: 'who comes with a position of a history that is no more waits for ever',
    file: `${interest}/channel-subscription.ts`,
    before: 'if (isForeign || this.#position < floor || this.#position > head) this.reset(head);',
    after: 'if (isForeign || this.#position < floor) this.reset(head);',
    tests: [`${interest}/channel-replay.test.ts`, `${interest}/epoch.test.ts`],
  },
  {
    id: 'known-events-replayed',
    group: 'dedupe',
    breaks: 'events that a subscriber has come again with the next page of its replay',
    file: `${interest}/channel-subscription.ts`,
    before: 'if (event.seq <= this.#position) continue;',
    after: '',
    tests: [`${interest}/channel-replay.test.ts`],
  },
  {
    id: 'holes-passed-over',
    group: 'gap',
    breaks: 'an event after a hole is delivered before the hole is filled',
    file: `${interest}/sequencer.ts`,
    before: 'if (this.#head !== null && event.seq === this.#head + 1) {',
    after: 'if (this.#head !== null && event.seq > this.#head) {',
    tests: [`${interest}/sequencer.test.ts`],
  },
  {
    id: 'socket-outlives-revocation',
    group: 'revocation',
    breaks: 'a socket whose token bears a time ahead of now outlives the revocation',
    file: `${sessions}/registry.ts`,
    before: 'if (Math.min(issuedAt, checkedAt) * 1_000 <= Date.parse(issuedBefore))',
    after: 'if (issuedAt * 1_000 <= Date.parse(issuedBefore))',
    tests: [`${sessions}/access.test.ts`],
  },
  {
    id: 'revoked-key-of-another',
    group: 'revocation',
    breaks: 'the revocation of one key closes the sockets of all keys',
    file: `${sessions}/registry.ts`,
    before: 'if (keyId === null || keyId === session.principal.keyId)',
    after: 'if (keyId !== undefined)',
    tests: [`${sessions}/token.test.ts`],
  },
];
