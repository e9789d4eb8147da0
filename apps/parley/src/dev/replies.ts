interface Script {
  readonly heard: RegExp;
  readonly reaction?: string;
  /** Taken in turn, so that asking twice does not sound like a tape. */
  readonly answers: readonly string[];
}

const scripts: readonly Script[] = [
  {
    heard: /\b(hi|hello|hey|howdy|hiya|good (morning|afternoon|evening)|welcome)\b|👋/i,
    reaction: '👋',
    answers: [
      'Hi {name}! Good to see you. I am a small script on the other side of a real socket.',
      'Hello again, {name}! Open this page as somebody else in a second browser and we are three.',
    ],
  },
  {
    heard: /\b(thanks|thank you|thx|cheers)\b/i,
    reaction: '❤️',
    answers: ['Any time, {name}.', 'You are welcome!'],
  },
  {
    heard: /\b(bye|goodbye|see you|good night|later)\b/i,
    reaction: '👋',
    answers: ['See you, {name}! The messages will still be here.', 'Bye! They are all in Postgres until you are back.'],
  },
  {
    heard: /\b(offline|lost|reconnect|network|resume|missed?)\b/i,
    answers: [
      'Close the tab, let somebody write, open it again: you get what you missed, in order and once.',
      'Every event of a channel has a number. A client that was away asks for what follows its last one.',
    ],
  },
  {
    heard: /\b(react|graphql|sdk|api|code|token|hook|component)s?\b/i,
    answers: [
      'The address of this page serves the API too: POST /graphql for queries, the same path as a WebSocket for events.',
      'The page you are looking at is `<Messenger/>` from sdk-react. The README has the ten lines around it.',
    ],
  },
  {
    heard: /\b(who|what) are you\b|\bare you (real|human|a bot|an? ai)\b/i,
    answers: ['A script with manners: I read, I type, I answer. Everything that carries my words to you is real.'],
  },
  {
    heard: /\?\s*$/,
    answers: [
      'Good question, {name}. I only know a few things: try asking about the API, or about going offline.',
      'I would have to look that up, and I am a short script. What does the README say?',
    ],
  },
];

const otherwise: readonly string[] = [
  'Got it, {name}. Hover over a message to react to it or to quote it.',
  'Noted! While I was typing this you should have seen it.',
  'I see. The tick beside your message says that I have read it.',
];

const scriptFor = (text: string): Script | undefined => scripts.find(({ heard }) => heard.test(text));

/** The reaction that a message gets before any answer, if one fits. */
export const reactionTo = (text: string): string | null => scriptFor(text)?.reaction ?? null;

/** Chooses what to answer; each topic goes through its own answers in turn. */
export function createReplies(): (text: string, name: string) => string {
  const said = new Map<readonly string[], number>();
  return (text, name) => {
    const answers = scriptFor(text)?.answers ?? otherwise;
    const turn = said.get(answers) ?? 0;
    said.set(answers, turn + 1);
    return (answers[turn % answers.length] ?? '').replaceAll('{name}', name);
  };
}
