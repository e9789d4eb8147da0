import type { Dialect } from './light-client.ts';

export const userHost = 'users.localhost';
export const mucHost = 'rooms.localhost';
const room = `bench@${mucHost}`;

interface Step {
  readonly heard: string;
  /** Absent: there is nothing more to do. */
  readonly answer?: string;
}

/** What a server says, and what is answered to it: the log-in of nobody in particular, then the room. */
const talk = (index: number): readonly Step[] => [
  {
    heard: '</stream:features>',
    answer: "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>",
  },
  { heard: '<success', answer: stream },
  {
    heard: '</stream:features>',
    answer: "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
  },
  {
    heard: '</iq>',
    answer:
      `<presence to='${room}/user-${index}'><x xmlns='http://jabber.org/protocol/muc'>` +
      "<history maxstanzas='0'/></x></presence>",
  },
  // The subject comes last when one enters a room, also when there is none.
  { heard: '<subject' },
];

const stream =
  `<?xml version='1.0'?><stream:stream to='${userHost}' version='1.0' xmlns='jabber:client' ` +
  "xmlns:stream='http://etherx.jabber.org/streams'>";
const message = Buffer.from('</message>');

/** XMPP in plain TCP, an occupant of one room. Nothing is parsed: the end of what is waited for is searched in the bytes. */
export function xmpp(index: number): Dialect {
  const steps = talk(index);
  let step = 0;
  return {
    greeting: stream,
    upgrades: false,
    next(data, from) {
      const awaited = steps[step]?.heard ?? message;
      const found = data.indexOf(awaited, from);
      if (found >= 0) return { type: step, start: from, end: found + awaited.length };
      if (step < steps.length && /<failure|<stream:error|type='error'/.test(data.toString('latin1', from)))
        throw new Error(`unable to measure; ${data.toString('utf8', from)}`);
      return null;
    },
    isMessage: ({ type }) => type === steps.length,
    opened: () => undefined,
    heard(client, { type }) {
      const done = steps[type];
      if (done === undefined) return;
      step = type + 1;
      if (done.answer === undefined) client.markReady();
      else client.send(Buffer.from(done.answer));
    },
  };
}

/** For all in the room; `text` needs no escaping. */
export const xmppMessage = (seq: number, text: string): Buffer =>
  Buffer.from(`<message to='${room}' type='groupchat' id='${seq}'><body>${text}</body></message>`);
